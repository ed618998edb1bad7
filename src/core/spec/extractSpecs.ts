import { z } from 'zod';
import { Catalog, type CatalogSide } from '../catalog/catalog.ts';
import { writeCatalogText } from '../catalog/catalogFile.ts';
import { checkCatalog } from '../catalog/checkCatalog.ts';
import { recogniseFields, type TableFamily } from '../concepts/recognise.ts';
import { defineStage, progressOf, type StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { UserError } from '../shared/errors.ts';
import { formatPlace, hasErrors, type Problem } from '../shared/problem.ts';
import { runStepsPolitely } from '../shared/steps.ts';
import { fileSummary, sideSummary } from './catalogSummary.ts';
import { withDecidedTypes } from './decidedTypes.ts';
import { mergeFields, readSpecFolder } from './readSpecFolder.ts';
import { relationshipsText } from './relationshipsText.ts';
import { resolveLinks } from './resolveLinks.ts';
import type { SpecFile } from './specFile.ts';
import { readSpecOverrides, type SpecOverrides } from './specOverrides.ts';

const STAGE = 'extract-specs';

/** What was read of one system's documents. */
interface SideResult {
  readonly catalog: Catalog;
  readonly files: readonly SpecFile[];
  readonly families: readonly TableFamily[];
  readonly problems: readonly Problem[];
}

/** Reads the requirement specs of both systems into schema catalogs that cite their sources. */
export const extractSpecs = defineStage({
  id: STAGE,
  title: 'Extract specs',
  owner: 'data_mapping_analyst',
  summary:
    'Read the requirement specs of both systems into schema catalogs, each field with its place in the document.',
  example: 'pas-migration extract-specs --project my-trust',
  options: z.object({}),
  reads: [ARTEFACTS.sourceSpecs, ARTEFACTS.targetSpecs, ARTEFACTS.specOverrides],
  writes: [ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog, ARTEFACTS.relationships, ARTEFACTS.catalogSummary],
  async run(context) {
    const overrides = await readSpecOverrides(context.project);
    const progress = progressOf(context, STAGE);
    progress('source specs', 0, 2);
    const source = await readSide(context, ARTEFACTS.sourceSpecs, 'source', overrides);
    progress('target specs', 1, 2);
    const target = await readSide(context, ARTEFACTS.targetSpecs, 'target', overrides);
    const sides = { source, target };
    const failed = [source, target].some((side) => hasErrors(side.problems));
    const summary = {
      schema_version: 1,
      run_id: context.runId,
      run_at_utc: context.now().toISOString(),
      status: failed ? ('failed' as const) : ('passed' as const),
      source: summaryOf(source),
      target: summaryOf(target),
    };
    const outputs = await publishing(context.project, async (publication) => {
      await publication.writeText(ARTEFACTS.sourceCatalog, writeCatalogText(source.catalog));
      await publication.writeText(ARTEFACTS.targetCatalog, writeCatalogText(target.catalog));
      await publication.writeText(ARTEFACTS.relationships, relationshipsText([source.catalog, target.catalog]));
      await publication.writeJson(ARTEFACTS.catalogSummary, summary);
      return publication.outputs;
    });
    const text = (['source', 'target'] as const).map((side) => {
      const { tables, fields } = summary[side];
      return `${side}: ${tables} tables, ${fields} fields from ${sides[side].files.length} document(s).`;
    });
    const serious = [...source.problems, ...target.problems].filter((problem) => problem.severity === 'error');
    return {
      status: summary.status,
      summary,
      text: [...text, ...serious.map((problem) => `${formatPlace(problem.place)}: ${problem.message}`)],
      inputs: [...source.files, ...target.files].map((file) => file.path),
      outputs,
    };
  },
});

function summaryOf(side: SideResult) {
  return sideSummary({ ...side, files: side.files.map(fileSummary) });
}

async function readSide(
  context: StageContext,
  folder: string,
  side: CatalogSide,
  overrides: SpecOverrides,
): Promise<SideResult> {
  const files = await readSpecFolder(context.project, folder, side, overrides, context.signal);
  const problems: Problem[] = files.flatMap((file) => file.problems);
  const merged = resolveLinks(withDecidedTypes(mergeFields(files, problems), overrides.types[side]));
  if (merged.length === 0) {
    const first = problems.find((problem) => problem.severity === 'error');
    throw new UserError(
      first === undefined
        ? `${folder}: no document holds a field list; give it a header row with a field name and a type.`
        : `${formatPlace(first.place)}: ${first.message}`,
    );
  }
  const ordinals = new Map<string, number>();
  const numbered = merged.map((field) => {
    const ordinal = (ordinals.get(field.table) ?? 0) + 1;
    ordinals.set(field.table, ordinal);
    return { ...field, ordinal };
  });
  const recognising = recogniseFields(numbered, {
    families: overrides.families[side],
    concepts: overrides.concepts[side],
  });
  const { fields, families } = await runStepsPolitely(recognising, context.signal);
  const catalog = new Catalog(side, fields);
  return { catalog, files, families, problems: [...problems, ...checkCatalog(catalog)] };
}
