import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { CrosswalkReview } from '../../core/audit/crosswalkAudit.ts';
import { crosswalkFile, crosswalkName } from '../../core/crosswalk/crosswalkName.ts';
import type { CrosswalkEditPlan } from '../../core/crosswalk/crosswalkSheet.ts';
import type { RowMark, SheetPlan } from '../../core/review/rowSheet.ts';
import { counted } from '../../core/shared/counted.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { Log } from '../log.ts';
import type { ProjectModel } from '../projectModel.ts';
import type { Projects } from '../projects.ts';
import { reviewer } from './contractEditor.ts';
import { CROSSWALK_PANEL } from './crosswalkProtocol.ts';
import { pageHtml, pageOptions } from './page.ts';
import { type Answered, type Asked, FromPanel, type Noticed, type ToPanel } from './panelProtocol.ts';
import { markOf, PendingReviews } from './pendingReviews.ts';

/** A save while a run has the project is recorded when it is free again. */
const RETRY_MS = 3000;
/** Two hours of a run. */
const MOST_TRIES = 2400;
const DECISIONS: ReadonlySet<string> = new Set(['APPROVED', 'REJECTED']);
const SEVERITIES: readonly RowMark['severity'][] = ['error', 'warning', 'info', 'info'];
const CHANGED = 'The crosswalk changed meanwhile. Look at the lines again, then repeat the edit.';

interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  readonly model: ProjectModel;
  /** The grids' own thread, and the one that runs and records. */
  readonly core: CoreClient;
  readonly recorder: CoreClient;
  readonly diagnostics: Diagnostics;
  readonly log: Log;
}

/** A crosswalk file as a grid. The text document is the only truth: undo, save and other editors work as for any file. */
export class CrosswalkEditor implements vscode.CustomTextEditorProvider, vscode.Disposable {
  static readonly type = 'pasMigration.crosswalk';
  readonly #parts: Parts;
  readonly #open = new Map<string, OpenCrosswalk>();
  readonly #reviews = new PendingReviews<CrosswalkReview>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#subscriptions = [
      vscode.window.registerCustomEditorProvider(CrosswalkEditor.type, this, {
        webviewOptions: { retainContextWhenHidden: false },
        supportsMultipleEditorsPerDocument: false,
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        this.#reviews.changed(event);
        void this.#open.get(event.document.uri.fsPath)?.changed(event);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => void this.#saved(document)),
      parts.diagnostics.onDidCheck(() => {
        for (const open of this.#open.values()) void open.sendMarks();
      }),
      parts.model.onDidTouch(() => {
        for (const open of this.#open.values()) open.notify('data', {});
      }),
    ];
  }

  /** Opens a crosswalk of a project as a grid; asks which when none is named. */
  async open(root: string, name?: string): Promise<void> {
    const chosen = name ?? (await this.#pick());
    if (chosen === undefined) return;
    const uri = vscode.Uri.joinPath(vscode.Uri.file(root), ...crosswalkFile(chosen).split('/'));
    try {
      await vscode.workspace.fs.stat(uri);
    } catch {
      void vscode.window.showInformationMessage(`${crosswalkFile(chosen)} is not there yet.`);
      return;
    }
    await vscode.commands.executeCommand('vscode.openWith', uri, CrosswalkEditor.type);
  }

  /** The same for a command: a name, the file of a text editor, an item of the Design view, or nothing. */
  async openGiven(given: unknown, root: string | null): Promise<void> {
    const owner = given instanceof vscode.Uri ? this.#parts.projects.of(given) : null;
    const name = owner === null ? nameIn(given) : (crosswalkName(owner.path) ?? undefined);
    const project = owner?.root ?? root;
    if (project !== null) await this.open(project, name);
  }

  async resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): Promise<void> {
    const owner = this.#parts.projects.of(document.uri);
    const name = owner === null ? null : crosswalkName(owner.path);
    if (owner === null || name === null) {
      panel.webview.html = '<p>This file belongs to no migration project. Use “Reopen Editor With… Text Editor”.</p>';
      return;
    }
    const key = document.uri.fsPath;
    const open = new OpenCrosswalk({ ...this.#parts, reviews: this.#reviews }, owner.root, name, document, panel);
    this.#open.set(key, open);
    panel.onDidDispose(() => {
      if (this.#open.get(key) !== open) return;
      this.#open.delete(key);
      void this.#parts.core.ask({ kind: 'crosswalkClosed', project: owner.root, name }).catch(() => undefined);
    });
    open.start();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #pick(): Promise<string | undefined> {
    const crosswalks = (await this.#parts.model.load())?.crosswalks ?? [];
    const items = crosswalks.map(({ name, lines, safetyCritical }) => ({
      label: name,
      description: `${counted(lines, 'code')}${safetyCritical ? ' · safety-critical' : ''}`,
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder: 'Crosswalk to open' }))?.label;
  }

  /** Writes what was saved to the audit log. */
  async #saved(document: vscode.TextDocument): Promise<void> {
    const owner = this.#parts.projects.of(document.uri);
    const name = owner === null ? null : crosswalkName(owner.path);
    if (owner === null || name === null) return;
    const who = reviewer();
    const reviews = this.#reviews.take(document.uri.fsPath);
    const asked = { kind: 'recordCrosswalk' as const, project: owner.root, name, who, reviews };
    try {
      // A decision that is not on record is no approval: it waits for as long as the project is busy.
      for (let attempt = 0; attempt < (reviews.length > 0 ? MOST_TRIES : 20); attempt += 1) {
        const lines = await this.#parts.recorder.ask(asked);
        if (lines !== null) {
          if (lines > 0) this.#parts.log.info(`${lines} changed lines of ${name} are in the audit log, by ${who}.`);
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    } catch (error) {
      this.#parts.log.error(`The change of ${name} is not in the audit log: ${messageOf(error)}`);
    }
  }
}

type Panel = typeof CROSSWALK_PANEL;
type Answers = {
  readonly [K in keyof Panel['questions']]: (ask: Asked<Panel, K>) => Promise<Answered<Panel, K>>;
};
type Edited = Answered<Panel, 'edit'>;

interface OpenParts extends Parts {
  /** Decisions since the last save. */
  readonly reviews: PendingReviews<CrosswalkReview>;
}

/** One open crosswalk: feeds the core's sheet with the document and answers its page. */
class OpenCrosswalk {
  readonly #parts: OpenParts;
  readonly #of: { readonly project: string; readonly name: string };
  readonly #document: vscode.TextDocument;
  readonly #panel: vscode.WebviewPanel;
  /** Questions to the core follow each other, so that a page never sees an older text than its edit. */
  #queue: Promise<unknown> = Promise.resolve();
  /** A page that is gone is told nothing more. */
  #gone = false;

  constructor(parts: OpenParts, root: string, name: string, document: vscode.TextDocument, panel: vscode.WebviewPanel) {
    this.#parts = parts;
    this.#of = { project: root, name };
    this.#document = document;
    this.#panel = panel;
    panel.onDidDispose(() => {
      this.#gone = true;
    });
  }

  /** Begins to show the page, which loads only when this has returned; its questions wait in the queue behind the text. */
  start(): void {
    const { webview } = this.#panel;
    const extension = this.#parts.context.extensionUri;
    webview.options = pageOptions(extension);
    webview.onDidReceiveMessage((message: unknown) => void this.#receive(message));
    webview.html = pageHtml(webview, extension, 'crosswalk', 'Crosswalk');
    void this.#feed().catch((error: unknown) => this.#parts.log.error(`Crosswalk grid: ${messageOf(error)}`));
  }

  async #feed(): Promise<void> {
    const { version } = this.#document;
    const text = this.#document.getText();
    await this.#ask(() => this.#parts.core.ask({ kind: 'crosswalkText', ...this.#of, text, version }));
    await this.sendMarks();
    // What changed while no grid was open is somebody's change too; who it was is not known.
    const who = `not known; found by ${reviewer()}`;
    void this.#parts.recorder.ask({ kind: 'recordCrosswalk', ...this.#of, who, reviews: [] }).catch(() => undefined);
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
    await this.#ask(() => this.#parts.core.ask({ kind: 'crosswalkChanges', ...this.#of, changes, version }));
    this.notify('changed', { version });
  }

  /** The problems of the last check, by line. */
  async sendMarks(): Promise<void> {
    const marks = new Map<number, RowMark[]>();
    for (const problem of vscode.languages.getDiagnostics(this.#document.uri)) {
      // What a run found in the data stands at the header; the page tells it with the coverage.
      const line = problem.range.start.line + 1;
      const code = typeof problem.code === 'object' ? String(problem.code.value) : '';
      const mark = { severity: SEVERITIES[problem.severity] ?? 'info', code, message: problem.message };
      marks.set(line, [...(marks.get(line) ?? []), mark]);
    }
    await this.#ask(() => this.#parts.core.ask({ kind: 'crosswalkMarks', ...this.#of, marks }));
    this.notify('changed', { version: this.#document.version });
  }

  notify<K extends keyof Panel['notices']>(notice: K, content: Noticed<Panel, K>): void {
    this.#post({ type: 'notice', notice, content });
  }

  readonly #answers: Answers = {
    lines: async ({ query, offset, limit }) => {
      const page = await this.#ask(() =>
        this.#parts.core.ask({ kind: 'crosswalkLines', ...this.#of, query, offset, limit }),
      );
      if (page === null) throw new Error('The file was closed; open it again.');
      return { ...page, canEdit: vscode.workspace.isTrusted };
    },
    facts: async () => {
      // Data may take seconds: what is asked meanwhile is not kept waiting behind them.
      await this.#queue;
      const facts = await this.#parts.core.ask({ kind: 'crosswalkFacts', ...this.#of });
      if (facts === null) throw new Error('The file was closed; open it again.');
      return facts;
    },
    plan: async ({ version, selection, set }) => {
      const { edits: _, reviewed: __, ...plan } = await this.#plan(version, selection, set);
      return plan;
    },
    edit: async ({ version, selection, set }) => {
      const { reviewed, ...plan } = await this.#plan(version, selection, set);
      const before = markOf(this.#document);
      const edited = await this.#apply(plan);
      const { status: decision = '' } = set;
      if (reviewed.length > 0 && DECISIONS.has(decision)) {
        const review = { at: new Date().toISOString(), who: reviewer(), decision, rows: reviewed };
        this.#parts.reviews.add(this.#document, before, review);
      }
      return edited;
    },
    map: async ({ version, lines }) => {
      const plan = await this.#ask(() => this.#parts.core.ask({ kind: 'crosswalkMap', ...this.#of, version, lines }));
      if (plan === null) throw new Error(CHANGED);
      return this.#apply(plan);
    },
    openText: async ({ line }) => {
      const at = new vscode.Position(Math.max(0, line - 1), 0);
      await vscode.window.showTextDocument(this.#document, { selection: new vscode.Range(at, at) });
      return {};
    },
    openContract: async (contractRow) => {
      await vscode.commands.executeCommand('pasMigration.openContract', { contractRow }, this.#of.project);
      return {};
    },
  };

  async #plan(
    version: number,
    selection: Parameters<Answers['plan']>[0]['selection'],
    set: Parameters<Answers['plan']>[0]['set'],
  ): Promise<CrosswalkEditPlan> {
    const values = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
    const request = { kind: 'crosswalkPlan' as const, ...this.#of, version, selection, set: values, who: reviewer() };
    const plan = await this.#ask(() => this.#parts.core.ask(request));
    if (plan === null) throw new Error(CHANGED);
    return plan;
  }

  /** Makes a planned edit, if the document is still the one it was planned for. */
  async #apply(plan: SheetPlan): Promise<Edited> {
    const refused = plan.refused.map(({ reason, rows, first }) =>
      rows === 1 ? `${first}: ${reason}` : `${rows} lines (${first} first): ${reason}`,
    );
    if (plan.edits.length === 0) throw new Error(refused[0] ?? 'Nothing changes.');
    if (plan.version !== this.#document.version) throw new Error(CHANGED);
    const place = (offset: number): vscode.Position => this.#document.positionAt(offset);
    const edit = new vscode.WorkspaceEdit();
    edit.set(
      this.#document.uri,
      plan.edits.map(({ start, end, text }) =>
        vscode.TextEdit.replace(new vscode.Range(place(start), place(end)), text),
      ),
    );
    if (!(await vscode.workspace.applyEdit(edit)))
      throw new Error('The editor did not take the change; is the file read-only?');
    const back = plan.backToDraft === 0 ? '' : ` ${plan.backToDraft} went back to DRAFT.`;
    return { message: `${plan.changed} line${plan.changed === 1 ? '' : 's'} changed.${back}`, refused };
  }

  #ask<T>(question: () => Promise<T>): Promise<T> {
    const answer = this.#queue.then(question);
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  async #receive(message: unknown): Promise<void> {
    const read = FromPanel.safeParse(message);
    if (!read.success) return;
    if (read.data.type === 'ready') {
      const { project: root } = this.#of;
      this.#post({ type: 'setup', project: { root, name: basename(root) }, trusted: vscode.workspace.isTrusted });
    } else if (read.data.type === 'failed') this.#parts.log.error(`Crosswalk grid: ${read.data.message.slice(0, 500)}`);
    else if (read.data.type === 'ask') await this.#answer(read.data.id, read.data.question, read.data.ask);
  }

  async #answer(id: number, name: string, asked: unknown): Promise<void> {
    try {
      const { questions } = CROSSWALK_PANEL;
      const known = Object.hasOwn(questions, name) ? (name as keyof typeof questions) : null;
      const ask = known === null ? null : questions[known].ask.safeParse(asked);
      // Nothing of what was asked is repeated: it may hold a value of the data.
      if (known === null || ask?.success !== true) throw new Error('The page asked something that is not known.');
      const answer = await this.#answers[known](ask.data as never);
      this.#post({ type: 'answer', id, answer });
    } catch (error) {
      this.#post({ type: 'refused', id, message: messageOf(error) });
    }
  }

  #post(message: ToPanel): void {
    if (!this.#gone) void this.#panel.webview.postMessage(message);
  }
}

function nameIn(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const held = typeof given === 'object' && given !== null && 'crosswalk' in given ? given.crosswalk : undefined;
  return typeof held === 'string' ? held : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
