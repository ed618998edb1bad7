import { createHash } from 'node:crypto';
import { Catalog, type CatalogField, type CatalogTable } from '../catalog/catalog.ts';
import { referencesOf } from '../contract/compileTarget.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import type { Problem } from '../shared/problem.ts';

/** A rule of the target that PostgreSQL enforces for a table. */
export type Constraint = NotNull | KeyConstraint | LinkConstraint;

export interface NotNull {
  readonly kind: 'not_null';
  readonly name: string;
  readonly columns: readonly string[];
}

export interface KeyConstraint {
  readonly kind: 'primary_key' | 'unique';
  readonly name: string;
  readonly columns: readonly string[];
}

export interface LinkConstraint {
  readonly kind: 'foreign_key';
  readonly name: string;
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

export interface TargetTable {
  readonly name: string;
  readonly fields: readonly CatalogField[];
  /** How a row is named in messages: the primary key, or no column when there is none. */
  readonly key: readonly string[];
  /** Not null first, then keys, then links: the order in which they can be added. */
  readonly constraints: readonly Constraint[];
}

/** PostgreSQL cuts longer names without a word, so that two of them could become one. */
const LONGEST_NAME = 63;

/**
 * The tables and constraints that a target catalog declares. What cannot be enforced (a link to a table that is not
 * loaded, to a part of a key, or between different types) is left out with a warning; a name that PostgreSQL would cut
 * is an error. The catalog has no column for unique or check rules: a unique constraint comes from a link that leads to
 * a field beside the primary key, and lengths and number ranges are part of the types.
 */
export function targetSchema(tables: readonly CatalogTable[]): { tables: TargetTable[]; problems: Problem[] } {
  const catalog = new Catalog(
    'target',
    tables.flatMap((table) => table.fields),
  );
  const problems: Problem[] = [];
  const links = new Map(tables.map((table) => [table.name, linksOf(table, catalog, problems)]));
  const uniques = new Map<string, string[][]>();
  for (const link of [...links.values()].flat()) {
    const key = catalog.primaryKey(link.parent).map((field) => field.field);
    const known = uniques.get(link.parent) ?? [];
    if (!sameNames(key, link.parentColumns) && !known.some((columns) => sameNames(columns, link.parentColumns)))
      uniques.set(link.parent, [...known, [...link.parentColumns]]);
  }
  return { tables: tables.map((table) => targetTable(table, links, uniques, problems)), problems };
}

function targetTable(
  table: CatalogTable,
  links: ReadonlyMap<string, readonly Link[]>,
  uniques: ReadonlyMap<string, string[][]>,
  problems: Problem[],
): TargetTable {
  const { name, fields } = table;
  for (const long of [name, ...fields.map((field) => field.field)].filter(isTooLong))
    problems.push({
      code: 'load-name-too-long',
      severity: 'error',
      message: `${long} has more than ${LONGEST_NAME} bytes, which PostgreSQL would cut; shorten it in the target specification.`,
      place: { file: fields[0]?.specFile ?? name },
    });
  const key = fields.filter((field) => field.primaryKey).map((field) => field.field);
  const constraints: Constraint[] = [];
  const mandatory = fields.filter((field) => field.mandatory || field.primaryKey).map((field) => field.field);
  if (mandatory.length > 0) constraints.push({ kind: 'not_null', name: 'not_null', columns: mandatory });
  if (key.length > 0) constraints.push({ kind: 'primary_key', name: shortName('pk', [name]), columns: key });
  for (const columns of uniques.get(name) ?? [])
    constraints.push({ kind: 'unique', name: shortName('uq', [name, ...columns]), columns });
  for (const link of links.get(name) ?? [])
    constraints.push({ kind: 'foreign_key', name: shortName('fk', [name, ...link.columns]), ...link });
  return { name, fields, key, constraints };
}

interface Link {
  readonly columns: readonly string[];
  readonly parent: string;
  readonly parentColumns: readonly string[];
}

function linksOf(table: CatalogTable, catalog: Catalog, problems: Problem[]): Link[] {
  const own = table.fields.flatMap((field) =>
    field.foreignKey?.table === table.name && catalog.field(table.name, field.foreignKey.field) !== undefined
      ? [{ columns: [field.field], parent: table.name, parentColumns: [field.foreignKey.field] }]
      : [],
  );
  const others = referencesOf(table.name, table.fields, catalog, new Map());
  const linked = new Set([...own, ...others].flatMap((link) => link.columns));
  for (const field of table.fields)
    if (field.foreignKey !== null && !linked.has(field.field))
      problems.push(notEnforced(field, `${field.foreignKey.table}.${field.foreignKey.field} is not loaded`));
  return [...others, ...own].filter((link) => {
    const reason = cannotEnforce(table, link, catalog);
    const field = catalog.field(table.name, link.columns[0] ?? '');
    if (reason !== null && field !== undefined) problems.push(notEnforced(field, reason));
    return reason === null;
  });
}

function cannotEnforce(table: CatalogTable, link: Link, catalog: Catalog): string | null {
  const key = catalog.primaryKey(link.parent).map((field) => field.field);
  if (key.length > 1 && !sameNames(key, link.parentColumns) && link.parentColumns.every((name) => key.includes(name)))
    return `it leads to a part of the key of ${link.parent}`;
  const differs = link.columns.some(
    (name, at) =>
      catalog.field(table.name, name)?.dataType !== catalog.field(link.parent, link.parentColumns[at] ?? '')?.dataType,
  );
  return differs ? `its type is not the type of ${link.parent}.${link.parentColumns.join(', ')}` : null;
}

function notEnforced(field: CatalogField, why: string): Problem {
  return {
    code: 'load-link-not-enforced',
    severity: 'warning',
    message: `${field.table}.${field.field}: the link is not enforced in the target, because ${why} (${field.specLocation}).`,
    place: { file: field.specFile },
  };
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name));
}

function isTooLong(name: string): boolean {
  return Buffer.byteLength(name) > LONGEST_NAME;
}

/** `fk_LOAD_SPELL_PATIENT_ID`; a name that would be cut ends in a part of its hash instead, always the same. */
function shortName(prefix: string, parts: readonly string[]): string {
  const name = [prefix, ...parts].join('_');
  if (!isTooLong(name)) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  let kept = name;
  while (Buffer.byteLength(kept) > LONGEST_NAME - 9) kept = kept.slice(0, -1);
  return `${kept}_${hash}`;
}

/** `CREATE TABLE` with columns only: constraints follow when the rows are there, so that all violations can be named. */
export function createTableSql(schema: string, table: TargetTable): string {
  const columns = table.fields.map((field) => `${quoteIdentifier(field.field)} ${postgresType(field)}`);
  return `CREATE TABLE ${tableName(schema, table.name)} (${columns.join(', ')})`;
}

/** Adds constraints in one statement; `unchecked` adds a link that only new rows must obey until `validateSql`. */
export function addConstraintSql(
  schema: string,
  table: string,
  constraints: readonly Constraint[],
  unchecked = false,
): string {
  const actions = constraints.flatMap((constraint) => {
    const columns = constraint.columns.map(quoteIdentifier);
    if (constraint.kind === 'not_null') return columns.map((column) => `ALTER COLUMN ${column} SET NOT NULL`);
    return [`ADD CONSTRAINT ${quoteIdentifier(constraint.name)} ${ruleSql(schema, constraint, unchecked)}`];
  });
  return `ALTER TABLE ${tableName(schema, table)} ${actions.join(', ')}`;
}

function ruleSql(schema: string, constraint: KeyConstraint | LinkConstraint, unchecked: boolean): string {
  const columns = constraint.columns.map(quoteIdentifier).join(', ');
  if (constraint.kind === 'primary_key') return `PRIMARY KEY (${columns})`;
  if (constraint.kind !== 'foreign_key') return `UNIQUE (${columns})`;
  const parent = `${tableName(schema, constraint.parent)} (${constraint.parentColumns.map(quoteIdentifier).join(', ')})`;
  return `FOREIGN KEY (${columns}) REFERENCES ${parent}${unchecked ? ' NOT VALID' : ''}`;
}

/** Checks the rows that are there against a link that was added unchecked; reads on both tables go on meanwhile. */
export function validateSql(schema: string, table: string, constraint: Constraint): string {
  return `ALTER TABLE ${tableName(schema, table)} VALIDATE CONSTRAINT ${quoteIdentifier(constraint.name)}`;
}

/** All of the target's DDL, for a person to read and for telling one layout from another: the same text for the same catalog. */
export function schemaText(schema: string, tables: readonly TargetTable[]): string {
  const statements = [
    ...tables.map((table) => createTableSql(schema, table)),
    ...tables.flatMap((table) => table.constraints.map((one) => addConstraintSql(schema, table.name, [one]))),
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}

export function tableName(schema: string, table: string): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(table)}`;
}

/** The catalog's types in PostgreSQL; `docs/load.md` lists them. Times carry no zone: the hospital's own clock is meant. */
export function postgresType(field: CatalogField): string {
  switch (field.dataType) {
    case 'VARCHAR':
      return field.length === null ? 'text' : `varchar(${field.length})`;
    case 'INTEGER':
      return 'bigint';
    case 'DECIMAL':
      return `numeric(${decimalDigits(field).join(', ')})`;
    case 'DATE':
      return 'date';
    case 'DATETIME':
      return 'timestamp';
    case 'TIME':
      return 'time';
    case 'BOOLEAN':
      return 'boolean';
  }
}

/** Digits in all and after the point, as the contract migration writes them. */
export function decimalDigits(field: CatalogField): [number, number] {
  const precision = Math.min(38, field.precision ?? 18);
  return [precision, Math.min(field.scale ?? 3, precision)];
}
