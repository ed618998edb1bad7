import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Connection, defineConnector, type TestReport } from '../connector.ts';
import { secretText } from '../optionFields.ts';

const NO_DRIVER =
  'A placeholder: it lists the data sources that unixODBC knows, but cannot connect, look or read, because no ODBC client is part of this tool. Extract to CSV with the tool of your database.';

const Options = z.object({
  dsn: z
    .string()
    .max(100)
    .regex(/^[^[\]{};\0\r\n]*$/, 'must be the name of a data source')
    .default('')
    .describe('data source of unixODBC'),
  ini_dir: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'must not hold a NUL character')
    .default('/etc')
    .describe('folder with odbc.ini and odbcinst.ini'),
  user: z.string().max(100).default('').describe('user name'),
  password: secretText('password of the user').optional(),
});

/** ODBC, as far as it goes without a client: the data sources that this machine has. */
export const odbcConnector = defineConnector({
  id: 'odbc',
  title: 'ODBC',
  kind: 'source',
  stage: 'experimental',
  summary: 'Says which ODBC data sources and drivers this machine has.',
  limits: NO_DRIVER,
  options: Options,
  capabilities: { discover: false, preview: false, read: false, load: false, resume: false, transactional: false },
  test,
});

async function test({ options, context }: Connection<typeof Options>): Promise<TestReport> {
  const folder = context.project.at(options.ini_dir);
  const sources = await sections(join(folder, 'odbc.ini'));
  const drivers = await sections(join(folder, 'odbcinst.ini'));
  const known = sources.filter((name) => !/^odbc( data sources)?$/i.test(name));
  const found = `data sources: ${known.length === 0 ? 'none' : known.slice(0, 20).join(', ')}; drivers: ${drivers.length === 0 ? 'none' : drivers.slice(0, 20).join(', ')}`;
  const there = options.dsn === '' || known.includes(options.dsn) ? '' : ` There is no data source ${options.dsn}.`;
  return {
    ok: false,
    message: `In ${options.ini_dir}: ${found}.${there} ${NO_DRIVER}`,
    details: { data_sources: known.length, drivers: drivers.length },
  };
}

/** Names in square brackets of an ini file; none when it cannot be read. */
async function sections(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return [...text.slice(0, 1_000_000).matchAll(/^\s*\[([^\]\r\n]{1,100})\]\s*$/gm)].map(([, name = '']) => name);
}
