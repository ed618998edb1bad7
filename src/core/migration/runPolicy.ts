import { addCounts, countsInWords, dataClassOf, type NhsNumberCounts, NO_NUMBERS } from '../connectors/dataClass.ts';
import { mockFileHashes, originOf, type SourceOrigin } from '../connectors/extractManifest.ts';
import { connectorPolicy, dataPolicy, type ReleaseProfile } from '../connectors/policy.ts';
import type { Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import type { ImputeMode } from './plan.ts';

/**
 * What a run is for: as it was said, or as the impute mode says. Null when nobody said: such a run is no rehearsal and no
 * cutover; the gates and the load decide what it may be used for.
 */
export function profileOf(said: ReleaseProfile | undefined, impute: ImputeMode): ReleaseProfile | null {
  return said ?? (impute === 'off' ? null : impute);
}

/** Keeps the connector and data policy during one run, and gathers what the report tells of it. */
export class RunPolicy {
  readonly #profile: ReleaseProfile | null;
  readonly #origin: SourceOrigin;
  readonly #mockHashes: ReadonlySet<string>;
  #counts: NhsNumberCounts = NO_NUMBERS;
  #mockFiles = 0;

  private constructor(profile: ReleaseProfile | null, origin: SourceOrigin, mockHashes: ReadonlySet<string>) {
    this.#profile = profile;
    this.#origin = origin;
    this.#mockHashes = mockHashes;
  }

  /** @throws UserError when the connector that the extract came from may not be used for the profile */
  static async of(project: Project, directory: string, profile: ReleaseProfile | null): Promise<RunPolicy> {
    const origin = await originOf(project, directory);
    const line = profile === null ? null : connectorPolicy(origin.stage, profile);
    if (line?.allowed === false)
      throw new UserError(
        `${project.name(directory)}: was extracted by ${origin.connector} (${origin.stage}), which a ${profile} run may not use. ${line.reason}`,
      );
    return new RunPolicy(profile, origin, await mockFileHashes(project, directory));
  }

  /**
   * Takes note of a source file.
   *
   * @throws UserError when a rehearsal would read a real patient: nothing of the run is then kept
   */
  saw(counts: NhsNumberCounts, sha256: string): void {
    this.#counts = addCounts(this.#counts, counts);
    if (this.#mockHashes.has(sha256)) this.#mockFiles += 1;
    const real = dataPolicy('real', this.#profile ?? 'cutover_ready');
    if (this.#counts.outside > 0 && !real.allowed)
      throw new UserError(
        `The extract is refused for a ${this.#profile} run: ${countsInWords(this.#counts)}. ${real.reason} Stop, and tell information governance.`,
      );
  }

  /** What must fail the run although it could do its work: invented patients on the way to cutover. */
  get findings(): string[] {
    if (this.#profile === null) return [];
    const line = dataPolicy(this.#class, this.#profile);
    if (line.allowed) return [];
    const files = this.#mockFiles > 0 ? `, and ${this.#mockFiles} files are the mock generator's` : '';
    return [
      `policy: a ${this.#profile} run may not hold ${this.#class} data (${countsInWords(this.#counts)}${files}). ${line.reason}`,
    ];
  }

  get #class() {
    return dataClassOf(this.#counts, this.#mockFiles > 0);
  }

  /** For `contract_migration_report.json`. */
  get evidence() {
    return {
      release_profile: this.#profile,
      connector: {
        connection: this.#origin.connection,
        connector: this.#origin.connector,
        stage: this.#origin.stage,
      },
      data_class: {
        class: this.#class,
        nhs_numbers_in_test_range: this.#counts.inTestRange,
        nhs_numbers_outside: this.#counts.outside,
        mock_generator_files: this.#mockFiles,
      },
    };
  }
}
