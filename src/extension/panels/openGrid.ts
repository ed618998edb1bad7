import * as vscode from 'vscode';
import type { TextChange } from '../../core/csv/csvSheet.ts';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ContractEditPlan, RowMark, SheetQuery } from '../../core/review/contractSheet.ts';
import type { Side } from '../../core/review/mergeContracts.ts';
import type { ContractReview, ContractRowName } from '../../core/review/rowFacts.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Log } from '../log.ts';
import { editorName } from '../runner.ts';
import {
  type FromContractPage,
  type Resolution,
  readFromContractPage,
  type ToContractPage,
} from './contractProtocol.ts';
import { DiskConflict, type SavedTexts } from './diskConflict.ts';
import { pageHtml, pageOptions } from './page.ts';
import { markOf } from './pendingReviews.ts';

const SEVERITIES: readonly RowMark['severity'][] = ['error', 'warning', 'info', 'info'];
const CHANGED = 'The contract changed meanwhile. Look at the rows again, then repeat the edit.';
/** Tries a pending contract on the project's data. */
const TRY = 'pasMigration.planContract';

/** What a grid shows first: a row, or the rows with these values. */
export type Wanted = ContractRowName | { readonly only: SheetQuery['only'] };

/** What an open grid needs of the editor around it. */
export interface GridParts {
  readonly extension: vscode.Uri;
  readonly root: string;
  readonly document: vscode.TextDocument;
  readonly panel: vscode.WebviewPanel;
  /** The grid's own thread, and the one that runs and records. */
  readonly core: CoreClient;
  readonly recorder: CoreClient;
  readonly log: Log;
  readonly saved: SavedTexts;
  /** What the grid was opened for, once. */
  takeWanted(): Wanted | null;
  /** A decision on rows, to be recorded when the contract is saved; with the `markOf` of the text before it. */
  reviewed(review: ContractReview, before: string): void;
  /** Shows the file on disk beside the text. */
  compare(): Promise<void>;
}

/** One open grid: feeds the core's sheet with the document and answers its page. */
export class OpenGrid {
  readonly #parts: GridParts;
  readonly #conflict: DiskConflict;
  #begun = false;
  #closed = false;
  /** Before its page asks for the first time there is nobody to tell that something changed. */
  #listens = false;
  /** Questions to the core follow each other, so that a page never sees an older text than its edit. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: GridParts) {
    this.#parts = parts;
    const { document, panel, core, root: project } = parts;
    this.#conflict = new DiskConflict({ document, panel, core, project, saved: parts.saved }, (merge) => {
      if (merge === null) this.#post({ type: 'conflict', merge: null });
      else {
        const { edits: _, ...shown } = merge;
        this.#post({ type: 'conflict', merge: shown });
      }
    });
    panel.onDidDispose(() => {
      this.#closed = true;
      this.#conflict.dispose();
    });
  }

  /**
   * Begins to show the page. It is not waited for what the core does: VS Code begins to load a custom editor's page when
   * `resolveCustomTextEditor` has answered, and the page's first question waits in the queue behind the text.
   */
  start(): void {
    const { panel, extension } = this.#parts;
    const { webview } = panel;
    webview.options = pageOptions(extension);
    webview.onDidReceiveMessage((message: unknown) => {
      const read = readFromContractPage(message);
      if (read !== null) void this.#receive(read).catch((error: unknown) => this.#refuse(messageOf(error)));
    });
    webview.html = pageHtml(webview, extension, 'contract', 'Mapping contract');
    void this.#sendText()
      .then(() => this.sendMarks())
      .catch((error: unknown) => this.#refuse(messageOf(error)));
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
    await this.#ask(() => this.#core.ask({ kind: 'sheetChanges', project: this.#parts.root, changes, version }));
    this.#tellChanged(version);
  }

  /** The problems of the last check, by line. */
  async sendMarks(): Promise<void> {
    const { document, root } = this.#parts;
    const marks = new Map<number, RowMark[]>();
    for (const problem of vscode.languages.getDiagnostics(document.uri)) {
      const line = problem.range.start.line + 1;
      const code = typeof problem.code === 'object' ? String(problem.code.value) : '';
      const mark = { severity: SEVERITIES[problem.severity] ?? 'info', code, message: problem.message };
      marks.set(line, [...(marks.get(line) ?? []), mark]);
    }
    await this.#ask(() => this.#core.ask({ kind: 'sheetMarks', project: root, marks }));
    this.#tellChanged(document.version);
  }

  /** Settles a conflict with the file on disk; see `DiskConflict.resolve`. */
  async settle(how: Resolution, choices: Readonly<Record<string, Side>>): Promise<void> {
    if (how === 'compare') await this.#parts.compare();
    else this.#post({ type: 'done', message: await this.#conflict.resolve(how, choices) });
  }

  /** Shows a row, when it is there, or the rows with some values. */
  async show(wanted: Wanted | null): Promise<void> {
    if (wanted === null) return;
    if ('only' in wanted) {
      this.#post({ type: 'filter', only: wanted.only });
      return;
    }
    const index = await this.#ask(() => this.#core.ask({ kind: 'sheetIndex', project: this.#parts.root, ...wanted }));
    if (index >= 0) this.#post({ type: 'show', index });
  }

  get #core(): CoreClient {
    return this.#parts.core;
  }

  /** What can wait until the person sees the first rows. */
  async #afterFirstPage(): Promise<void> {
    if (this.#begun) return;
    this.#begun = true;
    const { root, recorder } = this.#parts;
    this.#post({ type: 'offers', offers: await this.#core.ask({ kind: 'offers', project: root }) });
    // What changed while no grid was open is somebody's change too; who it was is not known.
    void recorder
      .ask({ kind: 'recordContract', project: root, editor: editorName(), found: true, reviews: [] })
      .catch(() => undefined);
  }

  #tellChanged(version: number): void {
    if (this.#listens) this.#post({ type: 'changed', version });
  }

  async #sendText(): Promise<void> {
    const { document, root: project } = this.#parts;
    await this.#ask(() =>
      this.#core.ask({ kind: 'sheetText', project, text: document.getText(), version: document.version }),
    );
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    const answer = this.#queue.then(question);
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #receive(message: FromContractPage): Promise<void> {
    const { root: project, document, log, takeWanted } = this.#parts;
    switch (message.type) {
      case 'ready': {
        this.#begun = false;
        this.#listens = true;
        const canTry = (await vscode.commands.getCommands(true)).includes(TRY);
        this.#post({ type: 'setup', canEdit: vscode.workspace.isTrusted, canTry });
        await this.show(takeWanted());
        await this.#conflict.look();
        break;
      }
      case 'query': {
        const { ticket, query, offset, limit, facets } = message;
        const page = await this.#ask(() =>
          this.#core.ask({ kind: 'sheetPage', project, query, offset, limit, facets }),
        );
        if (page !== null) this.#post({ type: 'page', ticket, page });
        await this.#afterFirstPage();
        break;
      }
      case 'plan':
      case 'edit':
      case 'tryOnData':
        await this.#plan(message);
        break;
      case 'check': {
        const { ticket, version, index, set } = message;
        const tables = this.#openTables();
        const asked = { project, version, index, set, editor: editorName(), tables };
        const check = await this.#core.ask({ kind: 'sheetCheck', ...asked });
        if (check !== null) this.#post({ type: 'checked', ticket, check });
        break;
      }
      case 'detail': {
        const { version, index, samples } = message;
        const found = await this.#ask(() => this.#core.ask({ kind: 'sheetDetail', project, version, index, samples }));
        if (found !== null) this.#post({ type: 'detail', version, ...found });
        break;
      }
      case 'resolve':
        await this.settle(message.how, message.choices);
        break;
      case 'openText': {
        const at = new vscode.Position(Math.max(0, message.line - 1), 0);
        await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
        break;
      }
      case 'openCrosswalk':
        await vscode.commands.executeCommand('pasMigration.openCrosswalk', message.name, project);
        break;
      case 'failed':
        log.error(`Contract grid: ${message.message}`);
        break;
    }
  }

  async #plan(message: Extract<FromContractPage, { type: 'plan' | 'edit' | 'tryOnData' }>): Promise<void> {
    const { root: project, document } = this.#parts;
    const { version, selection, set, comment, row, type } = message;
    const asked = { project, version, selection, set, editor: editorName(), comment, row };
    const answer = await this.#ask(() => this.#core.ask({ kind: 'sheetPlan', ...asked }));
    if (answer === null) this.#refuse(CHANGED);
    else if (type === 'plan') {
      const { edits: _, reviewed: __, ...plan } = answer.plan;
      this.#post({ type: 'plan', plan, set });
    } else if (type === 'tryOnData') {
      if (version !== document.version) this.#refuse(CHANGED);
      else
        await vscode.commands.executeCommand(TRY, {
          root: project,
          text: applied(document.getText(), answer.plan.edits),
        });
    } else await this.#apply(answer.plan, answer.who, set.status, comment ?? '');
  }

  /** Makes a planned edit, if the document is still the one it was planned for. */
  async #apply(plan: ContractEditPlan, who: string, status: string | undefined, comment: string): Promise<void> {
    const { document, reviewed } = this.#parts;
    const refused = plan.refused.map(({ reason, rows, first }) =>
      rows === 1 ? `${first}: ${reason}` : `${rows} rows (${first} first): ${reason}`,
    );
    if (plan.edits.length === 0) {
      this.#refuse(refused[0] ?? 'Nothing changes.');
      return;
    }
    if (plan.version !== document.version) {
      this.#refuse(CHANGED);
      return;
    }
    const edit = new vscode.WorkspaceEdit();
    const place = (offset: number): vscode.Position => document.positionAt(offset);
    edit.set(
      document.uri,
      plan.edits.map(({ start, end, text }) =>
        vscode.TextEdit.replace(new vscode.Range(place(start), place(end)), text),
      ),
    );
    const decides = plan.reviewed.length > 0 && isDecision(status);
    const before = decides ? markOf(document) : '';
    if (!(await vscode.workspace.applyEdit(edit))) {
      this.#refuse('The editor did not take the change; is the file read-only?');
      return;
    }
    if (decides) {
      const review = { at: new Date().toISOString(), who, decision: status, comment, rows: plan.reviewed };
      reviewed(review, before);
    }
    const back = plan.backToDraft === 0 ? '' : ` ${plan.backToDraft} went back to DRAFT.`;
    const done = `${plan.changed} row${plan.changed === 1 ? '' : 's'} changed.${back}`;
    // One message: a second would take the place of the first.
    if (refused.length > 0) this.#refuse(`${done} Left as they are: ${refused.join(' ')}`);
    else this.#post({ type: 'done', message: done });
  }

  /** The tables file where it is open with edits; null when what is on disk counts. */
  #openTables(): string | null {
    const path = vscode.Uri.joinPath(vscode.Uri.file(this.#parts.root), ...ARTEFACTS.contractTables.split('/')).fsPath;
    const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.fsPath === path);
    return open?.getText() ?? null;
  }

  #refuse(message: string): void {
    this.#post({ type: 'refused', message });
  }

  #post(message: ToContractPage): void {
    // A grid that was closed hears no late answer.
    if (this.#closed) return;
    void this.#parts.panel.webview.postMessage(message);
  }
}

/** What the audit log keeps with its comment; the way through review is told by the change itself. */
function isDecision(status: string | undefined): status is 'APPROVED' | 'REJECTED' {
  return status === 'APPROVED' || status === 'REJECTED';
}

function applied(text: string, edits: readonly TextChange[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: put } of edits) {
    parts.push(text.slice(at, start), put);
    at = end;
  }
  return parts.join('') + text.slice(at);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
