import { z } from 'zod';
import { defineStage, type StageContext, type StageResult } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { UserError } from '../shared/errors.ts';
import {
  type ConnectionSettings,
  type ConnectorChoices,
  connectorChoicesText,
  holdsCredentials,
  isConnectionName,
  loadConnectorChoices,
  looksSecret,
  settingsFaults,
} from './connectorsFile.ts';
import { optionFields, optionFromText, secretNames } from './optionFields.ts';
import { CONNECTORS, connectorOf } from './registry.ts';
import { secretVariable } from './secrets.ts';

const NAME = z.string().min(1).max(40).describe('name of the connection');

/** Adds a connection, or changes the options that are given. Refuses secrets, and keeps what it refused out of the history. */
export const setConnector = defineStage({
  id: 'connectors set',
  title: 'Configure connector',
  owner: 'etl_engineer',
  summary: 'Add or change a connection in connectors.json; secrets are refused, because they never stand in a file.',
  example:
    "pas-migration connectors set legacy --type csv --option path=extracts/2026-11-20 --option 'delimiter=|' --use source",
  options: z.object({
    name: NAME,
    type: z.string().min(1).optional().describe('the connector; needed for a new connection'),
    option: z
      .array(z.string().regex(/^[A-Za-z_]+=/, 'must be NAME=VALUE'))
      .default([])
      .describe('an option as NAME=VALUE, any number of times; an empty value takes it away'),
    use: z.enum(['source', 'target', 'none']).optional().describe('which side this connection is used for'),
  }),
  positional: ['name'],
  recorded: (options) => ({ ...options, option: namesOnly(options['option']) }),
  reads: [ARTEFACTS.connectors],
  writes: [ARTEFACTS.connectors],
  async run(context, { name, type, option, use }): Promise<StageResult> {
    if (!isConnectionName(name))
      throw new UserError(
        `${JSON.stringify(name)} is no name for a connection; use letters, digits, - and _, a letter first.`,
      );
    const choices = await loadConnectorChoices(context.project);
    const settings = changed(choices.connections.get(name), name, type, option);
    const [fault] = settingsFaults(name, settings);
    if (fault !== undefined) throw new UserError(fault.message);
    const connections = new Map(choices.connections).set(name, settings);
    return writeChoices(context, used({ ...choices, connections }, name, settings.type, use), `${name} is configured.`);
  },
});

/** Takes a connection away. */
export const removeConnector = defineStage({
  id: 'connectors remove',
  title: 'Remove connection',
  owner: 'etl_engineer',
  summary: 'Take a connection out of connectors.json.',
  example: 'pas-migration connectors remove legacy',
  options: z.object({ name: NAME }),
  positional: ['name'],
  reads: [ARTEFACTS.connectors],
  writes: [ARTEFACTS.connectors],
  async run(context, { name }): Promise<StageResult> {
    const choices = await loadConnectorChoices(context.project);
    const connections = new Map(choices.connections);
    if (!connections.delete(name)) throw new UserError(`There is no connection ${name}; run connectors list.`);
    const left = (side: string | null): string | null => (side === name ? null : side);
    const next = { source: left(choices.source), target: left(choices.target), connections };
    return writeChoices(context, next, `${name} is removed.`);
  },
});

/** `--option password=x` must not be recorded, whatever its name: only the names are. */
function namesOnly(option: unknown): unknown {
  if (!Array.isArray(option)) return [];
  return option.map((text) => /^([A-Za-z_]+)=/.exec(String(text))?.[1] ?? '?');
}

function changed(
  before: ConnectionSettings | undefined,
  name: string,
  type: string | undefined,
  given: readonly string[],
): ConnectionSettings {
  const wanted = type ?? before?.type;
  if (wanted === undefined)
    throw new UserError(
      `${name} is new; say which connector it is with --type (${CONNECTORS.map(({ id }) => id).join(', ')}).`,
    );
  const connector = connectorOf(wanted);
  if (connector === undefined)
    throw new UserError(`There is no connector ${wanted}; there are ${CONNECTORS.map(({ id }) => id).join(', ')}.`);
  const fields = optionFields(connector.options);
  const secrets = secretNames(connector.options);
  // Options of another connector mean something else.
  const options: Record<string, unknown> = before?.type === wanted ? { ...before.options } : {};
  for (const text of given) {
    const key = text.slice(0, text.indexOf('='));
    const value = text.slice(text.indexOf('=') + 1);
    if (!secrets.includes(key) && holdsCredentials(key, value))
      throw new UserError(`${key} holds a password; give ${alone(key)}${passwordGoes(name, secrets)}.`);
    if (secrets.includes(key) || looksSecret(key, value))
      throw new UserError(
        `${key} is a secret and is not written; give it as ${secretVariable(name, key)}, or when you are asked.`,
      );
    const field = fields.find((candidate) => candidate.name === key);
    if (field === undefined)
      throw new UserError(`${wanted} has no option ${key}; it has ${fields.map((one) => one.name).join(', ')}.`);
    if (value === '' && field.standard !== '') delete options[key];
    else options[key] = optionFromText(field, value);
  }
  return { type: wanted, options };
}

/** What is left to write of an option that held a password. */
function alone(key: string): string {
  if (/host|server/i.test(key)) return 'the host name alone';
  return /user|login/i.test(key) ? 'the user name alone' : 'it without';
}

function passwordGoes(name: string, [secret]: readonly string[]): string {
  if (secret === undefined) return '; this connector takes no password';
  return `, and the password as ${secretVariable(name, secret)}, or when you are asked`;
}

function used(choices: ConnectorChoices, name: string, type: string, use: string | undefined): ConnectorChoices {
  if (use === undefined) return choices;
  const kind = connectorOf(type)?.kind;
  if (use !== 'none' && kind !== 'both' && kind !== use)
    throw new UserError(`${type} is a ${kind} only, and cannot be the ${use}.`);
  const without = (side: string | null): string | null => (side === name ? null : side);
  const cleared = { ...choices, source: without(choices.source), target: without(choices.target) };
  return use === 'none' ? cleared : { ...cleared, [use]: name };
}

async function writeChoices(context: StageContext, choices: ConnectorChoices, said: string): Promise<StageResult> {
  const outputs = await publishing(context.project, async (publication) => {
    await publication.writeText(ARTEFACTS.connectors, connectorChoicesText(choices));
    return publication.outputs;
  });
  const { source, target, connections } = choices;
  return {
    status: 'passed',
    summary: { source, target, connections: [...connections.keys()].sort() },
    text: [said],
    inputs: [ARTEFACTS.connectors],
    outputs,
  };
}
