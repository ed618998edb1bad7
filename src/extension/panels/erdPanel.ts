import { randomBytes } from 'node:crypto';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import type { CatalogSide } from '../../core/catalog/catalog.ts';
import { csvCell } from '../../core/csv/csvText.ts';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Log } from '../log.ts';
import type { Projects } from '../projects.ts';
import { type ExportFormat, type FromErdPage, readFromPage, readViews, type ToErdPage } from './erdProtocol.ts';

const TYPE = 'pasMigration.erd';
/** Catalogs and relationships are written together. */
const SETTLE_MS = 300;
const CATALOGS = { source: ARTEFACTS.sourceCatalog, target: ARTEFACTS.targetCatalog } as const;
const FILES: Readonly<Record<ExportFormat, { readonly ending: string; readonly label: string }>> = {
  svg: { ending: 'svg', label: 'SVG' },
  png: { ending: 'png', label: 'PNG' },
  mermaid: { ending: 'mmd', label: 'Mermaid' },
};

/** What the panel needs of the extension. */
export interface ErdPanelParts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly log: Log;
}

/** The panel with the entity relationship diagram. There is one; it comes back when the window reloads. */
export class ErdPanel implements vscode.Disposable {
  readonly #parts: ErdPanelParts;
  readonly #subscriptions: vscode.Disposable[] = [];
  #panel: vscode.WebviewPanel | null = null;
  #watcher: vscode.Disposable | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** A table to show once the page has the schemas. */
  #focus: { readonly side: CatalogSide; readonly table: string } | null = null;
  #asked = 0;

  constructor(parts: ErdPanelParts) {
    this.#parts = parts;
    this.#subscriptions.push(
      vscode.commands.registerCommand('pasMigration.openErd', (given?: unknown) => this.open(tableOf(given))),
      vscode.window.registerWebviewPanelSerializer(TYPE, {
        deserializeWebviewPanel: async (panel) => this.#attach(panel),
      }),
      parts.projects.onDidChange(() => {
        this.#watch();
        this.#sendSoon();
      }),
    );
  }

  /** Opens the panel or brings it to the front; shows a table and its neighbours when one is given. */
  open(table: { readonly side: CatalogSide; readonly table: string } | null = null): void {
    this.#focus = table;
    if (this.#panel === null) {
      this.#attach(vscode.window.createWebviewPanel(TYPE, 'ERD', vscode.ViewColumn.Active));
      return;
    }
    const hidden = !this.#panel.visible;
    this.#panel.reveal();
    // A page that was hidden is made anew and asks for the schemas itself.
    if (!hidden) this.#sendFocus();
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#watcher?.dispose();
    this.#panel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #attach(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const folder = vscode.Uri.joinPath(this.#parts.context.extensionUri, 'dist', 'webviews');
    const media = vscode.Uri.joinPath(this.#parts.context.extensionUri, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'icon-light.svg'),
      dark: vscode.Uri.joinPath(media, 'icon-dark.svg'),
    };
    panel.webview.options = { enableScripts: true, localResourceRoots: [folder] };
    panel.webview.onDidReceiveMessage((message: unknown) => {
      const read = readFromPage(message);
      if (read !== null) void this.#receive(read);
    });
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = null;
      this.#watcher?.dispose();
      this.#watcher = null;
    });
    panel.webview.html = pageHtml(panel.webview, folder);
    this.#watch();
  }

  #watch(): void {
    this.#watcher?.dispose();
    this.#watcher = null;
    const root = this.#parts.projects.current;
    if (root === null || this.#panel === null) return;
    const pattern = new vscode.RelativePattern(root, 'schemas/*_schema_catalog.csv');
    const links = new vscode.RelativePattern(root, ARTEFACTS.relationships);
    const watchers = [pattern, links].map((files) => vscode.workspace.createFileSystemWatcher(files));
    const soon = (): void => this.#sendSoon();
    this.#watcher = vscode.Disposable.from(
      ...watchers.flatMap((one) => [one, one.onDidChange(soon), one.onDidCreate(soon), one.onDidDelete(soon)]),
    );
  }

  #sendSoon(): void {
    if (this.#panel === null) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#send();
    }, SETTLE_MS);
  }

  /** Sends the schemas as they are now. */
  async #send(): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    const root = this.#parts.projects.current;
    try {
      const erd =
        root === null
          ? { source: null, target: null, problems: [] }
          : await this.#parts.core.ask({ kind: 'erd', project: root });
      // Asked again meanwhile.
      if (asked !== this.#asked) return;
      const views = root === null ? [] : readViews(this.#parts.context.workspaceState.get(viewsKey(root)));
      this.#post({ type: 'content', project: root === null ? null : basename(root), views, ...erd });
      this.#sendFocus();
    } catch (error) {
      if (asked === this.#asked) this.#post({ type: 'unreadable', message: messageOf(error) });
    }
  }

  #sendFocus(): void {
    if (this.#focus === null) return;
    this.#post({ type: 'focus', ...this.#focus });
    this.#focus = null;
  }

  #post(message: ToErdPage): void {
    void this.#panel?.webview.postMessage(message);
  }

  async #receive(message: FromErdPage): Promise<void> {
    const root = this.#parts.projects.current;
    switch (message.type) {
      case 'ready':
        await this.#send();
        break;
      case 'saveViews':
        if (root !== null) await this.#parts.context.workspaceState.update(viewsKey(root), message.views);
        break;
      case 'export':
        await this.#export(message);
        break;
      case 'reveal':
        if (root !== null) await reveal(root, message.side, message.table);
        break;
      case 'extractSpecs':
        await vscode.commands.executeCommand('pasMigration.extractSpecs');
        break;
      case 'failed':
        this.#parts.log.error(`ERD: ${message.message}`);
        break;
    }
  }

  async #export({ format, side, data }: Extract<FromErdPage, { type: 'export' }>): Promise<void> {
    const root = this.#parts.projects.current;
    const { ending, label } = FILES[format];
    const name = `${root === null ? '' : `${basename(root)}-`}${side}-erd.${ending}`;
    const uri = await vscode.window.showSaveDialog({
      title: `Export the diagram as ${label}`,
      filters: { [label]: [ending] },
      ...(root === null ? {} : { defaultUri: vscode.Uri.file(join(root, name)) }),
    });
    if (uri === undefined) return;
    try {
      await vscode.workspace.fs.writeFile(uri, Buffer.from(data, format === 'png' ? 'base64' : 'utf8'));
      this.#post({ type: 'exported', file: basename(uri.fsPath), problem: null });
    } catch (error) {
      this.#post({ type: 'exported', file: null, problem: messageOf(error) });
    }
  }
}

function viewsKey(root: string): string {
  return `erdViews:${root}`;
}

/** Opens the catalog at the table's first line. */
async function reveal(root: string, side: CatalogSide, table: string): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(join(root, CATALOGS[side]));
    const begin = `${csvCell(table)},`.split('\n')[0] ?? '';
    let line = 0;
    for (let at = 1; at < document.lineCount && line === 0; at += 1)
      if (document.lineAt(at).text.startsWith(begin)) line = at;
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(line, 0, line, 0) });
  } catch {
    void vscode.window.showInformationMessage(`${CATALOGS[side]} is not there any more. Run Extract Specs.`);
  }
}

/** The table a command was given: by side and name, or as an item of the Design view. */
function tableOf(given: unknown): { side: CatalogSide; table: string } | null {
  if (typeof given !== 'object' || given === null) return null;
  const { side, table, id } = given as Readonly<Record<string, unknown>>;
  if ((side === 'source' || side === 'target') && typeof table === 'string') return { side, table };
  const [, schema, name] = /^(Source|Target) schema\/(.+)$/s.exec(String(id)) ?? [];
  return schema === undefined || name === undefined
    ? null
    : { side: schema === 'Source' ? 'source' : 'target', table: name };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The page: only our own script runs, nothing comes from elsewhere. Mermaid writes styles into its drawing, hence inline
 * styles; a thread can only be started from a blob, whose text is fetched from the panel's own folder.
 */
function pageHtml(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(16).toString('base64url');
  const address = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, file)).toString();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    'img-src data: blob:',
    `connect-src ${webview.cspSource}`,
    'worker-src blob:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${address('erd.css')}">
<title>ERD</title>
</head>
<body>
<script type="module" nonce="${nonce}" src="${address('erd.js')}"></script>
</body>
</html>
`;
}
