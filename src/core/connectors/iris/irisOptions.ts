import { z } from 'zod';
import { ARTEFACTS } from '../../project/layout.ts';

export const FAULTS = ['none', 'drop', 'slow', 'lock'] as const;

export const IrisOptions = z.object({
  path: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'must not hold a NUL character')
    .default(ARTEFACTS.mockSource)
    .describe('folder of the mock data that the emulator serves'),
  schema: z
    .string()
    .regex(/^[A-Za-z%][A-Za-z0-9_]{0,30}$/, 'must be an SQL schema name')
    .default('SQLUser')
    .describe('SQL schema that the classes are projected to'),
  select_mode: z
    .enum(['logical', 'odbc'])
    .default('logical')
    .describe('logical: dates and times as $HOROLOG numbers, as stored; odbc: as ISO text'),
  collections: z
    .enum(['columns', 'list', 'multi_value'])
    .default('list')
    .describe('how repeating columns (FSN1, FSN2, …) are stored: apart, as one $LIST, or with value marks'),
  page_size: z.int().min(1).max(100_000).default(5000).describe('rows asked for at a time, by ID'),
  fault: z.enum(FAULTS).default('none').describe('failure to rehearse: a dropped connection, a slow query, a lock'),
  fault_table: z.string().max(100).default('').describe('table in which it happens; empty for every one'),
  fault_after_rows: z.int().min(0).max(1_000_000_000).default(1000).describe('rows of the table that come before it'),
  fault_times: z.int().min(1).max(1000).default(1).describe('how often it happens in a table'),
  retries: z.int().min(0).max(100).default(0).describe('how often a read goes on after a failure, from the last ID'),
  query_timeout_ms: z.int().min(1).max(600_000).default(2000).describe('time after which a slow query is given up'),
});
export type IrisOptions = z.infer<typeof IrisOptions>;
