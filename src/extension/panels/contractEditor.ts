import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { RowMark, SheetPlan, SheetQuery } from '../../core/review/contractSheet.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Log } from '../log.ts';
import type { Projects } from '../projects.ts';
import { type FromContractPage, readFromContractPage, type ToContractPage } from './contractProtocol.ts';
import { pageHtml, pageOptions } from './page.ts';

/** A save while a run has the project is recorded when it is free again. */
const RETRY_MS = 3000;
const SEVERITIES: readonly RowMark['severity'][] = ['error', 'warning', 'info', 'info'];

interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  /** The grid's own thread, and the one that runs and records. */
  readonly core: CoreClient;
  readonly recorder: CoreClient;
  readonly diagnostics: Diagnostics;
  readonly log: Log;
}

/** The key of a contract row. */
export interface ContractRowName {
  readonly table: string;
  readonly field: string;
  readonly rowSet: string;
}

/** What a grid shows first: a row, or the rows with these values. */
type Wanted = ContractRowName | { readonly only: SheetQuery['only'] };

/** Who is at the keyboard, as reviews and the audit log name them. */
export function reviewer(): string {
  const set = vscode.workspace.getConfiguration('pasMigration').get<string>('reviewer', '').trim();
  return set === '' ? userInfo().username : set;
}

/** The mapping contract as a grid. The text document is the only truth: undo, save and other editors work as for any file. */
export class ContractEditor implements vscode.CustomTextEditorProvider, vscode.Disposable {
  static readonly type = 'pasMigration.contract';
  readonly #parts: Parts;
  readonly #open = new Map<string, OpenGrid>();
  readonly #subscriptions: vscode.Disposable[];
  /** What to show once its grid is there. */
  #wanted: Wanted | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscriptions = [
      vscode.window.registerCustomEditorProvider(ContractEditor.type, this, {
        webviewOptions: { retainContextWhenHidden: false },
        supportsMultipleEditorsPerDocument: false,
      }),
      vscode.workspace.onDidChangeTextDocument(
        (event) => void this.#open.get(event.document.uri.fsPath)?.changed(event),
      ),
      parts.diagnostics.onDidCheck(() => {
        for (const grid of this.#open.values()) void grid.sendMarks();
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        const owner = parts.projects.of(document.uri);
        if (owner?.path === ARTEFACTS.contract) void this.#record(owner.root);
      }),
    ];
  }

  /** Opens the contract of a project as a grid, at a row or with a filter when one is given. */
  async open(root: string, wanted: Wanted | null = null): Promise<void> {
    this.#wanted = wanted;
    // The editor takes a second to open a large text; meanwhile the core reads the same file.
    void this.#parts.core.ask({ kind: 'sheetAhead', project: root }).catch(() => undefined);
    const uri = vscode.Uri.joinPath(vscode.Uri.file(root), ...ARTEFACTS.contract.split('/'));
    await vscode.commands.executeCommand('vscode.openWith', uri, ContractEditor.type);
    await this.#open.get(uri.fsPath)?.show(this.#takeWanted());
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const owner = this.#parts.projects.of(document.uri);
    if (owner === null) {
      panel.webview.html = '<p>This file belongs to no migration project. Use “Reopen Editor With… Text Editor”.</p>';
      return;
    }
    const grid = new OpenGrid(this.#parts, owner.root, document, panel, () => this.#takeWanted());
    this.#open.set(document.uri.fsPath, grid);
    panel.onDidDispose(() => {
      if (this.#open.get(document.uri.fsPath) === grid) this.#open.delete(document.uri.fsPath);
    });
    await grid.start();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #takeWanted(): Wanted | null {
    const wanted = this.#wanted;
    this.#wanted = null;
    return wanted;
  }

  /** Writes what was saved to the audit log. */
  async #record(root: string): Promise<void> {
    try {
      for (let attempt = 0; attempt < 20; attempt += 1) {
        const rows = await this.#parts.recorder.ask({ kind: 'recordContract', project: root, who: reviewer() });
        if (rows !== null) {
          if (rows > 0) this.#parts.log.info(`${rows} changed contract rows are in the audit log, by ${reviewer()}.`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    } catch (error) {
      this.#parts.log.error(`The change of the contract is not in the audit log: ${messageOf(error)}`);
    }
  }
}

/** One open grid: feeds the core's sheet with the document and answers its page. */
class OpenGrid {
  readonly #parts: Parts;
  readonly #root: string;
  readonly #document: vscode.TextDocument;
  readonly #panel: vscode.WebviewPanel;
  readonly #takeWanted: () => Wanted | null;
  #begun = false;
  /** Questions to the core follow each other, so that a page never sees an older text than its edit. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    parts: Parts,
    root: string,
    document: vscode.TextDocument,
    panel: vscode.WebviewPanel,
    takeWanted: () => Wanted | null,
  ) {
    this.#parts = parts;
    this.#root = root;
    this.#document = document;
    this.#panel = panel;
    this.#takeWanted = takeWanted;
  }

  async start(): Promise<void> {
    const { webview } = this.#panel;
    const extension = this.#parts.context.extensionUri;
    webview.options = pageOptions(extension);
    webview.onDidReceiveMessage((message: unknown) => {
      const read = readFromContractPage(message);
      if (read !== null) void this.#receive(read).catch((error: unknown) => this.#refuse(messageOf(error)));
    });
    // The page loads while the core reads the text; its first question waits in the queue behind it.
    webview.html = pageHtml(webview, extension, 'contract', 'Mapping contract');
    await this.#sendText();
    await this.sendMarks();
  }

  /** What can wait until the person sees the first rows. */
  async #afterFirstPage(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    this.#post({ type: 'offers', offers: await this.#parts.core.ask({ kind: 'offers', project: this.#root }) });
    // What changed while no grid was open is somebody's change too; who it was is not known.
    const found = `not known; found by ${reviewer()}`;
    void this.#parts.recorder.ask({ kind: 'recordContract', project: this.#root, who: found }).catch(() => undefined);
  }

  /** The document changed, by this grid, another editor, undo, or the disk. */
  async changed(event: vscode.TextDocumentChangeEvent): Promise<void> {
    if (event.contentChanges.length === 0) return;
    const changes = event.contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      start: rangeOffset,
      end: rangeOffset + rangeLength,
      text,
    }));
    const version = event.document.version;
    await this.#ask(() => this.#parts.core.ask({ kind: 'sheetChanges', project: this.#root, changes, version }));
    this.#post({ type: 'changed', version });
  }

  /** The problems of the last check, by line. */
  async sendMarks(): Promise<void> {
    const marks = new Map<number, RowMark[]>();
    for (const problem of vscode.languages.getDiagnostics(this.#document.uri)) {
      const line = problem.range.start.line + 1;
      const code = typeof problem.code === 'object' ? String(problem.code.value) : '';
      const mark = { severity: SEVERITIES[problem.severity] ?? 'info', code, message: problem.message };
      marks.set(line, [...(marks.get(line) ?? []), mark]);
    }
    await this.#ask(() => this.#parts.core.ask({ kind: 'sheetMarks', project: this.#root, marks }));
    this.#post({ type: 'changed', version: this.#document.version });
  }

  /** Shows a row, when it is there, or the rows with some values. */
  async show(wanted: Wanted | null): Promise<void> {
    if (wanted === null) return;
    if ('only' in wanted) {
      this.#post({ type: 'filter', only: wanted.only });
      return;
    }
    const row = wanted;
    const index = await this.#ask(() => this.#parts.core.ask({ kind: 'sheetIndex', project: this.#root, ...row }));
    if (index >= 0) this.#post({ type: 'show', index });
  }

  async #sendText(): Promise<void> {
    await this.#ask(() =>
      this.#parts.core.ask({
        kind: 'sheetText',
        project: this.#root,
        text: this.#document.getText(),
        version: this.#document.version,
      }),
    );
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    const answer = this.#queue.then(question);
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #receive(message: FromContractPage): Promise<void> {
    const { core } = this.#parts;
    const project = this.#root;
    switch (message.type) {
      case 'ready': {
        this.#begun = false;
        this.#post({ type: 'setup', who: reviewer(), canEdit: vscode.workspace.isTrusted });
        await this.show(this.#takeWanted());
        break;
      }
      case 'query': {
        const { ticket, query, offset, limit, facets } = message;
        const page = await this.#ask(() => core.ask({ kind: 'sheetPage', project, query, offset, limit, facets }));
        if (page !== null) this.#post({ type: 'page', ticket, page });
        await this.#afterFirstPage();
        break;
      }
      case 'plan':
      case 'edit': {
        const { version, selection, set } = message;
        const plan = await this.#ask(() =>
          core.ask({ kind: 'sheetPlan', project, version, selection, set, who: reviewer() }),
        );
        if (plan === null)
          this.#refuse('The contract changed meanwhile. Look at the rows again, then repeat the edit.');
        else if (message.type === 'plan') this.#post({ type: 'plan', plan, set });
        else await this.#apply(plan);
        break;
      }
      case 'detail': {
        const { version, index, samples } = message;
        const found = await this.#ask(() => core.ask({ kind: 'sheetDetail', project, version, index, samples }));
        if (found !== null) this.#post({ type: 'detail', version, ...found });
        break;
      }
      case 'openText': {
        const at = new vscode.Position(Math.max(0, message.line - 1), 0);
        await vscode.window.showTextDocument(this.#document, { selection: new vscode.Range(at, at) });
        break;
      }
      case 'openCrosswalk': {
        await vscode.commands.executeCommand('pasMigration.openCrosswalk', message.name, project);
        break;
      }
      case 'failed':
        this.#parts.log.error(`Contract grid: ${message.message}`);
        break;
    }
  }

  /** Makes a planned edit, if the document is still the one it was planned for. */
  async #apply(plan: SheetPlan): Promise<void> {
    const refused = plan.refused.map(({ reason, rows, first }) =>
      rows === 1 ? `${first}: ${reason}` : `${rows} rows (${first} first): ${reason}`,
    );
    if (plan.edits.length === 0) {
      this.#refuse(refused[0] ?? 'Nothing changes.');
      return;
    }
    if (plan.version !== this.#document.version) {
      this.#refuse('The contract changed meanwhile. Look at the rows again, then repeat the edit.');
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    const place = (offset: number): vscode.Position => this.#document.positionAt(offset);
    edit.set(
      this.#document.uri,
      plan.edits.map(({ start, end, text }) =>
        vscode.TextEdit.replace(new vscode.Range(place(start), place(end)), text),
      ),
    );
    if (!(await vscode.workspace.applyEdit(edit))) {
      this.#refuse('The editor did not take the change; is the file read-only?');
      return;
    }
    const back = plan.backToDraft === 0 ? '' : ` ${plan.backToDraft} went back to DRAFT.`;
    this.#post({ type: 'done', message: `${plan.changed} row${plan.changed === 1 ? '' : 's'} changed.${back}` });
    if (refused.length > 0) this.#refuse(refused.join(' '));
  }

  #refuse(message: string): void {
    this.#post({ type: 'refused', message });
  }

  #post(message: ToContractPage): void {
    void this.#panel.webview.postMessage(message);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
