import * as vscode from 'vscode';
import type { ConnectorField, Connectors, ConnectorType } from '../core/review/connectorsModel.ts';
import type { ConnectorActions, ConnectorParts } from './connectorCommands.ts';
import { ask } from './connectorSecrets.ts';
import type { RunAnswer } from './protocol.ts';

/** A connection as commands and the page give it. Secrets go to the secret storage, the rest into `connectors.json`. */
export interface ConnectionForm {
  readonly name: string;
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly use: 'source' | 'target' | 'none' | null;
}

/** Writes a filled form. */
export async function saveConnection(
  parts: ConnectorParts,
  actions: ConnectorActions,
  root: string,
  form: ConnectionForm,
): Promise<RunAnswer> {
  const option = Object.entries(form.options).map(([key, value]) => `${key}=${value}`);
  const options = { name: form.name, type: form.type, option, ...(form.use === null ? {} : { use: form.use }) };
  const answer = await parts.runner.run(root, 'connectors set', 'Configure Connector', options);
  if (answer.error === null)
    for (const [key, value] of Object.entries(form.secrets)) await actions.secrets.keep(root, form.name, key, value);
  return answer;
}

/** Asks for a connection step by step; each answer is checked by the connector's own schema as it is typed. */
export async function configureConnection(
  parts: ConnectorParts,
  actions: ConnectorActions,
  root: string,
  given: unknown,
): Promise<RunAnswer | null> {
  if (isForm(given)) return saveConnection(parts, actions, root, given);
  const view = await actions.view(root);
  const chosen = await chooseConnection(view, given);
  if (chosen === null) return null;
  const filled = await fillOptions(actions, root, chosen);
  if (filled === null) return null;
  const use = await chooseUse(view, chosen);
  return use === null ? null : saveConnection(parts, actions, root, { ...chosen, ...filled, use });
}

function isForm(given: unknown): given is ConnectionForm {
  return typeof given === 'object' && given !== null && 'name' in given && 'type' in given && 'options' in given;
}

interface Chosen {
  readonly name: string;
  readonly type: string;
  readonly known: ConnectorType;
  readonly options: Readonly<Record<string, string>>;
}

async function chooseConnection(view: Connectors, given: unknown): Promise<Chosen | null> {
  const named = typeof given === 'object' && given !== null && 'connection' in given ? String(given.connection) : null;
  const present = view.connections.map(({ name, type }) => ({ label: name, description: type }));
  const fresh = { label: '$(add) New connection', description: '' };
  const name =
    named ??
    (present.length === 0
      ? fresh.label
      : (await vscode.window.showQuickPick([fresh, ...present], { placeHolder: 'Connection to configure' }))?.label);
  if (name === undefined) return null;
  const before = view.connections.find((connection) => connection.name === name);
  const known = view.types.find(({ id }) => id === before?.type);
  if (before !== undefined && known !== undefined) return { ...before, known };
  return newConnection(view);
}

async function newConnection(view: Connectors): Promise<Chosen | null> {
  const items = view.types.map((type) => {
    const refused = type.policy.filter(({ allowed }) => !allowed).map(({ profile }) => profile);
    return {
      label: type.title,
      description: `${type.kind === 'both' ? 'source and target' : type.kind}, ${type.stage}${refused.length === 0 ? '' : `; not for ${refused.join(', ')}`}`,
      detail: `${type.summary} ${type.limits}`,
      type,
    };
  });
  const known = (await vscode.window.showQuickPick(items, { placeHolder: 'Connector', matchOnDescription: true }))
    ?.type;
  if (known === undefined) return null;
  const name = await vscode.window.showInputBox({
    title: known.title,
    prompt: 'Name of the connection',
    placeHolder: 'legacy-extract',
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (!/^[A-Za-z][A-Za-z0-9_-]{0,39}$/.test(text)) return 'Letters, digits, - and _, a letter first; 40 at most.';
      return view.connections.some((connection) => connection.name === text)
        ? 'There is a connection of this name.'
        : null;
    },
  });
  return name === undefined ? null : { name, type: known.id, known, options: {} };
}

/** A list of the options with their values; choosing one changes it. */
async function fillOptions(
  actions: ConnectorActions,
  root: string,
  { name, type, known, options: before }: Chosen,
): Promise<{ options: Record<string, string>; secrets: Record<string, string> } | null> {
  const options: Record<string, string> = { ...before };
  const secrets: Record<string, string> = {};
  // What has no standard value must be given first.
  for (const field of known.fields.filter(({ required, secret }) => required && !secret)) {
    if (options[field.name] !== undefined) continue;
    const value = await askOption(actions, root, name, type, field, '');
    if (value === undefined) return null;
    options[field.name] = value;
  }
  for (;;) {
    const kept = await Promise.all(
      known.fields.map((field) => (field.secret ? actions.secrets.has(root, name, field.name) : false)),
    );
    const items = known.fields.map((field, index) => ({
      label: field.name,
      description: shown(field, options[field.name], secrets[field.name] !== undefined || kept[index] === true),
      detail: field.description,
      field,
    }));
    const save = {
      label: '$(check) Save',
      description: name,
      detail: 'Writes connectors.json; secrets stay in the editor.',
      field: null,
    };
    const chosen = await vscode.window.showQuickPick([save, ...items], {
      title: `${name}: ${known.title}`,
      placeHolder: 'Option to change, or Save',
      ignoreFocusOut: true,
    });
    if (chosen === undefined) return null;
    const { field } = chosen;
    if (field === null) return { options, secrets };
    if (field.secret) {
      const secret = await ask(name, field.name, field.description);
      if (secret !== undefined) secrets[field.name] = secret;
      continue;
    }
    const value = await askOption(actions, root, name, type, field, options[field.name] ?? field.standard ?? '');
    if (value !== undefined) options[field.name] = value;
  }
}

function shown(field: ConnectorField, value: string | undefined, kept: boolean): string {
  if (field.secret) return kept ? 'kept' : 'not given';
  return value ?? (field.standard === null ? '' : `${field.standard === '' ? 'empty' : field.standard} (standard)`);
}

async function askOption(
  actions: ConnectorActions,
  root: string,
  name: string,
  type: string,
  field: ConnectorField,
  value: string,
): Promise<string | undefined> {
  const title = `${name}: ${field.name}`;
  const choices = field.type === 'boolean' ? ['true', 'false'] : field.choices;
  if (choices.length > 0) {
    const items = choices.map((label) => ({ label, description: label === value ? 'present' : '' }));
    return (await vscode.window.showQuickPick(items, { title, placeHolder: field.description, ignoreFocusOut: true }))
      ?.label;
  }
  return vscode.window.showInputBox({
    title,
    prompt: field.description,
    value,
    ignoreFocusOut: true,
    validateInput: (text) => actions.ask(root, { about: 'fault', type, option: field.name, text }),
  });
}

async function chooseUse(view: Connectors, { name, known }: Chosen): Promise<ConnectionForm['use'] | null> {
  const sides = known.kind === 'both' ? (['source', 'target'] as const) : [known.kind];
  const items = [...sides, 'none' as const].map((use) => ({
    label: use === 'none' ? 'Neither yet' : `Use as ${use}`,
    description: use !== 'none' && view[use] === name ? 'present' : '',
    use,
  }));
  return (
    (
      await vscode.window.showQuickPick(items, {
        title: name,
        placeHolder: 'What is the connection used for?',
        ignoreFocusOut: true,
      })
    )?.use ?? null
  );
}
