import { z } from 'zod';

/** The emulator needs nothing to be reached; only the name of its schema may be chosen. */
export const EmulatorOptions = z.object({
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,39}$/, 'must be a name of small letters, digits and _, at most 40 characters')
    .refine((name) => !name.startsWith('pg_') && name !== 'information_schema', {
      message: 'must not be a schema of the system',
    })
    .default('pas_target')
    .describe('schema that holds the migrated tables'),
});
