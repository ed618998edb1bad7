import { z } from 'zod';
import { type Connection, defineConnector, type TestReport } from '../connector.ts';
import { secretText } from '../optionFields.ts';

const NO_DRIVER =
  'A placeholder: JDBC needs a Java runtime and a driver, and neither is part of this tool, so it cannot connect, discover, look or read. Extract to CSV with the tool of your database.';

const Options = z.object({
  url: z
    .string()
    .max(500)
    .regex(/^(jdbc:[a-z0-9]+:[^\s\0]*)?$/i, 'must begin with jdbc: and the name of a driver')
    .default('')
    .describe('address of the database, without user and password'),
  user: z.string().max(100).default('').describe('user name'),
  password: secretText('password of the user').optional(),
});

/** JDBC, visible and configurable, and honest that there is nothing behind it. */
export const jdbcConnector = defineConnector({
  id: 'jdbc',
  title: 'JDBC',
  kind: 'source',
  stage: 'experimental',
  summary: 'Keeps the address of a database for a later version.',
  limits: NO_DRIVER,
  options: Options,
  capabilities: { discover: false, preview: false, read: false, load: false, resume: false, transactional: false },
  test,
});

async function test({ options }: Connection<typeof Options>): Promise<TestReport> {
  const driver = /^jdbc:([a-z0-9]+):/i.exec(options.url)?.[1];
  const needs = driver === undefined ? 'No address is set.' : `A driver for ${driver} would be needed.`;
  return { ok: false, message: `${needs} ${NO_DRIVER}`, details: { driver: driver ?? 'none' } };
}
