import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import type { Catalog, CatalogSide } from '../catalog/catalog.ts';
import { readCatalogText } from '../catalog/catalogFile.ts';
import { defineStage, progressOf, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { type Publication, publishing } from '../project/publication.ts';
import { readOptionalText, readRequiredText } from '../project/readText.ts';
import { throwIfCancelled, UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { hasErrors } from '../shared/problem.ts';
import { EXTRACT_AT_ISO } from './calendar.ts';
import { type CodeBook, Palette, readCodeBook } from './codeBook.ts';
import { lastNumberOf, scenes } from './cohort.ts';
import { MAX_PATIENTS } from './entity.ts';
import { withMergeNumbers } from './mergeNumbers.ts';
import type { World } from './patient.ts';
import { Planter } from './planter.ts';
import { Projection } from './projection.ts';
import { Reference } from './reference.ts';
import { SideWriter, type WrittenFile } from './sideWriter.ts';
import { TableRows } from './tableRows.ts';

const ID = 'generate-mock-data';
const SCHEMA_VERSION = '1.0';
/** Patients between two progress events. */
const PROGRESS_EVERY = 2000;

const options = z.object({
  rows: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_PATIENTS)
    .default(20)
    .describe(
      'Number of patients, 1 to 5,000,000; each brings 25 to 35 source rows, and one in a hundred a second record, merged away.',
    ),
  seed: z.coerce
    .number()
    .int()
    .min(-(2 ** 31))
    .max(2 ** 31 - 1)
    .default(42)
    .describe('Same seed, same data; patient 7 is the same in a cohort of any size.'),
  plant: z
    .enum(['none', 'standard'])
    .default('none')
    .describe('standard puts a known number of defects into the source and lists them in the manifest.'),
});
type Options = z.infer<typeof options>;

/** Generates a coherent synthetic cohort and writes it as every source and target table of the catalogs. */
export const generateMockData = defineStage({
  id: ID,
  title: 'Generate mock data',
  owner: 'etl_engineer',
  summary: 'Writes coherent synthetic patients (NHS numbers from the 999 test range) as every source and target table.',
  example: 'pas-migration generate-mock-data --rows 20 --seed 42',
  options,
  reads: [ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog, ARTEFACTS.crosswalks, ARTEFACTS.codeSets],
  writes: [ARTEFACTS.mockSource, ARTEFACTS.mockTarget, ARTEFACTS.mockManifest],
  run: (context, chosen) => publishing(context.project, (publication) => generate(context, chosen, publication)),
});

interface Inputs {
  readonly source: Catalog;
  readonly target: Catalog;
  readonly codes: CodeBook;
  readonly files: readonly string[];
}

async function generate(context: StageContext, chosen: Options, publication: Publication): Promise<StageResult> {
  const inputs = await readInputs(context);
  const { source, target, codes } = inputs;
  const reference = new Reference(chosen.seed, source, codes);
  const forename = source.fields.find((field) => field.family === 'PMI' && field.concept === 'forename');
  const targetForename = target.fields.find((field) => field.family === 'PMI' && field.concept === 'forename');
  const world: World = {
    seed: chosen.seed,
    reference,
    palette: new Palette(source, codes),
    singleNames: forename?.mandatory !== true && targetForename?.mandatory !== true,
  };
  // `rows` people: records that are merged away come on top.
  const numbered: Options = { ...chosen, rows: lastNumberOf(chosen.seed, chosen.rows) };
  const sides = [
    side(source, source, codes, reference, numbered),
    side(target, source, codes, reference, numbered),
  ] as const;
  const writers = sides.map(({ writer }) => writer);
  try {
    await sides[0].writer.open(publication, ARTEFACTS.mockSource);
    await sides[1].writer.open(publication, ARTEFACTS.mockTarget);
    const planter = chosen.plant === 'standard' ? new Planter(numbered.rows, sides[0].projection) : null;
    await writeCohort(context, world, numbered, sides[0].writer, sides[1].writer, planter);
    const files = [...(await sides[0].writer.finish()), ...(await sides[1].writer.finish())];
    await removeStale(context, publication, files);
    return await report(
      context,
      chosen,
      publication,
      inputs,
      files,
      planter,
      sides.flatMap(({ projection }) => projection.sortedGaps()),
    );
  } finally {
    for (const writer of writers) await writer.abandon();
  }
}

function side(catalog: Catalog, source: Catalog, codes: CodeBook, reference: Reference, { rows, seed }: Options) {
  const tableRows = new TableRows(catalog, codes, reference, seed);
  const projection = new Projection(
    catalog,
    codes,
    reference,
    rows,
    (table) => tableRows.fixed(table),
    (table) => tableRows.patientFamily(table),
    source,
  );
  return { projection, writer: new SideWriter(projection, tableRows) };
}

async function readInputs(context: StageContext): Promise<Inputs> {
  const { project } = context;
  const next = 'Run extract-specs first.';
  const read = async (path: string, of: CatalogSide): Promise<Catalog> => {
    const { value, problems } = readCatalogText(await readRequiredText(project, path, next), path, of);
    if (hasErrors(problems)) throw UserError.from(problems);
    if (value.tables.size === 0)
      throw new UserError(`${path}: describes no table; put the specs in place and run extract-specs again.`);
    return withMergeNumbers(value);
  };
  const source = await read(ARTEFACTS.sourceCatalog, 'source');
  const target = await read(ARTEFACTS.targetCatalog, 'target');
  const { value: codes, problems, files } = await readCodeBook(project);
  if (hasErrors(problems)) throw UserError.from(problems);
  return {
    source,
    target,
    codes,
    files: [ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog, ...files].sort(compareText),
  };
}

/** Patients in order, a scene at a time; the target gets the clean rows, the source the planted ones. */
async function writeCohort(
  context: StageContext,
  world: World,
  { rows }: Options,
  source: SideWriter,
  target: SideWriter,
  planter: Planter | null,
): Promise<void> {
  const progress = progressOf(context, ID);
  let reported = 0;
  for (const { scene, last } of scenes(world, rows)) {
    throwIfCancelled(context.signal);
    await target.write(scene, rows);
    planter?.plant(scene, rows);
    await source.write(scene, rows);
    const done = Math.min(last, rows);
    if (done - reported >= PROGRESS_EVERY || done === rows) {
      reported = done;
      progress('patient records', done, rows, source.rows + target.rows);
    }
    await nextTurn();
  }
}

/** Tables of the previous run that no longer exist lose their files. Only names this stage can have written are touched. */
async function removeStale(
  context: StageContext,
  publication: Publication,
  files: readonly WrittenFile[],
): Promise<void> {
  const text = await readOptionalText(context.project, ARTEFACTS.mockManifest);
  if (text === null) return;
  const kept = new Set(files.map((file) => file.path));
  for (const path of pathsOf(text)) if (!kept.has(path)) publication.remove(path);
}

const manifestPaths = z.object({ files: z.array(z.object({ path: z.string() })) });

function pathsOf(text: string): string[] {
  try {
    const parsed = manifestPaths.safeParse(JSON.parse(text));
    const paths = parsed.success ? parsed.data.files.map((file) => file.path) : [];
    return paths.filter((path) => /^mock_data\/(source|target)\/[A-Za-z0-9][\w.$ -]*\.csv$/.test(path));
  } catch {
    return [];
  }
}

async function report(
  context: StageContext,
  { rows, seed, plant }: Options,
  publication: Publication,
  inputs: Inputs,
  files: readonly WrittenFile[],
  planter: Planter | null,
  gaps: readonly string[],
): Promise<StageResult> {
  const planted = planter?.planted() ?? [];
  for (const gap of gaps) context.emit({ type: 'note', stage: ID, level: 'warning', text: gap });
  await publication.writeJson(ARTEFACTS.mockManifest, {
    schema_version: SCHEMA_VERSION,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    status: 'passed',
    seed,
    rows,
    plant,
    extract_at: EXTRACT_AT_ISO,
    content_sha256: contentHash(files),
    files,
    planted,
    gaps,
  });
  const rowsOf = (folder: string): number =>
    files.filter(({ path }) => path.startsWith(folder)).reduce((sum, file) => sum + file.rows, 0);
  const sourceRows = rowsOf(ARTEFACTS.mockSource);
  const targetRows = rowsOf(ARTEFACTS.mockTarget);
  const defects = planted.reduce((sum, { count }) => sum + count, 0);
  return {
    status: 'passed',
    summary: {
      patients: rows,
      seed,
      source_tables: inputs.source.tables.size,
      source_rows: sourceRows,
      target_tables: inputs.target.tables.size,
      target_rows: targetRows,
      planted_defects: defects,
      gaps: gaps.length,
    },
    text: [
      `${rows} patients: ${sourceRows} rows in ${inputs.source.tables.size} source tables, ${targetRows} rows in ${inputs.target.tables.size} target tables.`,
      ...(defects > 0 ? [`${defects} planted defects, listed in ${ARTEFACTS.mockManifest}.`] : []),
      ...(gaps.length > 0
        ? [`${gaps.length} fields could not be filled as they should; see gaps in ${ARTEFACTS.mockManifest}.`]
        : []),
    ],
    inputs: inputs.files,
    outputs: publication.outputs,
  };
}

/** One hash of all files: equal for equal data. */
function contentHash(files: readonly WrittenFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of files) hash.update(`${path} ${sha256}\n`);
  return hash.digest('hex');
}
