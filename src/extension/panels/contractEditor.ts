import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { Side } from '../../core/review/mergeContracts.ts';
import type { ContractReview, ContractRowName } from '../../core/review/rowFacts.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Log } from '../log.ts';
import type { Projects } from '../projects.ts';
import { editorName } from '../runner.ts';
import type { Resolution } from './contractProtocol.ts';
import { SavedTexts } from './diskConflict.ts';
import { messageOf, OpenGrid, type Wanted } from './openGrid.ts';
import { PendingReviews } from './pendingReviews.ts';

export type { ContractRowName };

/** A save while a run has the project is recorded when it is free again. */
const RETRY_MS = 3000;
/** An opened contract is noted after that long, or before the first change: an editor that is opening needs the machine. */
const NOTE_AFTER_MS = 2000;
/** Two hours of a run. */
const MOST_TRIES = 2400;
/** The file on disk and the text of the editor, for the two sides of a comparison. */
const COMPARED = 'pas-migration-contract';

interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  /** The grid's own thread, and the one that runs and records. */
  readonly core: CoreClient;
  readonly recorder: CoreClient;
  readonly diagnostics: Diagnostics;
  readonly log: Log;
}

/** Who is at the keyboard, as reviews and the audit log name them. */
export function reviewer(): string {
  const set = editorName();
  return set === '' ? userInfo().username : set;
}

/** The mapping contract as a grid. The text document is the only truth: undo, save and other editors work as for any file. */
export class ContractEditor implements vscode.CustomTextEditorProvider, vscode.Disposable {
  static readonly type = 'pasMigration.contract';
  readonly #parts: Parts;
  readonly #open = new Map<string, OpenGrid>();
  readonly #reviews = new PendingReviews<ContractReview>();
  readonly #saved: SavedTexts;
  readonly #subscriptions: vscode.Disposable[];
  /** Opened contracts whose version is not noted yet, by path. */
  readonly #unnoted = new Map<string, NodeJS.Timeout>();
  /** What to show once its grid is there. */
  #wanted: Wanted | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#saved = new SavedTexts(({ uri }) => parts.projects.of(uri)?.path === ARTEFACTS.contract);
    this.#subscriptions = [
      this.#saved,
      vscode.window.registerCustomEditorProvider(ContractEditor.type, this, {
        webviewOptions: { retainContextWhenHidden: false },
        supportsMultipleEditorsPerDocument: false,
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.#noteNow(event.document);
        this.#reviews.changed(event);
        void this.#open.get(event.document.uri.fsPath)?.changed(event);
      }),
      parts.diagnostics.onDidCheck(() => {
        for (const grid of this.#open.values()) void grid.sendMarks();
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        const owner = parts.projects.of(document.uri);
        if (owner?.path === ARTEFACTS.contract) void this.#record(owner.root, document.uri.fsPath);
      }),
      // Whatever is typed into it from now on is a change of what is there now.
      vscode.workspace.onDidOpenTextDocument((document) => this.#noteSoon(document)),
      vscode.workspace.registerTextDocumentContentProvider(COMPARED, { provideTextDocumentContent: textOf }),
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

  /**
   * Settles a conflict of an open grid with its file on disk.
   *
   * @throws Error with a sentence when no grid is open or it could not be done
   */
  async settle(root: string, how: Resolution, choices: Readonly<Record<string, Side>> = {}): Promise<void> {
    const path = vscode.Uri.joinPath(vscode.Uri.file(root), ...ARTEFACTS.contract.split('/')).fsPath;
    const grid = this.#open.get(path);
    if (grid === undefined) throw new Error('Open the mapping contract as a grid first.');
    await grid.settle(how, choices);
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const owner = this.#parts.projects.of(document.uri);
    if (owner === null) {
      panel.webview.html = '<p>This file belongs to no migration project. Use “Reopen Editor With… Text Editor”.</p>';
      return;
    }
    const { core, recorder, log, context } = this.#parts;
    const path = document.uri.fsPath;
    const grid = new OpenGrid({
      extension: context.extensionUri,
      root: owner.root,
      document,
      panel,
      core,
      recorder,
      log,
      saved: this.#saved,
      takeWanted: () => this.#takeWanted(),
      reviewed: (review, before) => this.#reviews.add(document, before, review),
      compare: () => compare(document.uri),
    });
    this.#open.set(path, grid);
    panel.onDidDispose(() => {
      if (this.#open.get(path) === grid) this.#open.delete(path);
    });
    grid.start();
  }

  dispose(): void {
    for (const timer of this.#unnoted.values()) clearTimeout(timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #takeWanted(): Wanted | null {
    const wanted = this.#wanted;
    this.#wanted = null;
    return wanted;
  }

  #noteSoon(document: vscode.TextDocument): void {
    const owner = this.#parts.projects.of(document.uri);
    if (owner?.path !== ARTEFACTS.contract || document.isDirty || !vscode.workspace.isTrusted) return;
    const path = document.uri.fsPath;
    clearTimeout(this.#unnoted.get(path));
    this.#unnoted.set(
      path,
      setTimeout(() => this.#noteNow(document), NOTE_AFTER_MS),
    );
  }

  /** Notes in the audit log what a contract held when it was opened; who wrote it is not known. */
  #noteNow({ uri }: vscode.TextDocument): void {
    const timer = this.#unnoted.get(uri.fsPath);
    const owner = this.#parts.projects.of(uri);
    if (timer === undefined || owner === null) return;
    clearTimeout(timer);
    this.#unnoted.delete(uri.fsPath);
    const asked = { project: owner.root, editor: editorName(), found: true, reviews: [] };
    this.#parts.recorder.ask({ kind: 'recordContract', ...asked }).catch((error: unknown) => {
      this.#parts.log.error(`The contract's version is not in the audit log: ${messageOf(error)}`);
    });
  }

  /** Writes what was saved, with what reviewers said of it, to the audit log. */
  async #record(root: string, path: string): Promise<void> {
    const { recorder, log } = this.#parts;
    const reviews = this.#reviews.take(path);
    try {
      // A decision that is not on record is no approval: it waits for as long as the project is busy.
      for (let attempt = 0; attempt < (reviews.length > 0 ? MOST_TRIES : 20); attempt += 1) {
        const asked = { project: root, editor: editorName(), found: false, reviews };
        const rows = await recorder.ask({ kind: 'recordContract', ...asked });
        if (rows !== null) {
          if (rows > 0) log.info(`${rows} changed contract rows are in the audit log, by ${reviewer()}.`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
      log.error(
        'The change of the contract is not in the audit log yet: the project is busy. The next run records it.',
      );
    } catch (error) {
      log.error(`The change of the contract is not in the audit log: ${messageOf(error)}`);
    }
  }
}

/** Shows the file on disk beside the text of the editor; both as text, and neither can be typed into. */
async function compare(uri: vscode.Uri): Promise<void> {
  const side = (which: string): vscode.Uri =>
    uri.with({ scheme: COMPARED, path: `${uri.path} (${which})`, query: `${which} ${Date.now()}` });
  const title = 'Mapping contract: on disk ↔ in the editor';
  await vscode.commands.executeCommand('vscode.diff', side('on disk'), side('in the editor'), title);
}

async function textOf(uri: vscode.Uri): Promise<string> {
  const path = uri.path.replace(/ \([^()]*\)$/, '');
  const file = uri.with({ scheme: 'file', path, query: '' });
  if (uri.query.startsWith('on disk')) return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  return (await vscode.workspace.openTextDocument(file)).getText();
}
