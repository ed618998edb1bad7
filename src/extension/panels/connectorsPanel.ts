import * as vscode from 'vscode';
import { chooseProject } from '../commands.ts';
import { ConnectorActions, type ConnectorParts, registerConnectorCommands } from '../connectorCommands.ts';
import { saveConnection } from '../connectorForm.ts';
import { ask as askSecret } from '../connectorSecrets.ts';
import type { RunAnswer } from '../protocol.ts';
import { CONNECTORS_PANEL } from './connectorsProtocol.ts';
import { PanelHost } from './panelHost.ts';
import { shownRoot } from './panelParts.ts';

const USES = {
  extract: { id: 'connectors extract', title: 'Extract Source', optionsOf: (name: string) => ({ name }) },
  load: { id: 'load', title: 'Load Target', optionsOf: (name: string) => ({ connector: name }) },
  reconcile: { id: 'reconcile', title: 'Reconcile', optionsOf: (name: string) => ({ connector: name }) },
} as const;

/** Registers the Connectors panel and the commands that do the same without it. */
export function registerConnectors(parts: ConnectorParts): vscode.Disposable {
  const actions = new ConnectorActions(parts);
  const host = new PanelHost({
    panel: CONNECTORS_PANEL,
    title: 'Connectors',
    extension: parts.context.extensionUri,
    projects: parts.projects,
    log: parts.log,
    answers: {
      content: (_, panel) => actions.view(shownRoot(panel)),
      fault: async ({ type, option, text }, panel) => ({
        message: (await actions.ask(shownRoot(panel), { about: 'fault', type, option, text })) ?? '',
      }),
      save: async (form, panel) =>
        said(await saveConnection(parts, actions, shownRoot(panel), { ...form, secrets: {} })),
      remove: async ({ name }, panel) => {
        const question = `Remove the connection ${name}? Its secrets are forgotten too.`;
        if ((await vscode.window.showWarningMessage(question, { modal: true }, 'Remove')) !== 'Remove')
          return said(null);
        const root = shownRoot(panel);
        const type = await typeOf(actions, root, name);
        const answer = await parts.runner.run(root, 'connectors remove', 'Remove Connection', { name });
        if (answer.error === null)
          for (const field of type?.fields ?? [])
            if (field.secret) await actions.secrets.keep(root, name, field.name, '');
        return said(answer);
      },
      secret: async ({ name, option }, panel) => {
        const root = shownRoot(panel);
        const field = (await typeOf(actions, root, name))?.fields.find((one) => one.name === option && one.secret);
        if (field === undefined) throw new Error(`${name} has no secret ${option}.`);
        const secret = await askSecret(name, option, field.description);
        if (secret !== undefined) await actions.secrets.keep(root, name, option, secret);
        return {};
      },
      test: async ({ name }, panel) => (await actions.test(shownRoot(panel), name)) ?? said(null),
      discover: async ({ name, side }, panel) => said(await actions.discover(shownRoot(panel), name, side)),
      tables: async ({ name }, panel) => {
        const root = shownRoot(panel);
        const given = await actions.given(root, name);
        return { tables: given === null ? [] : [...(await actions.ask(root, { about: 'tables', name, given }))] };
      },
      preview: async ({ name, table }, panel) => {
        const root = shownRoot(panel);
        const given = await actions.given(root, name);
        if (given === null) throw new Error('The secret was not given.');
        return actions.ask(root, { about: 'preview', name, table, given });
      },
      use: async ({ name, command }, panel) => {
        const { id, title, optionsOf } = USES[command];
        return said(await actions.run(shownRoot(panel), id, title, name, optionsOf(name)));
      },
    },
    changed: (panel) => panel.notify('changed', {}),
  });
  return vscode.Disposable.from(
    actions,
    host,
    registerConnectorCommands(parts, actions),
    vscode.commands.registerCommand('pasMigration.openConnectors', async () => {
      const root = await chooseProject(parts.projects);
      return root === null ? null : host.open(root);
    }),
  );
}

async function typeOf(actions: ConnectorActions, root: string, name: string) {
  const view = await actions.view(root);
  const type = view.connections.find((connection) => connection.name === name)?.type;
  return view.types.find(({ id }) => id === type);
}

function said(answer: RunAnswer | null): { ok: boolean; message: string } {
  if (answer === null) return { ok: false, message: 'Nothing was done.' };
  return { ok: answer.status === 'passed', message: answer.error ?? answer.text[0] ?? '' };
}
