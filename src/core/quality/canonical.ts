import type { Catalog, CatalogField, CatalogSide, CatalogTable } from '../catalog/catalog.ts';
import { type Concept, conceptOf, FAMILIES } from '../concepts/vocabulary.ts';
import { NOT_IN_FORCE } from '../crosswalk/crosswalkText.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import type { KeptKey } from './sourceKeys.ts';
import { flagSql, temporalSql } from './valueSql.ts';

/** SQL schema that holds the imported text of one side. */
export function schemaOf(side: CatalogSide): string {
  return side === 'target' ? 'target' : 'source';
}

/** Column of every imported table: the row's number in its file, from 1. */
export const ROW_NUMBER = '__row';

/** One catalog table seen through the vocabulary. */
export interface CanonicalTable {
  readonly table: string;
  readonly family: string;
  readonly side: CatalogSide;
  /** Concept → SQL of its typed value over the imported text. Includes `key` and `source_key` where they exist. */
  readonly columns: ReadonlyMap<string, string>;
  /** Catalog fields the expressions read. */
  readonly fields: ReadonlySet<string>;
  readonly rowKey: string;
  /** Concept → the table's own field name. */
  readonly fieldOf: ReadonlyMap<string, string>;
}

/** What a canonical table needs beside the catalog. */
export interface CanonicalContext {
  /** Target table → the source table it is made from, and the target fields that hold that table's primary key. */
  readonly sourceKeys: ReadonlyMap<string, KeptKey>;
  /** Names of crosswalks loaded in table `xw`. */
  readonly crosswalks: ReadonlySet<string>;
  /** Those of them in which a code means different things at different times: without its day it cannot be translated. */
  readonly changing?: ReadonlySet<string>;
}

const COLUMN_TYPES: Readonly<Record<string, string>> = {
  date: 'DATE',
  datetime: 'TIMESTAMP',
  time: 'TIME',
  number: 'DOUBLE',
  flag: 'BOOLEAN',
};

/** SQL type of a canonical column; text for keys, references and codes. */
export function canonicalType(family: string, concept: string): string {
  const kind = conceptOf(family, concept)?.kind.type;
  return kind === undefined ? 'VARCHAR' : (COLUMN_TYPES[kind] ?? 'VARCHAR');
}

/**
 * Date and time kept apart, joined into the instant the rules speak of: instant ← date concepts, time concept.
 * `addDays` 1: an expiry given as a day lasts to the end of that day. UNCERTAIN: confirm with the Mental Health Act office.
 */
const INSTANTS: readonly { instant: string; dates: readonly string[]; time: string; addDays?: 1 }[] = [
  { instant: 'admitted_at', dates: ['admitted_on'], time: 'admitted_time' },
  { instant: 'discharged_at', dates: ['discharged_on'], time: 'discharged_time' },
  { instant: 'starts_at', dates: ['starts_on'], time: 'start_time' },
  { instant: 'ends_at', dates: ['ends_on', 'ended_on'], time: 'end_time' },
  { instant: 'arrived_at', dates: ['arrived_on'], time: 'arrived_time' },
  { instant: 'received_at', dates: ['received_on'], time: '' },
  { instant: 'expires_at', dates: ['expires_on'], time: '', addDays: 1 },
];

/** Every table of one side whose family is known, as the rules see it. */
export function canonicalTables(catalog: Catalog, context: CanonicalContext): CanonicalTable[] {
  const referred = referredFields(catalog);
  return [...catalog.tables.values()]
    .filter((table) => FAMILIES.has(table.family))
    .map((table) => canonicalTable(catalog, table, referred.get(table.name), context));
}

function canonicalTable(
  catalog: Catalog,
  table: CatalogTable,
  referred: string | undefined,
  context: CanonicalContext,
): CanonicalTable {
  const columns = new Map<string, string>();
  const fieldOf = new Map<string, string>();
  const fields = new Set<string>(catalog.primaryKey(table.name).map((field) => field.field));
  for (const concept of FAMILIES.get(table.family)?.concepts ?? []) {
    const field = fieldHolding(table, concept);
    if (field === undefined) continue;
    const sql = conceptSql(field, concept, catalog.side, context);
    if (sql === null) continue;
    columns.set(concept.name, sql);
    fieldOf.set(concept.name, field.field);
    fields.add(field.field);
  }
  addDerived(table.family, columns, fieldOf);
  addEpisodeKeys(table, columns, fieldOf);
  addKeys(catalog, table, referred, context, columns, fields);
  const rowKey = rowKeySql(catalog, table);
  return { table: table.name, family: table.family, side: catalog.side, columns, fields, rowKey, fieldOf };
}

/** Of several fields with one concept: the key field for a key, the foreign key for a reference, else the first. */
function fieldHolding(table: CatalogTable, concept: Concept): CatalogField | undefined {
  const holding = table.fields.filter((field) => field.concept === concept.name);
  const best =
    concept.kind.type === 'key'
      ? holding.find((field) => field.primaryKey)
      : concept.kind.type === 'ref'
        ? holding.find((field) => field.foreignKey !== null)
        : undefined;
  return best ?? holding[0];
}

function conceptSql(
  field: CatalogField,
  concept: Concept,
  side: CatalogSide,
  context: CanonicalContext,
): string | null {
  const cell = quoteIdentifier(field.field);
  const type = canonicalType(concept.family, concept.name);
  if (type === 'BOOLEAN') return flagSql(cell);
  if (type === 'DOUBLE') return `TRY_CAST(trim(${cell}) AS DOUBLE)`;
  const changes = side === 'source' && concept.kind.type === 'code' && context.changing?.has(field.codeSet) === true;
  if (changes) return null;
  if (type === 'VARCHAR') return translated(field, concept, side, context, `nullif(trim(${cell}), '')`);
  const value = temporalSql(field.dataType, field.format, cell);
  // A time cannot become a date, nor the other way round: the concept is then as good as absent.
  if (value === null || (value.type === 'TIME') !== (type === 'TIME')) {
    return type === 'TIME' && value?.type === 'TIMESTAMP' ? `CAST(${value.sql} AS TIME)` : null;
  }
  return value.type === type ? value.sql : `CAST(${value.sql} AS ${type})`;
}

/** Lines that the migration uses too. */
const IN_FORCE = `upper(coalesce(trim(xw.status), '')) NOT IN (${NOT_IN_FORCE.map(quoteLiteral).join(', ')})`;

/** A local code of the source in the target's words, so that both sides compare; unknown codes become NULL. */
function translated(
  field: CatalogField,
  concept: Concept,
  side: CatalogSide,
  context: CanonicalContext,
  text: string,
): string {
  if (side === 'target' || concept.kind.type !== 'code' || !context.crosswalks.has(field.codeSet)) return text;
  const set = quoteLiteral(field.codeSet);
  return `(SELECT min(xw.target_code) FROM xw WHERE xw.crosswalk = ${set} AND xw.source_code = ${text} AND ${IN_FORCE})`;
}

function addDerived(family: string, columns: Map<string, string>, fieldOf: Map<string, string>): void {
  for (const { instant, dates, time, addDays } of INSTANTS) {
    if (conceptOf(family, instant) === undefined) continue;
    const instantSql = columns.get(instant);
    const date = dates.find((name) => columns.has(name));
    if (instantSql === undefined && date !== undefined) {
      const timeSql = columns.get(time);
      const midnight = `CAST(${columns.get(date)} AS TIMESTAMP)${addDays === undefined ? '' : ' + INTERVAL 1 DAY'}`;
      columns.set(
        instant,
        timeSql === undefined ? `(${midnight})` : `(${columns.get(date)} + coalesce(${timeSql}, TIME '00:00:00'))`,
      );
      fieldOf.set(instant, fieldOf.get(date) ?? '');
    }
    const absent = dates.find((name) => conceptOf(family, name) !== undefined);
    if (instantSql !== undefined && date === undefined && absent !== undefined) {
      columns.set(absent, `CAST(${instantSql} AS DATE)`);
      fieldOf.set(absent, fieldOf.get(instant) ?? '');
    }
  }
}

/**
 * Episodes known by spell and sequence, without an id of their own, which is how most systems keep them: both the episode's
 * key and the reference from its codes are then the two joined.
 */
function addEpisodeKeys(table: CatalogTable, columns: Map<string, string>, fieldOf: Map<string, string>): void {
  const isEpisode = table.family === 'EPI';
  if (!isEpisode && table.family !== 'DX' && table.family !== 'PX') return;
  if (columns.has('episode_id')) return;
  const spell = fieldOf.get('spell_id');
  const sequence = fieldOf.get(isEpisode ? 'sequence' : 'episode_sequence');
  if (spell === undefined || sequence === undefined) return;
  const both = `${trimmed(spell)} IS NOT NULL AND ${trimmed(sequence)} IS NOT NULL`;
  columns.set(isEpisode ? 'key' : 'episode_id', `CASE WHEN ${both} THEN ${joined([spell, sequence])} END`);
  if (!isEpisode) fieldOf.set('episode_id', sequence);
}

function addKeys(
  catalog: Catalog,
  table: CatalogTable,
  referred: string | undefined,
  context: CanonicalContext,
  columns: Map<string, string>,
  fields: Set<string>,
): void {
  const concept = FAMILIES.get(table.family)?.concepts.find((candidate) => candidate.kind.type === 'key');
  const primary = catalog.primaryKey(table.name);
  const own = concept === undefined ? undefined : table.fields.find((field) => field.concept === concept.name);
  // One part of a composite key names no row, even when foreign keys point at it part by part.
  const part = primary.length > 1 && primary.some((field) => field.field === referred);
  const key = (part ? undefined : referred) ?? own?.field ?? (primary.length === 1 ? primary[0]?.field : undefined);
  if (key !== undefined && !columns.has('key')) {
    columns.set('key', trimmed(key));
    fields.add(key);
  }
  const kept =
    catalog.side === 'target'
      ? context.sourceKeys.get(table.name)
      : { sourceTable: table.name, fields: primary.map((field) => field.field) };
  if (kept === undefined || kept.fields.length === 0) return;
  // The table's name is part of the key: two source tables of one family may number their rows alike.
  const prefix = quoteLiteral(`${kept.sourceTable}|`);
  columns.set('source_key', `concat(${prefix}, ${unseparated(joined(kept.fields), kept.sourceTable, context)})`);
  for (const field of kept.fields) fields.add(field);
}

/** Where some target table keeps a source table's key as one text, both sides are brought to the same separator. */
function unseparated(key: string, sourceTable: string, context: CanonicalContext): string {
  const separators = new Set(
    [...context.sourceKeys.values()]
      .filter((kept) => kept.sourceTable === sourceTable && kept.separator !== '')
      .map((kept) => kept.separator),
  );
  return [...separators].sort().reduce((sql, separator) => `replace(${sql}, ${quoteLiteral(separator)}, '|')`, key);
}

/** The field of each table that foreign keys point at most often; the first in name order when several tie. */
function referredFields(catalog: Catalog): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const { foreignKey } of catalog.fields) {
    if (foreignKey === null || catalog.field(foreignKey.table, foreignKey.field) === undefined) continue;
    const of = counts.get(foreignKey.table) ?? new Map<string, number>();
    of.set(foreignKey.field, (of.get(foreignKey.field) ?? 0) + 1);
    counts.set(foreignKey.table, of);
  }
  return new Map(
    [...counts].map(([table, of]) => {
      const best = [...of].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0];
      return [table, best?.[0] ?? ''];
    }),
  );
}

/** Primary key values joined by `|`, or the row's number in its file where the catalog names no key. */
export function rowKeySql(catalog: Catalog, table: CatalogTable): string {
  const primary = catalog.primaryKey(table.name).map((field) => field.field);
  return primary.length === 0 ? `'row ' || ${quoteIdentifier(ROW_NUMBER)}` : joined(primary);
}

function joined(fields: readonly string[]): string {
  return `concat_ws('|', ${fields.map((field) => `coalesce(${trimmed(field)}, '')`).join(', ')})`;
}

function trimmed(field: string): string {
  return `nullif(trim(${quoteIdentifier(field)}), '')`;
}
