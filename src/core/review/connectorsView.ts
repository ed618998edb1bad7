import { z } from 'zod';
import { readConnectorChoices } from '../connectors/connectorsFile.ts';
import { optionFields, optionFromText } from '../connectors/optionFields.ts';
import { connectorPolicy, RELEASE_PROFILES } from '../connectors/policy.ts';
import { CONNECTORS, connectorOf } from '../connectors/registry.ts';
import type { Project } from '../project/layout.ts';
import { counted } from '../shared/counted.ts';
import { compareText } from '../shared/order.ts';
import { formatProblem } from '../shared/problem.ts';
import type { Connectors, ConnectorType } from './connectorsModel.ts';
import { loadOutcome, type ReportedOutcome, reconciliationOutcome } from './reports.ts';

/** Connections, connectors and how the last load and reconciliation ended. Never throws on broken files. */
export async function readConnectors(project: Project): Promise<Connectors> {
  const { value: choices, problems } = await readConnectorChoices(project);
  const [load, reconciliation] = [await loadOutcome(project), await reconciliationOutcome(project)];
  const connections = [...choices.connections].sort(([a], [b]) => compareText(a, b));
  return {
    source: choices.source,
    target: choices.target,
    connections: connections.map(([name, { type, options }]) => ({
      name,
      type,
      options: Object.fromEntries(Object.entries(options).map(([key, value]) => [key, String(value)])),
    })),
    types: CONNECTORS.map(typeOf),
    problems: problems.map(formatProblem),
    lastLoad: outcomeOf(load.value),
    lastReconciliation: outcomeOf(reconciliation.value),
    unreadable: [load, reconciliation].flatMap(({ problem }) => problem?.message ?? []),
  };
}

function typeOf({
  id,
  title,
  kind,
  stage,
  summary,
  limits,
  capabilities,
  options,
}: (typeof CONNECTORS)[number]): ConnectorType {
  const { discover, preview, read, load } = capabilities;
  return {
    id,
    title,
    kind,
    stage,
    summary,
    limits,
    can: { discover, preview, read, load },
    policy: RELEASE_PROFILES.map((profile) => {
      const { allowed, reason } = connectorPolicy(stage, profile);
      return { profile, allowed, reason };
    }),
    fields: optionFields(options).map((field) => ({ ...field, choices: [...field.choices] })),
  };
}

function outcomeOf(read: ReportedOutcome | null): Connectors['lastLoad'] {
  if (read === null) return null;
  const differences = read.unexplained_differences;
  const said = differences === undefined ? read.message : `${counted(differences, 'difference')} that nothing explains`;
  return { connection: read.connection, status: read.status, at: read.run_at_utc, text: said };
}

/** What is wrong with a text for an option, as it is typed; null when nothing is. */
export function optionFault(type: string, option: string, text: string): string | null {
  const connector = connectorOf(type);
  const field =
    connector === undefined ? undefined : optionFields(connector.options).find(({ name }) => name === option);
  const schema = connector?.options.shape[option];
  if (connector === undefined || field === undefined || schema === undefined) return `${type} has no option ${option}.`;
  if (text === '' && !field.required) return null;
  const read = z.safeParse(schema, optionFromText(field, text));
  if (read.success) return null;
  const message = read.error.issues[0]?.message ?? 'is not valid';
  return field.type === 'integer' && !/^-?\d+$/.test(text.trim()) ? 'Enter a whole number.' : `${message}.`;
}
