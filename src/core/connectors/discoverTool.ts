import { z } from 'zod';
import { Catalog, type CatalogField, type CatalogSide } from '../catalog/catalog.ts';
import { readCatalogText, writeCatalogText } from '../catalog/catalogFile.ts';
import { checkCatalog } from '../catalog/checkCatalog.ts';
import { recogniseFields, type TableFamily } from '../concepts/recognise.ts';
import { defineStage, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { formatProblem, type Problem } from '../shared/problem.ts';
import { runStepsPolitely } from '../shared/steps.ts';
import { withDecidedTypes } from '../spec/decidedTypes.ts';
import { relationshipsText } from '../spec/relationshipsText.ts';
import { readSpecOverrides } from '../spec/specOverrides.ts';
import { discoveredSummary } from './discoveredSummary.ts';
import { withConnection } from './openConnection.ts';

/** What a connection says of its tables, and how that differs from the catalog of its side. */
export interface Discovery {
  readonly side: CatalogSide;
  readonly catalog: Catalog;
  readonly families: readonly TableFamily[];
  readonly problems: readonly Problem[];
  /** Why some tables are not in the catalog: they could not be looked at. */
  readonly unread: readonly Problem[];
  /** There is a catalog of this side already. */
  readonly present: boolean;
  /** Fields only the connection has, only the catalog has, and with another type. */
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
}

/** Reads the other side's own description of its tables; on request it becomes the catalog. */
export const discoverConnector = defineStage({
  id: 'connectors discover',
  title: 'Discover schema',
  owner: 'data_mapping_analyst',
  summary: 'Ask a connection for its tables and fields; with --write they become the catalog, each citing its origin.',
  example: 'pas-migration connectors discover legacy --side source --write new',
  options: z.object({
    name: z.string().min(1).describe('connection of connectors.json, or a connector with its standard options'),
    side: z.enum(['source', 'target']).default('source').describe('catalog that is compared, and written with --write'),
    write: z
      .enum(['no', 'new', 'replace'])
      .default('no')
      .describe('new: write the catalog when there is none; replace: write it in place of the present one'),
  }),
  positional: ['name'],
  reads: [ARTEFACTS.connectors, ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog, ARTEFACTS.specOverrides],
  writes: [ARTEFACTS.sourceCatalog, ARTEFACTS.targetCatalog, ARTEFACTS.relationships, ARTEFACTS.catalogSummary],
  async run(context, { name, side, write }): Promise<StageResult> {
    const found = await discover(context, name, side);
    if (write === 'new' && found.present)
      throw new UserError(
        `${catalogFile(side)}: is there already, ${inWords(found)}; use --write replace to write it anew.`,
      );
    const [bad] = found.unread;
    if (write !== 'no' && bad !== undefined)
      throw new UserError(
        `${catalogFile(side)}: was not written, because it would lack tables that cannot be read (${found.unread.length} problems). ${formatProblem(bad)}`,
        found.unread,
      );
    const outputs = write === 'no' ? [] : await writeCatalog(context, found);
    return {
      status: bad === undefined ? 'passed' : 'failed',
      summary: {
        connection: name,
        side,
        tables: found.catalog.tables.size,
        table_names: [...found.catalog.tables.keys()],
        fields: found.catalog.fields.length,
        added: found.added,
        gone: found.gone,
        changed: found.changed,
        written: write !== 'no',
        problems: found.problems.map(formatProblem),
      },
      text: [
        `${found.catalog.tables.size} tables with ${found.catalog.fields.length} fields${found.present ? `, ${inWords(found)}` : ''}.${bad === undefined ? '' : ` Not all can be read. ${formatProblem(bad)}`}`,
        `Tables: ${[...found.catalog.tables.keys()].join(', ')}`,
        ...found.problems.slice(0, 10).map(formatProblem),
        ...outputs.map((path) => `Written: ${path}`),
        ...(write === 'no' ? [nothingWritten(bad === undefined)] : []),
      ],
      inputs: [],
      outputs,
    };
  },
});

function nothingWritten(complete: boolean): string {
  return complete
    ? 'Nothing was written; use --write new or --write replace.'
    : 'Nothing was written; mend these files first, or take them out of the folder.';
}

/** Asks a connection for its schema and recognises what its tables and fields mean. */
export async function discover(context: StageContext, name: string, side: CatalogSide): Promise<Discovery> {
  const found = await withConnection(context, name, async ({ connector, connection, clean }) => {
    if (connector.discover === undefined)
      throw new UserError(`${name}: ${connector.title} cannot say what tables it has. ${connector.limits}`);
    const { fields, problems } = await connector.discover(connection);
    return { fields, problems: problems.map((problem) => ({ ...problem, message: clean(problem.message) })) };
  });
  if (found.fields.length === 0)
    throw new UserError(
      found.problems[0] === undefined ? `${name}: names no table.` : formatProblem(found.problems[0]),
    );
  const decided = await readSpecOverrides(context.project);
  // A type that the other side declares is no guess, and stays.
  const typed = found.fields.map((field) =>
    field.parseConfidence < 1 ? (withDecidedTypes([field], decided.types[side])[0] ?? field) : field,
  );
  const { fields, families } = await runStepsPolitely(
    recogniseFields(
      typed.map((field) => ({ ...field, tableTitle: '' })),
      { families: decided.families[side], concepts: decided.concepts[side] },
    ),
    context.signal,
  );
  const catalog = new Catalog(side, fields);
  const text = await readOptionalText(context.project, catalogFile(side));
  const before = text === null ? null : readCatalogText(text, catalogFile(side), side).value;
  return {
    side,
    catalog,
    families,
    problems: [...found.problems, ...checkCatalog(catalog)],
    unread: found.problems.filter(({ severity }) => severity === 'error'),
    present: before !== null,
    ...difference(before, catalog),
  };
}

/** Writes the discovered catalog, and the relationships and the summary of both sides, together. */
export async function writeCatalog(context: StageContext, found: Discovery): Promise<string[]> {
  const { side, catalog } = found;
  const otherSide: CatalogSide = side === 'source' ? 'target' : 'source';
  const text = await readOptionalText(context.project, catalogFile(otherSide));
  const other = text === null ? null : readCatalogText(text, catalogFile(otherSide), otherSide).value;
  const catalogs = other === null ? [catalog] : [catalog, other];
  // Source first, as extract-specs writes them.
  catalogs.sort((a, b) => Number(a.side === 'target') - Number(b.side === 'target'));
  const summary = await discoveredSummary(context, found, other);
  return publishing(context.project, async (publication) => {
    await publication.writeText(catalogFile(side), writeCatalogText(catalog));
    await publication.writeText(ARTEFACTS.relationships, relationshipsText(catalogs));
    await publication.writeJson(ARTEFACTS.catalogSummary, summary);
    return publication.outputs;
  });
}

function catalogFile(side: CatalogSide): string {
  return side === 'source' ? ARTEFACTS.sourceCatalog : ARTEFACTS.targetCatalog;
}

function difference(before: Catalog | null, after: Catalog): Pick<Discovery, 'added' | 'gone' | 'changed'> {
  if (before === null) return { added: after.fields.length, gone: 0, changed: 0 };
  const typeOf = (field: CatalogField): string => `${field.dataType} ${field.length ?? ''} ${field.format}`;
  const added = after.fields.filter(({ table, field }) => before.field(table, field) === undefined).length;
  const gone = before.fields.filter(({ table, field }) => after.field(table, field) === undefined).length;
  const changed = after.fields.filter((field) => {
    const old = before.field(field.table, field.field);
    return old !== undefined && typeOf(old) !== typeOf(field);
  }).length;
  return { added, gone, changed };
}

function inWords({ added, gone, changed }: Discovery): string {
  return `${added} fields not in the catalog, ${gone} of the catalog not here, ${changed} with another type`;
}
