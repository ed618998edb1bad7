import * as z from 'zod/mini';

/** What the Connectors panel and commands show. Plain shapes: pages import this. */
export const ConnectorField = z.object({
  name: z.string(),
  description: z.string(),
  type: z.enum(['text', 'integer', 'boolean', 'choice']),
  choices: z.array(z.string()),
  standard: z.nullable(z.string()),
  required: z.boolean(),
  secret: z.boolean(),
});
export type ConnectorField = z.infer<typeof ConnectorField>;

const Rule = z.object({ profile: z.string(), allowed: z.boolean(), reason: z.string() });

export const ConnectorType = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['source', 'target', 'both']),
  stage: z.enum(['stable', 'emulator', 'experimental']),
  summary: z.string(),
  limits: z.string(),
  can: z.object({ discover: z.boolean(), preview: z.boolean(), read: z.boolean(), load: z.boolean() }),
  policy: z.array(Rule),
  fields: z.array(ConnectorField),
});
export type ConnectorType = z.infer<typeof ConnectorType>;

export const ConfiguredConnection = z.object({
  name: z.string(),
  type: z.string(),
  /** As text, by option; secrets are never here. */
  options: z.record(z.string(), z.string()),
});
export type ConfiguredConnection = z.infer<typeof ConfiguredConnection>;

const Outcome = z.object({ connection: z.string(), status: z.string(), at: z.string(), text: z.string() });

export const Connectors = z.object({
  source: z.nullable(z.string()),
  target: z.nullable(z.string()),
  connections: z.array(ConfiguredConnection),
  types: z.array(ConnectorType),
  problems: z.array(z.string()),
  lastLoad: z.nullable(Outcome),
  lastReconciliation: z.nullable(Outcome),
  /** Reports of a load or a reconciliation that are there and cannot be used, one sentence each. */
  unreadable: z.array(z.string()),
});
export type Connectors = z.infer<typeof Connectors>;

/** Rows for a person's eyes. */
export const PreviewRows = z.object({
  columns: z.array(z.string()),
  rows: z.array(z.array(z.nullable(z.string()))),
  more: z.boolean(),
  problems: z.array(z.string()),
});
export type PreviewRows = z.infer<typeof PreviewRows>;
