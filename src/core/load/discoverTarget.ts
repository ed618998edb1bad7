import type { CatalogField, DataType } from '../catalog/catalog.ts';
import type { Preview } from '../connectors/connector.ts';
import { quoteLiteral } from '../engine/sqlText.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { canonicalSelect, targetColumns } from './readBack.ts';
import type { SqlSession } from './sqlSession.ts';

/** Names of tables that belong to a load and not to the target's data. */
const OWN = '\\_pas\\_migration\\_%';

/** Tables of a schema, the load's own left out. */
export async function targetTables(session: SqlSession, schema: string): Promise<string[]> {
  const rows = await session.rows(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ${quoteLiteral(schema)} AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE ${quoteLiteral(OWN)} ORDER BY c.relname COLLATE "C"`,
  );
  return rows.map((row) => row['name'] ?? '');
}

/** The schema of a database as catalog fields: types, keys and links are declared there, so nothing is guessed. */
export async function discoverTarget(session: SqlSession, schema: string, connection: string): Promise<CatalogField[]> {
  const links = await linksOf(session, schema);
  const keys = await keysOf(session, schema);
  const fields: CatalogField[] = [];
  for (const table of await targetTables(session, schema)) {
    const columns = await targetColumns(session, schema, table);
    for (const [index, column] of columns.entries()) {
      const place = `${table}\u0000${column.name}`;
      fields.push({
        table,
        field: column.name,
        ordinal: index + 1,
        ...catalogType(column.type),
        mandatory: column.notNull,
        primaryKey: keys.has(place),
        foreignKey: links.get(place) ?? null,
        codeSet: '',
        description: '',
        specFile: ARTEFACTS.connectors,
        specLocation: `connector ${connection}, ${schema}.${table}, column ${index + 1}`,
        parseConfidence: 1,
        declaredType: column.type,
        format: '',
        family: '',
        concept: '',
      });
    }
  }
  return fields;
}

function catalogType(type: string): Pick<CatalogField, 'dataType' | 'length' | 'precision' | 'scale'> {
  const [, name = '', first, second] =
    /^([a-z ]+?)(?:\((\d+)(?:,(\d+))?\))?(?: without time zone| with time zone)?$/.exec(type) ?? [];
  const none = { length: null, precision: null, scale: null };
  const known = TYPES[name];
  if (known === 'DECIMAL')
    return { dataType: known, ...none, precision: numberOr(first), scale: numberOr(second ?? (first && '0')) };
  if (known !== undefined) return { dataType: known, ...none };
  return { dataType: 'VARCHAR', ...none, length: name.startsWith('character') ? numberOr(first) : null };
}

const TYPES: Readonly<Record<string, DataType>> = {
  smallint: 'INTEGER',
  integer: 'INTEGER',
  bigint: 'INTEGER',
  numeric: 'DECIMAL',
  real: 'DECIMAL',
  'double precision': 'DECIMAL',
  date: 'DATE',
  timestamp: 'DATETIME',
  time: 'TIME',
  boolean: 'BOOLEAN',
};

function numberOr(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

const CONSTRAINTS = `FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace`;

async function keysOf(session: SqlSession, schema: string): Promise<Set<string>> {
  const rows = await session.rows(
    `SELECT c.relname AS table, a.attname AS field ${CONSTRAINTS} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey) WHERE k.contype = 'p' AND n.nspname = ${quoteLiteral(schema)}`,
  );
  return new Set(rows.map((row) => `${row['table']}\u0000${row['field']}`));
}

async function linksOf(session: SqlSession, schema: string): Promise<Map<string, { table: string; field: string }>> {
  const rows = await session.rows(
    `SELECT c.relname AS table, a.attname AS field, p.relname AS parent, b.attname AS parent_field ${CONSTRAINTS} JOIN pg_class p ON p.oid = k.confrelid CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS pair(own, other) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = pair.own JOIN pg_attribute b ON b.attrelid = p.oid AND b.attnum = pair.other WHERE k.contype = 'f' AND n.nspname = ${quoteLiteral(schema)} ORDER BY k.conname COLLATE "C" DESC`,
  );
  return new Map(
    rows.map((row) => [
      `${row['table']}\u0000${row['field']}`,
      { table: row['parent'] ?? '', field: row['parent_field'] ?? '' },
    ]),
  );
}

/** A few rows of a table for the user's eyes, by its key where it has one. */
export async function previewTarget(
  session: SqlSession,
  schema: string,
  table: string,
  limit: number,
): Promise<Preview> {
  const columns = await targetColumns(session, schema, table);
  const rows = await session.rows(`${canonicalSelect(schema, table, columns, [])} LIMIT ${Math.trunc(limit) + 1}`);
  const names = columns.map((column) => column.name);
  return {
    table,
    columns: names,
    rows: rows.slice(0, limit).map((row) => names.map((name) => row[name] ?? null)),
    more: rows.length > limit,
    problems: [],
  };
}
