import { appendFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { TextChange } from '../../core/csv/csvSheet.ts';
import type { ContractMerge, Side } from '../../core/review/mergeContracts.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Resolution } from './contractProtocol.ts';

/** After this a document that was edited counts as dirty. */
const SETTLED_MS = 300;
/** The editor takes what is on disk within a moment of being told to. */
const REVERT_MS = 5000;

/**
 * The document of an open contract and its file, which another program (a checkout, a rebuild) may write while the
 * document has unsaved edits. The editor itself then refuses to save; this offers to merge the two, row by row.
 */
export class DiskConflict implements vscode.Disposable {
  readonly #document: vscode.TextDocument;
  readonly #panel: vscode.WebviewPanel;
  readonly #core: CoreClient;
  readonly #project: string;
  readonly #told: (merge: ContractMerge | null) => void;
  readonly #saved: SavedTexts;
  readonly #subscriptions: vscode.Disposable[];
  #shown = false;
  #settling = false;

  /** @param told called with what a merge would do, and with null when there is no conflict any more */
  constructor(
    given: {
      readonly document: vscode.TextDocument;
      readonly panel: vscode.WebviewPanel;
      readonly core: CoreClient;
      readonly project: string;
      readonly saved: SavedTexts;
    },
    told: (merge: ContractMerge | null) => void,
  ) {
    this.#document = given.document;
    this.#panel = given.panel;
    this.#core = given.core;
    this.#project = given.project;
    this.#told = told;
    this.#saved = given.saved;
    const folder = vscode.Uri.joinPath(given.document.uri, '..');
    const name = given.document.uri.path.slice(folder.path.length + 1);
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name));
    this.#subscriptions = [
      watcher,
      watcher.onDidChange(() => this.look()),
      watcher.onDidCreate(() => this.look()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#follow(document)),
      vscode.workspace.onDidSaveTextDocument((document) => this.#follow(document)),
    ];
  }

  /** Looks whether the file went another way than the document, and tells. */
  async look(): Promise<void> {
    if (this.#settling) return;
    const theirs = this.#document.isDirty ? await onDisk(this.#document) : null;
    const base = this.#saved.of(this.#document);
    if (theirs === null || base === null || theirs === base || !this.#document.isDirty) {
      if (this.#shown) this.#told(null);
      this.#shown = false;
      return;
    }
    this.#shown = true;
    this.#told(await this.#merge(base, this.#document.getText(), theirs, {}));
  }

  /**
   * Settles a conflict. The document first takes what is on disk, so that the editor knows that version, and then the
   * merged text as one edit: it is saved as any edit is, and a file that changed meanwhile is refused again.
   *
   * @returns what was done, in a sentence
   * @throws Error with a sentence when it could not be done; the document then is what it was
   */
  async resolve(how: Exclude<Resolution, 'compare'>, choices: Readonly<Record<string, Side>>): Promise<string> {
    const mine = this.#document.getText();
    const theirs = await onDisk(this.#document);
    if (theirs === null) throw new Error('The file is not there any more; save to write it again.');
    let edits: readonly TextChange[] = [];
    if (how === 'merge') {
      const merge = await this.#merge(this.#saved.of(this.#document) ?? theirs, mine, theirs, choices);
      if (merge.refusal !== null) throw new Error(merge.refusal);
      edits = merge.edits;
      edits = [...edits, ...blankEnd(theirs, mine)];
    } else if (how === 'mine') edits = between(theirs, mine);
    this.#settling = true;
    try {
      await this.#takeDisk(theirs, mine);
      if (edits.length > 0 && !(await this.#apply(edits))) {
        await this.#apply(between(this.#document.getText(), mine));
        throw new Error('The editor did not take the merged text; your text is as it was.');
      }
    } finally {
      this.#settling = false;
      await this.look();
    }
    if (how === 'theirs') return 'The grid shows the file on disk; undo brings your text back.';
    return how === 'mine'
      ? 'Your text stands; save to write it over the file on disk.'
      : 'Merged; save to write the merged contract.';
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #follow(document: vscode.TextDocument): void {
    if (document === this.#document && !document.isDirty && this.#shown && !this.#settling) void this.look();
  }

  async #takeDisk(theirs: string, mine: string): Promise<void> {
    this.#panel.reveal(this.#panel.viewColumn, false);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const end = Date.now() + REVERT_MS;
    while (this.#document.isDirty && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    if (!this.#document.isDirty && this.#document.getText() === theirs) return;
    await this.#apply(between(this.#document.getText(), mine));
    throw new Error('The file changed again meanwhile; your text is as it was. Look at the merge again.');
  }

  async #apply(edits: readonly TextChange[]): Promise<boolean> {
    const edit = new vscode.WorkspaceEdit();
    const place = (offset: number): vscode.Position => this.#document.positionAt(offset);
    edit.set(
      this.#document.uri,
      edits.map(({ start, end, text }) => vscode.TextEdit.replace(new vscode.Range(place(start), place(end)), text)),
    );
    return vscode.workspace.applyEdit(edit);
  }

  #merge(base: string, mine: string, theirs: string, choices: Readonly<Record<string, Side>>): Promise<ContractMerge> {
    return this.#core.ask({ kind: 'mergeContracts', project: this.#project, base, mine, theirs, choices });
  }
}

/** A file's text as its document would have it: without byte order mark, with the document's line ends. */
async function onDisk(document: vscode.TextDocument): Promise<string | null> {
  try {
    const bytes = await vscode.workspace.fs.readFile(document.uri);
    return new TextDecoder().decode(bytes).replaceAll(/\r\n|\r|\n/g, endOf(document));
  } catch {
    return null;
  }
}

function endOf(document: vscode.TextDocument): string {
  return document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
}

/**
 * The texts that open contracts were last the same in as their files: what both sides of a merge started from. A document
 * that came with edits from an earlier session has none.
 */
export class SavedTexts implements vscode.Disposable {
  readonly #texts = new WeakMap<vscode.TextDocument, string>();
  readonly #isWanted: (document: vscode.TextDocument) => boolean;
  readonly #subscriptions: vscode.Disposable[];

  constructor(isWanted: (document: vscode.TextDocument) => boolean) {
    this.#isWanted = isWanted;
    const note = (document: vscode.TextDocument): void => this.#note(document);
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument(note),
      vscode.workspace.onDidSaveTextDocument(note),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // An edit is told before the document counts as dirty; a text that came from the disk stays clean.
        if (contentChanges.length === 0) this.#note(document);
        else if (isWanted(document)) setTimeout(() => this.#note(document), SETTLED_MS);
      }),
      vscode.workspace.onWillSaveTextDocument((event) => {
        if (isWanted(event.document)) event.waitUntil(this.#guard(event.document));
      }),
    ];
    for (const document of vscode.workspace.textDocuments) this.#note(document);
  }

  of(document: vscode.TextDocument): string | null {
    return this.#texts.get(document) ?? null;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /**
   * The editor refuses to save over a file that another program changed, unless the change left it as long as it was:
   * that one it would overwrite without a word. A line end more makes it look again; nothing reads a blank last line.
   */
  async #guard(document: vscode.TextDocument): Promise<vscode.TextEdit[]> {
    const base = this.of(document);
    const theirs = await onDisk(document);
    const unseen = base !== null && theirs !== null && theirs !== base && theirs !== document.getText();
    if (unseen && Buffer.byteLength(theirs) === Buffer.byteLength(base))
      await appendFile(document.uri.fsPath, endOf(document));
    return [];
  }

  #note(document: vscode.TextDocument): void {
    if (!document.isDirty && this.#isWanted(document)) this.#texts.set(document, document.getText());
  }
}

/** Takes away the blank last line that a refused save left behind; see `SavedTexts`. */
function blankEnd(theirs: string, mine: string): TextChange[] {
  const end = theirs.endsWith('\r\n') ? '\r\n' : '\n';
  return theirs.endsWith(end + end) && !mine.endsWith(end + end)
    ? [{ start: theirs.length - end.length, end: theirs.length, text: '' }]
    : [];
}

/** One replacement that makes one text of another: what is the same at both ends stays. */
function between(from: string, to: string): TextChange[] {
  if (from === to) return [];
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start += 1;
  let same = 0;
  while (same < most - start && from.charCodeAt(from.length - 1 - same) === to.charCodeAt(to.length - 1 - same))
    same += 1;
  return [{ start, end: from.length - same, text: to.slice(start, to.length - same) }];
}
