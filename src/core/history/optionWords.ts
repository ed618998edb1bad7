import { counted } from '../shared/counted.ts';

/** Options of a run that people know it by; a command has some of them. */
export interface KnownOptions {
  readonly rows?: unknown;
  readonly seed?: unknown;
  readonly min_patients?: unknown;
  readonly release_profile?: unknown;
  readonly profile?: unknown;
  readonly impute_mode?: unknown;
  readonly source_dir?: unknown;
}

/** Stages that a lifecycle run with mock data to make may start at. */
const BEFORE_MOCK_DATA: ReadonlySet<string> = new Set(['extract-specs', 'generate-mock-data']);

/**
 * The options of a run in words, as `200 rows, seed 42, at least 20 patients, pre_production`.
 *
 * @param from the stage that a lifecycle run starts at; what only earlier stages use is left out
 */
export function optionWords(options: KnownOptions, from?: string): string {
  const { rows, seed, min_patients: least, release_profile, profile = release_profile, impute_mode: impute } = options;
  const { source_dir: source } = options;
  const makes = from === undefined || BEFORE_MOCK_DATA.has(from);
  const judges = from !== 'run-release-gates';
  const migrates = judges && from !== 'run-enterprise-pipeline';
  return [
    ...(makes && rows !== undefined ? [counted(Number(rows), 'row')] : []),
    ...(makes && seed !== undefined ? [`seed ${seed}`] : []),
    ...(judges && least !== undefined ? [`at least ${counted(Number(least), 'patient')}`] : []),
    ...(profile === undefined ? [] : [String(profile)]),
    ...(impute === undefined ? [] : [`imputation ${impute}`]),
    ...(migrates && source !== undefined ? [`source ${source}`] : []),
  ].join(', ');
}
