import * as vscode from 'vscode';
import type { Connectors, ConnectorType } from '../core/review/connectorsModel.ts';
import { counted } from '../core/shared/counted.ts';
import { textTable } from '../core/shared/textTable.ts';
import { chooseProject } from './commands.ts';
import { configureConnection } from './connectorForm.ts';
import type { ConnectorAnswers, ConnectorAsk, GivenSecrets } from './connectorRequests.ts';
import { ConnectorSecrets } from './connectorSecrets.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import type { Projects } from './projects.ts';
import type { RunAnswer } from './protocol.ts';
import type { Runner } from './runner.ts';

/** Rows of a table, read only and in memory only: `pas-migration-preview:/<connection>/<table>?<number>`. */
const SCHEME = 'pas-migration-preview';

export interface ConnectorParts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly runner: Runner;
  readonly log: Log;
}

/** A tree item of a connection, or its name when called by hand. */
type Given = { readonly connection?: string } | string | undefined;

/** What acts on a connection, for commands and the Connectors panel alike. Secrets come from the secret storage. */
export class ConnectorActions implements vscode.Disposable {
  readonly secrets: ConnectorSecrets;
  readonly #parts: ConnectorParts;
  readonly #previews = new Map<string, string>();
  readonly #contents: vscode.Disposable;
  #shown = 0;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
    this.secrets = new ConnectorSecrets(parts.context.secrets);
    this.#contents = vscode.Disposable.from(
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
        provideTextDocumentContent: (uri) => this.#previews.get(uri.toString()) ?? 'Closed. Preview the table again.',
      }),
      // What nobody looks at any more is forgotten.
      vscode.workspace.onDidCloseTextDocument((document) => this.#previews.delete(document.uri.toString())),
    );
  }

  async ask<K extends ConnectorAsk['about']>(
    root: string,
    ask: Extract<ConnectorAsk, { about: K }>,
  ): Promise<ConnectorAnswers[K]> {
    return (await this.#parts.core.ask({ kind: 'connector', project: root, ask })) as ConnectorAnswers[K];
  }

  view(root: string): Promise<Connectors> {
    return this.ask(root, { about: 'view' });
  }

  /** The secrets of a connection; null when the person would not give one that is needed. */
  async given(root: string, name: string): Promise<GivenSecrets | null> {
    const view = await this.view(root);
    const type = view.connections.find((connection) => connection.name === name)?.type ?? name;
    return this.secrets.given(
      root,
      name,
      view.types.find(({ id }) => id === type),
    );
  }

  async test(root: string, name: string): Promise<ConnectorAnswers['test'] | null> {
    const given = await this.given(root, name);
    return given === null ? null : this.ask(root, { about: 'test', name, given });
  }

  /** Shows rows in a read-only document that lives in memory. */
  async preview(root: string, name: string, table: string): Promise<boolean> {
    const given = await this.given(root, name);
    if (given === null) return false;
    const { columns, rows, more, problems } = await this.ask(root, { about: 'preview', name, table, given });
    this.#shown += 1;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}/${table}`, query: String(this.#shown) });
    const note = `${counted(rows.length, 'row')} of ${table} by ${name}${more ? ', there are more' : ''}. Shown only; not saved anywhere.`;
    this.#previews.set(uri.toString(), [note, ...problems, '', ...textTable(columns, rows, WIDEST), ''].join('\n'));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
    return true;
  }

  /** Asks for the schema; what is there is replaced only when the person says so. */
  async discover(root: string, name: string, side: 'source' | 'target', replace?: boolean): Promise<RunAnswer | null> {
    const looked = await this.run(root, 'connectors discover', 'Discover Schema', name, { name, side });
    // What could not be looked at would be missing from the catalog.
    if (looked === null || looked.error !== null || looked.status !== 'passed') return looked;
    const [found = ''] = looked.text;
    const known = / fields, \d+ fields not in the catalog/.test(found);
    if (known && replace !== true) {
      const question = `${name} has ${found} Replace the ${side} catalog with it?`;
      const detail = 'What extract-specs read of the documents is written over; a snapshot brings it back.';
      const chosen = await vscode.window.showWarningMessage(question, { modal: true, detail }, 'Replace');
      if (chosen !== 'Replace') return null;
    }
    const write = known ? 'replace' : 'new';
    return this.run(root, 'connectors discover', 'Discover Schema', name, { name, side, write });
  }

  /** Runs a command of the core that uses a connection; null when the person would not give a secret. */
  async run(
    root: string,
    command: string,
    title: string,
    name: string,
    options: Record<string, unknown>,
  ): Promise<RunAnswer | null> {
    const given = await this.given(root, name);
    return given === null ? null : this.#parts.runner.run(root, command, title, options, undefined, given);
  }

  dispose(): void {
    this.#contents.dispose();
  }
}

/** Commands that configure, test, look into and use connections. */
export function registerConnectorCommands(parts: ConnectorParts, actions: ConnectorActions): vscode.Disposable {
  const { projects, log } = parts;
  const register = (command: string, work: (root: string, ...given: never[]) => Promise<unknown>) =>
    vscode.commands.registerCommand(command, async (...given: never[]) => {
      const root = await chooseProject(projects, given[1]);
      if (root === null) return undefined;
      try {
        return await work(root, ...given);
      } catch (error) {
        void vscode.window.showErrorMessage((error as Error).message);
        return undefined;
      }
    });

  async function pick(
    root: string,
    given: Given,
    what: string,
    fits: (type: ConnectorType) => boolean,
  ): Promise<string | undefined> {
    const named = typeof given === 'string' ? given : given?.connection;
    if (named !== undefined) return named;
    const view = await actions.view(root);
    const typeOf = (id: string): ConnectorType | undefined => view.types.find((type) => type.id === id);
    const items = view.connections.flatMap(({ name, type }) => {
      const known = typeOf(type);
      return known === undefined || !fits(known) ? [] : [{ label: name, description: `${type}, ${known.stage}` }];
    });
    if (items.length === 0) {
      const configure = 'Configure Connector';
      const chosen = await vscode.window.showInformationMessage(`No connection can do that yet: ${what}.`, configure);
      if (chosen === configure)
        await vscode.commands.executeCommand('pasMigration.configureConnector', undefined, root);
      return undefined;
    }
    return (await vscode.window.showQuickPick(items, { placeHolder: what }))?.label;
  }

  function tell(answer: RunAnswer | null): RunAnswer | null {
    if (answer === null) return null;
    for (const line of answer.text) log.info(line);
    const [said = ''] = answer.text;
    if (answer.error !== null) void vscode.window.showErrorMessage(answer.error);
    else if (answer.status === 'passed') void vscode.window.showInformationMessage(said);
    else void vscode.window.showWarningMessage(said);
    return answer;
  }

  const using =
    (
      command: string,
      title: string,
      what: string,
      fits: (type: ConnectorType) => boolean,
      optionsOf: (name: string) => Record<string, unknown>,
    ) =>
    async (root: string, given?: Given) => {
      const name = await pick(root, given, what, fits);
      return name === undefined ? null : tell(await actions.run(root, command, title, name, optionsOf(name)));
    };

  return vscode.Disposable.from(
    register('pasMigration.configureConnector', async (root, given?: unknown) => {
      const answer = await configureConnection(parts, actions, root, given);
      return answer === null ? null : tell(answer);
    }),
    register('pasMigration.testConnector', async (root, given?: Given) => {
      const name = await pick(root, given, 'Connection to test', () => true);
      if (name === undefined) return null;
      const report = await actions.test(root, name);
      if (report?.ok === true) void vscode.window.showInformationMessage(`${name}: ${report.message}`);
      else if (report !== null) void vscode.window.showWarningMessage(`${name}: ${report.message}`);
      return report;
    }),
    register('pasMigration.discoverConnector', async (root, given?: Given, replace?: unknown) => {
      const name = await pick(root, given, 'Connection to discover', (type) => type.can.discover);
      if (name === undefined) return null;
      const view = await actions.view(root);
      const side = view.target === name && view.source !== name ? 'target' : 'source';
      return tell(await actions.discover(root, name, side, replace === true));
    }),
    register('pasMigration.previewConnector', async (root, given?: Given, named?: unknown) => {
      const name = await pick(root, given, 'Connection to look into', (type) => type.can.preview);
      if (name === undefined) return null;
      const secrets = await actions.given(root, name);
      if (secrets === null) return null;
      const table =
        typeof named === 'string'
          ? named
          : await vscode.window.showQuickPick(
              actions.ask(root, { about: 'tables', name, given: secrets }).then((all) => [...all]),
              {
                placeHolder: 'Table to look into; its first rows are shown and not saved',
              },
            );
      return table === undefined ? null : actions.preview(root, name, table);
    }),
    register(
      'pasMigration.extractSource',
      using(
        'connectors extract',
        'Extract Source',
        'Connection to extract from',
        (type) => type.can.read && type.kind !== 'target',
        (name) => ({ name }),
      ),
    ),
    register(
      'pasMigration.loadTarget',
      using(
        'load',
        'Load Target',
        'Connection to load into',
        (type) => type.can.load,
        (name) => ({ connector: name }),
      ),
    ),
    register(
      'pasMigration.reconcileTarget',
      using(
        'reconcile',
        'Reconcile',
        'Connection to reconcile with',
        (type) => type.can.load && type.can.read,
        (name) => ({ connector: name }),
      ),
    ),
  );
}

/** Widest cell of the text table. */
const WIDEST = 40;
