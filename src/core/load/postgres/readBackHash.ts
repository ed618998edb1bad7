import { createHash } from 'node:crypto';
import type { CatalogField } from '../../catalog/catalog.ts';
import { quoteIdentifier } from '../../engine/sqlText.ts';
import type { ContractFile } from '../fileSide.ts';
import { CANONICAL_COPY } from '../readBack.ts';
import { targetError } from '../sqlSession.ts';
import { tableName } from '../targetSchema.ts';
import type { ServerSession } from './serverSession.ts';

/**
 * The SHA-256 of a loaded table written as the file was: the rows in the order in which they were sent, the cells in the
 * canonical form. When it is the file's own hash, the server gives back every byte that it was sent. It costs the server
 * half of what a checksum in SQL does, and the file need not be read again.
 */
export async function readBackHash(session: ServerSession, schema: string, file: ContractFile): Promise<string> {
  const fields = new Map(file.table.fields.map((field) => [field.field, field]));
  const cells = file.columns.map((name) => `${cell(name, fields.get(name))} AS ${quoteIdentifier(name)}`);
  const select = `SELECT ${cells.join(', ')} FROM ${tableName(schema, file.table.name)}`;
  // Several workers would hand over rows in no order.
  await session.rows('BEGIN; SET LOCAL max_parallel_workers_per_gather = 0');
  const hash = createHash('sha256');
  try {
    for await (const bytes of await session.copyOut(`COPY (${select}) TO STDOUT ${CANONICAL_COPY}`)) hash.update(bytes);
  } catch (error) {
    await session.rows('ROLLBACK').catch(() => undefined);
    throw targetError(error);
  }
  await session.rows('COMMIT');
  return hash.digest('hex');
}

/** COPY prints texts, numbers, dates and times in the canonical form by itself. */
function cell(name: string, field: CatalogField | undefined): string {
  const column = quoteIdentifier(name);
  if (field?.dataType === 'DATETIME') return `replace(${column}::text, ' ', 'T')`;
  return field?.dataType === 'BOOLEAN' ? `${column}::text` : column;
}
