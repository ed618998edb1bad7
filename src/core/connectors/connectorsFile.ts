import { findNodeAtLocation, type Node, parseTree, printParseErrorCode } from 'jsonc-parser';
import { z } from 'zod';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { hasErrors, type Parsed, type Problem } from '../shared/problem.ts';
import { secretNames } from './optionFields.ts';
import { CONNECTORS, connectorOf } from './registry.ts';
import { secretVariable } from './secrets.ts';

/** One configured connector. Options are as a person gave them: without secrets, defaults not filled in. */
export interface ConnectionSettings {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** `connectors.json`: how this project reaches its systems. */
export interface ConnectorChoices {
  /** Connection that the extract comes from and that the migrated rows go to; null when nobody chose. */
  readonly source: string | null;
  readonly target: string | null;
  readonly connections: ReadonlyMap<string, ConnectionSettings>;
}

export const NO_CHOICES: ConnectorChoices = { source: null, target: null, connections: new Map() };

/** A name that fits a file name, a variable and a terminal. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;

const Shape = z.strictObject({
  schema_version: z.literal(1),
  source: z.string().nullable().default(null),
  target: z.string().nullable().default(null),
  connections: z.record(
    z.string().regex(NAME, 'is no name for a connection; use letters, digits, - and _, a letter first'),
    z.strictObject({ type: z.string(), options: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** Reads the choices; never throws on bad content. A secret in the file is an error: it must not be there at all. */
export async function readConnectorChoices(project: Project): Promise<Parsed<ConnectorChoices>> {
  const text = await readOptionalText(project, ARTEFACTS.connectors);
  return text === null ? { value: NO_CHOICES, problems: [] } : parseConnectorChoices(text, ARTEFACTS.connectors);
}

/** The same for commands: any error is a `UserError`. */
export async function loadConnectorChoices(project: Project): Promise<ConnectorChoices> {
  const { value, problems } = await readConnectorChoices(project);
  if (hasErrors(problems)) throw UserError.from(problems);
  return value;
}

/** @param file project-relative name, for messages only */
export function parseConnectorChoices(text: string, file: string): Parsed<ConnectorChoices> {
  const problems: Problem[] = [];
  const errors: { error: number; offset: number; length: number }[] = [];
  const tree = parseTree(text.replace(/^\uFEFF/, ''), errors, { disallowComments: true });
  const add = (code: string, path: readonly (string | number)[], message: string): void => {
    problems.push({ code, severity: 'error', message, place: { file, ...linesOf(text, nodeAt(tree, path)?.offset) } });
  };
  const [broken] = errors;
  if (broken !== undefined || tree === undefined) {
    const why = broken === undefined ? 'it is empty' : printParseErrorCode(broken.error as never);
    problems.push({
      code: 'connectors-malformed',
      severity: 'error',
      message: `The file is not valid JSON (${why}); mend it here, or remove it and run connectors set.`,
      place: { file, ...linesOf(text, broken?.offset) },
    });
    return { value: NO_CHOICES, problems };
  }
  const read = Shape.safeParse(JSON.parse(text.replace(/^\uFEFF/, '')));
  if (!read.success) {
    for (const { path, message } of read.error.issues)
      add('connectors-malformed', path as (string | number)[], `${path.join('.')}: ${message}.`);
    return { value: NO_CHOICES, problems };
  }
  const connections = new Map(Object.entries(read.data.connections));
  for (const [name, settings] of connections)
    for (const fault of settingsFaults(name, settings))
      add(fault.code, ['connections', name, ...fault.path], fault.message);
  for (const side of ['source', 'target'] as const) {
    const chosen = read.data[side];
    if (chosen === null) continue;
    const type = connections.get(chosen)?.type;
    const kind = type === undefined ? undefined : connectorOf(type)?.kind;
    if (type === undefined)
      add('connectors-unknown-name', [side], `There is no connection ${chosen}; add it, or correct the name.`);
    else if (kind !== undefined && kind !== 'both' && kind !== side)
      add('connectors-wrong-side', [side], `${type} is a ${kind} only, and cannot be the ${side}.`);
  }
  return { value: { source: read.data.source, target: read.data.target, connections }, problems };
}

interface Fault {
  readonly code: string;
  readonly path: readonly string[];
  readonly message: string;
}

/** What is wrong with one connection: its type, its options, or a secret that stands where it must not. */
export function settingsFaults(name: string, settings: ConnectionSettings): Fault[] {
  const connector = connectorOf(settings.type);
  if (connector === undefined) {
    const known = CONNECTORS.map(({ id }) => id).join(', ');
    return [
      {
        code: 'connectors-unknown-type',
        path: ['type'],
        message: `There is no connector ${settings.type}; there are ${known}.`,
      },
    ];
  }
  const secrets = secretNames(connector.options);
  const exposed = Object.entries(settings.options).filter(
    ([key, value]) => secrets.includes(key) || looksSecret(key, value),
  );
  if (exposed.length > 0) {
    return exposed.map(([key]) => ({
      code: 'connectors-secret-in-file',
      path: ['options', key],
      message: `${key} of ${name} looks like a secret; take it out of the file and change it, then give it as ${secretVariable(name, secrets.includes(key) ? key : (secrets[0] ?? key))} or when you are asked.`,
    }));
  }
  // Secrets are not in the file; a stand-in lets the rest be checked.
  const filled = { ...settings.options, ...Object.fromEntries(secrets.map((key) => [key, 'given later'])) };
  const read = connector.options.strict().safeParse(filled);
  if (read.success) return [];
  return read.error.issues.map(({ path, message }) => ({
    code: 'connectors-bad-option',
    path: ['options', ...path.map(String)],
    message: `${name}: ${path.length === 0 ? '' : `${path.join('.')}: `}${message}.`,
  }));
}

/** A key that names a secret, or a value that carries one: credentials in a URL or in a connection string. */
export function looksSecret(key: string, value: unknown): boolean {
  if (/passw|passphrase|pwd|secret|token|credential|api_?key|private_?key/i.test(key)) return true;
  if (typeof value !== 'string') return false;
  return holdsCredentials(key, value) || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value);
}

/** Options that say where and as whom: in them `name:word` and `name/word@` are a user with a password. */
const ADDRESS = /^(url|uri|dsn|host|server|user|username|login|connection|connection_string)$/i;

/** A value that carries a password beside what it is for: a URL, a connection string, Oracle's `scott/tiger@`. */
export function holdsCredentials(key: string, value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (/^[a-z][a-z0-9+.:-]*:\/\/[^/@\s:]*:[^@\s]+@/i.test(value)) return true;
  if (/(^|[;&?\s])(password|passwd|pwd|secret|token)\s*=\s*[^;&\s]/i.test(value)) return true;
  if (!ADDRESS.test(key)) return false;
  // A user name has no colon; a host may (`::1`).
  if (/^(user|username|login)$/i.test(key) && /^[^:\s]+:\S/.test(value)) return true;
  const address = value.replace(/^jdbc:[a-z0-9]+:((thin|oci8?|kprb):)?/i, '');
  return /(^|[:/])[^:/@\s]+[:/][^@\s]+@/.test(address);
}

/** The file's text: names in order, nothing that was not given. */
export function connectorChoicesText(choices: ConnectorChoices): string {
  const names = [...choices.connections.keys()].sort();
  const connections = Object.fromEntries(names.map((name) => [name, choices.connections.get(name)]));
  const { source, target } = choices;
  return `${JSON.stringify({ schema_version: 1, source, target, connections }, null, 2)}\n`;
}

export function isConnectionName(name: string): boolean {
  return NAME.test(name);
}

/** The deepest node on the path that exists. */
function nodeAt(tree: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  if (tree === undefined) return undefined;
  for (let length = path.length; length > 0; length -= 1) {
    const found = findNodeAtLocation(tree, path.slice(0, length));
    // The key is what a person looks for; it stands before its value.
    if (found !== undefined) return found.parent?.type === 'property' ? found.parent : found;
  }
  return tree;
}

function linesOf(text: string, offset: number | undefined): { line: number; column: number } {
  const before = text.slice(0, offset ?? 0).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
