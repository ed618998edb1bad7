import { createPublicKey } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, readdir, readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { readContractLock } from '../contract/contractLock.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { GateReportFile, MigrationReport, QualityReport } from '../gates/reports.ts';
import { reviewHazards } from '../governance/hazardStatus.ts';
import { readIncidents } from '../governance/incidents.ts';
import { readCandidate } from '../governance/signOffTool.ts';
import { readTriage } from '../governance/triage.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { hashFile } from '../project/hashFile.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { type Publication, publishing } from '../project/publication.ts';
import { readRequiredText } from '../project/readText.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { type AuditExtract, auditExtract } from './auditExtract.ts';
import { evidenceReport, type ReportFacts } from './evidenceReport.ts';
import { evidenceFiles } from './packFiles.ts';
import {
  canonicalJson,
  fingerprintOf,
  MANIFEST,
  type PackManifest,
  PUBLIC_KEY,
  readManifest,
  SIGNATURE,
  signManifest,
} from './packManifest.ts';
import { packZip } from './packZip.ts';
import { signingKey } from './signingKey.ts';

/** A pack that was built. */
export interface BuiltPack {
  /** As they are written in messages: project-relative, or absolute outside of it. */
  readonly folder: string;
  readonly zip: string;
  readonly manifest: PackManifest;
  readonly fingerprint: string;
  /** Where the key was made, when there was none before. */
  readonly madeKey: string | null;
}

const REPORT = 'report.html';
const HAZARD_LINKS = 'hazard_links.json';
const ENVIRONMENT = 'environment.json';

/**
 * Builds the evidence pack: a folder and a zip of it, published together. The same files and key give the same bytes.
 *
 * @param given folder for the pack (null: one under `evidence/` named after what it proves), and the signing key's file
 * @throws UserError when evidence is missing, the audit log has faults, or the folder holds something else
 */
export async function buildPack(
  context: StageContext,
  given: { readonly out: string | null; readonly keyFile: string },
): Promise<BuiltPack> {
  const { project } = context;
  const sources = await evidenceFiles(project);
  const audit = await auditExtract(project);
  const gates = await readReport(project, ARTEFACTS.gateReport, GateReportFile);
  const asOf = audit.entries.at(-1)?.at_utc ?? gates.run_at_utc;
  const name = `${asOf.slice(0, 19).replaceAll(/[-:]/g, '')}Z-${gates.profile}`;
  const folder = given.out === null ? `evidence/${name}` : given.out.replace(/[/\\]+$/, '');
  const earlier = await earlierFiles(project, folder);
  const { key, made } = await signingKey(project, given.keyFile);
  const publicKey = createPublicKey(key);
  const fingerprint = fingerprintOf(publicKey);
  return publishing(project, async (publication) => {
    const pack = new PackWriter(publication, folder);
    for (const path of sources) {
      throwIfCancelled(context.signal);
      await pack.copy(path, project.at(path));
    }
    const { environment, ...facts } = await readFacts(context, gates, audit);
    await pack.write(ARTEFACTS.auditLog, audit.text);
    await pack.write(
      HAZARD_LINKS,
      `${JSON.stringify({ schema_version: 1, hazards: facts.hazards.hazards }, null, 2)}\n`,
    );
    await pack.write(ENVIRONMENT, `${JSON.stringify({ schema_version: 1, ...environment }, null, 2)}\n`);
    await pack.write(PUBLIC_KEY, publicKey.export({ type: 'spki', format: 'pem' }).toString());
    await pack.write(REPORT, evidenceReport({ ...facts, environment, asOf, fingerprint, files: pack.files() }));
    const manifest: PackManifest = {
      schema_version: 1,
      kind: 'pas-migration-evidence',
      as_of_utc: asOf,
      run_id: gates.run_id,
      profile: gates.profile,
      gate_status: gates.status,
      gates_judged: facts.stale ? 'an_earlier_state' : 'these_files',
      audit: {
        entries: audit.entries.length,
        last_sequence: audit.entries.at(-1)?.sequence ?? 0,
        last_hash: audit.entries.at(-1)?.hash ?? '',
      },
      files: pack.files(),
    };
    const text = canonicalJson(manifest);
    await pack.write(MANIFEST, text);
    await pack.write(SIGNATURE, canonicalJson(signManifest(text, key)));
    const zip = `${folder}.zip`;
    await pipeline(packZip(pack.entries()), createWriteStream(await publication.pathFor(zip)));
    for (const path of earlier) if (!pack.has(path)) publication.remove(`${folder}/${path}`);
    return {
      folder: project.name(folder),
      zip: project.name(zip),
      manifest,
      fingerprint,
      madeKey: made ? project.at(given.keyFile) : null,
    };
  });
}

/** Writes the files of a pack to where they will be published from, and knows their hashes. */
class PackWriter {
  readonly #publication: Publication;
  readonly #folder: string;
  readonly #files = new Map<string, { bytes: number; sha256: string; written: string }>();

  constructor(publication: Publication, folder: string) {
    this.#publication = publication;
    this.#folder = folder;
  }

  async copy(path: string, from: string): Promise<void> {
    const to = await this.#publication.pathFor(`${this.#folder}/${path}`);
    await copyFile(from, to);
    await this.#keep(path, to);
  }

  async write(path: string, text: string): Promise<void> {
    await this.#publication.writeText(`${this.#folder}/${path}`, text);
    await this.#keep(path, await this.#publication.pathFor(`${this.#folder}/${path}`));
  }

  async #keep(path: string, written: string): Promise<void> {
    this.#files.set(path, { ...(await hashFile(written)), written });
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  /** What was written by now, sorted. */
  files(): { path: string; bytes: number; sha256: string }[] {
    return [...this.#files]
      .map(([path, { bytes, sha256 }]) => ({ path, bytes, sha256 }))
      .sort((a, b) => compareText(a.path, b.path));
  }

  entries() {
    return [...this.#files]
      .map(([path, { written }]) => ({ path, open: async () => createReadStream(written) }))
      .sort((a, b) => compareText(a.path, b.path));
  }
}

/** Files of a pack that was built into this folder before. */
async function earlierFiles(project: Project, folder: string): Promise<string[]> {
  const entries = await readdir(project.at(folder), { withFileTypes: true, recursive: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw new UserError(
        `${project.name(folder)}: cannot be used for the pack (${error.code}); name another with --out.`,
      );
    },
  );
  if (entries.length === 0) return [];
  const manifest = readManifest(await readFile(project.at(`${folder}/${MANIFEST}`), 'utf8').catch(() => ''));
  if (manifest === null)
    throw new UserError(
      `${project.name(folder)}: holds something else than an evidence pack; name another folder with --out.`,
    );
  return [MANIFEST, SIGNATURE, ...manifest.files.map(({ path }) => path)];
}

async function readFacts(
  context: StageContext,
  gates: ReportFacts['gates'],
  audit: AuditExtract,
): Promise<Omit<ReportFacts, 'asOf' | 'fingerprint' | 'files'>> {
  const { project } = context;
  const migration = await readReport(project, ARTEFACTS.migrationReport, MigrationReport);
  const quality = await readReport(project, ARTEFACTS.qualityReport, QualityReport);
  const candidate = await readCandidate(project);
  const lock = await readContractLock(project);
  const stats = await readRequiredText(project, ARTEFACTS.migrationTableStats, '');
  const failing = quality.rules.filter(({ status }) => status === 'failed' || status === 'error').length;
  return {
    gates,
    counts: [
      ['Patients loaded', quality.patients],
      ['Rows read by row sets', migration.rows_read],
      ['Rows written', migration.rows_written],
      ['Rows rejected', migration.rows_rejected],
      ['Rows unexplained', migration.rows_unexplained],
      ['Safety-critical rejects', migration.safety_critical_rejects],
      ['Quality rules failing', `${failing} of ${quality.rules.length}`],
    ],
    tables: parseCsvText(stats, ARTEFACTS.migrationTableStats, []).value.records.map(({ cells }) => cells),
    rules: quality.rules,
    signOffs: candidate.states,
    obstacle: candidate.obstacle,
    stale: candidate.stale,
    lock:
      lock === null
        ? 'none'
        : `${lock.lock.name}, by ${lock.lock.locked_by}${lock.matches ? '' : '; the contract changed since'}${lock.refused === null ? '' : `; ${lock.refused}`}`,
    triage: (await readTriage(project)).value,
    hazards: await reviewHazards(project),
    incidents: await readIncidents(project),
    auditLog: audit.entries,
    environment: await environmentOf(context),
  };
}

async function environmentOf(context: StageContext): Promise<Readonly<Record<string, string>>> {
  const engine = await context.openEngine();
  const [row] = await engine.rows('SELECT version() AS version').finally(() => engine.close());
  const { toolVersion, nodeVersion, platform } = context.surroundings;
  return { product: toolVersion, node: nodeVersion, platform, database: `DuckDB ${String(row?.['version'])}` };
}

async function readReport<T>(project: Project, path: string, shape: { parse(value: unknown): T }): Promise<T> {
  try {
    return shape.parse(JSON.parse(await readRequiredText(project, path, '')));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: cannot be understood; run the stage that makes it again.`);
  }
}
