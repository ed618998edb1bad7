import { z } from 'zod';
import { secretText } from '../../connectors/optionFields.ts';
import type { Project } from '../../project/layout.ts';

/** A schema name that needs no thought anywhere; the load adds endings to it. */
const SCHEMA = /^[a-z_][a-z0-9_]{0,39}$/;

/** How to reach a PostgreSQL server and where the rows go. */
export const ServerOptions = z.object({
  host: z.string().min(1).default('localhost').describe('host name, or the folder of a Unix socket'),
  port: z.int().min(1).max(65535).default(5432).describe('port'),
  database: z.string().min(1).describe('database'),
  user: z.string().min(1).describe('user; must be allowed to create schemas in the database'),
  password: secretText('password of the user; not needed where the server trusts the connection').optional(),
  schema: z
    .string()
    .regex(SCHEMA, 'must be a name of small letters, digits and _, at most 40 characters')
    .refine((name) => !name.startsWith('pg_') && name !== 'public' && name !== 'information_schema', {
      message: 'must be a schema of its own: each load takes the place of the whole schema',
    })
    .default('pas_target')
    .describe('schema that holds the migrated tables; each load takes its place as a whole'),
  tls: z
    .enum(['verify-full', 'require', 'off'])
    .default('verify-full')
    .describe('verify-full checks certificate and host name; require only encrypts; off is for this machine only'),
  ca_file: z
    .string()
    .min(1)
    .optional()
    .describe(
      'certificate of the authority that signed the server certificate (PEM file, a path from the project); with verify-full only',
    ),
  connections: z.int().min(1).max(4).default(2).describe('sessions that load at the same time'),
  batch_mb: z.int().min(1).max(1024).default(64).describe('rows sent in one transaction, in MB of the file'),
  connect_timeout_s: z.int().min(1).max(300).default(10).describe('seconds to wait for a connection'),
  statement_timeout_s: z
    .int()
    .min(1)
    .max(86400)
    .default(3600)
    .describe('seconds that one statement (a batch, an index) may take'),
  lock_timeout_s: z.int().min(1).max(3600).default(30).describe('seconds to wait for locks that others hold'),
});
export type ServerOptions = z.infer<typeof ServerOptions>;

/** The options with `ca_file` found from the project, wherever the process runs. */
export function inProject(options: ServerOptions, project: Project): ServerOptions {
  return options.ca_file === undefined ? options : { ...options, ca_file: project.at(options.ca_file) };
}
