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
import { readFieldType } from './fieldType.ts';
import { mergeFields, readSpecFolder } from './readSpecFolder.ts';
import { relationshipsText } from './relationshipsText.ts';
import { resolveLinks } from './resolveLinks.ts';
import type { SpecField } from './specField.ts';
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
  owner: 'Mapping Analyst',
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
      source: sideSummary(source),
      target: sideSummary(target),
    };
    const outputs = await publishing(context.project, async (publication) => {
      await publication.writeText(ARTEFACTS.sourceCatalog, writeCatalogText(source.catalog));
      await publication.writeText(ARTEFACTS.targetCatalog, writeCatalogText(target.catalog));
      await publication.writeText(ARTEFACTS.relationships, relationshipsText([source.catalog, target.catalog]));
      await publication.writeJson(ARTEFACTS.catalogSummary, summary);
      return publication.outputs;
    });
    const text = (['source', 'target'] as const).map((side) => {
      const { tables, fields } = sideSummary(sides[side]);
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

/** A type that people wrote in the overrides replaces the document's, and is certain. */
function withDecidedTypes(fields: readonly SpecField[], types: Readonly<Record<string, string>>): SpecField[] {
  return fields.map((field) => {
    const decided = types[`${field.table}.${field.field}`];
    if (decided === undefined) return field;
    const { dataType, length, precision, scale, format } = readFieldType({ type: decided });
    return { ...field, dataType, length, precision, scale, format, declaredType: decided, parseConfidence: 1 };
  });
}

function sideSummary(side: SideResult) {
  return {
    tables: side.catalog.tables.size,
    fields: side.catalog.fields.length,
    parse_confidence: mean(side.catalog.fields.map((field) => field.parseConfidence)),
    files: side.files.map((file) => ({
      path: file.path,
      format: file.format,
      tables: new Set(file.lists.flatMap((list) => list.fields.map((field) => field.table))).size,
      fields: file.lists.reduce((sum, list) => sum + list.fields.length, 0),
      parse_confidence: mean(file.lists.flatMap((list) => list.fields.map((field) => field.parseConfidence))),
      problems: file.problems.map(({ code, severity, message, place }) => ({
        code,
        severity,
        message,
        place: formatPlace(place),
        line: place.line ?? null,
      })),
      headers: file.lists
        .filter((list) => list.headers.length > 0)
        .map((list) => ({ in: list.grid, columns: list.headers })),
    })),
    families: side.families.map(({ table, family, score }) => ({ table, family, score })),
    table_confidence: [...side.catalog.tables.values()].map((table) => ({
      table: table.name,
      parse_confidence: mean(table.fields.map((field) => field.parseConfidence)),
    })),
    unrecognised_tables: side.families.filter((found) => found.family === '').map((found) => found.table),
    // The catalog CSV holds the place of each field; here it stands once more for tools that read only the summary.
    citations: side.catalog.fields.map((field) => ({
      table: field.table,
      field: field.field,
      file: field.specFile,
      location: field.specLocation,
    })),
    catalog_problems: side.problems
      .filter((problem) => problem.code.startsWith('catalog-') || problem.code === 'spec-defined-twice')
      .map(({ code, message }) => ({ code, message })),
  };
}

function mean(values: readonly number[]): number {
  return values.length === 0
    ? 0
    : Math.round((values.reduce((sum, value) => sum + value, 0) / values.length) * 1000) / 1000;
}
