import { join } from 'node:path';
import * as vscode from 'vscode';
import type { StageEvent } from '../core/lifecycle/events.ts';
import { ARTEFACTS } from '../core/project/layout.ts';
import { chooseProject } from './commands.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import { PanelHost } from './panels/panelHost.ts';
import { PLAN_PANEL, type PlanOutcome } from './panels/planProtocol.ts';
import type { Projects } from './projects.ts';

interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly log: Log;
}

/** Project files as they would be: path → text. */
type Files = ReadonlyMap<string, string>;

/** What the command may be given: a project and the contract's text as it would be, e.g. after a bulk edit. */
interface Given {
  readonly root: string;
  readonly text: string;
}

/** Previews of pending contracts: tries them on the project's data and shows what would change. Nothing is written. */
export class ContractPlans implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #panels: PanelHost<typeof PLAN_PANEL>;
  readonly #command: vscode.Disposable;
  /** By project root: how the last preview ended, and what it tried. */
  readonly #outcomes = new Map<string, PlanOutcome>();
  readonly #tried = new Map<string, { readonly files: Files; readonly what: string }>();
  readonly #running = new Map<string, AbortController>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#panels = new PanelHost({
      panel: PLAN_PANEL,
      title: 'Contract Preview',
      extension: parts.context.extensionUri,
      projects: parts.projects,
      log: parts.log,
      answers: {
        last: async (_, open) => ({ outcome: this.#outcomes.get(open.root ?? '') ?? null }),
        again: async (_, open) => {
          if (open.root !== null) await this.#planAgain(open.root);
          return {};
        },
        openRow: async ({ table, field, rowSet }, open) => {
          if (open.root !== null) await openRow(open.root, table, field, rowSet);
          return {};
        },
        openPlace: async ({ file, line }, open) => {
          if (open.root !== null) await openLine(vscode.Uri.file(join(open.root, file)), line - 1);
          return {};
        },
      },
    });
    this.#command = vscode.commands.registerCommand('pasMigration.planContract', async (given?: unknown) => {
      if (isGiven(given)) return this.planText(given.root, given.text);
      const root = await chooseProject(parts.projects);
      return root === null ? null : this.#planEditor(root);
    });
  }

  /**
   * Tries a text as the contract of a project and shows what would change; table rows and crosswalks count as the editor
   * has them.
   *
   * @returns how it ended; null when it was cancelled or could not be begun
   */
  planText(root: string, text: string): Promise<PlanOutcome | null> {
    const files = new Map([...unsaved(root), [ARTEFACTS.contract, text] as const]);
    return this.#plan(root, files, 'the contract as it would be after the edit');
  }

  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#command.dispose();
    this.#panels.dispose();
  }

  /** Tries what the editor has now; a text that is in no editor is the one tried before. */
  #planAgain(root: string): Promise<PlanOutcome | null> {
    const tried = this.#tried.get(root);
    return tried === undefined || unsaved(root).size > 0
      ? this.#planEditor(root)
      : this.#plan(root, tried.files, tried.what);
  }

  /** Tries what the editor has and the disk has not. */
  async #planEditor(root: string): Promise<PlanOutcome | null> {
    const files = unsaved(root);
    if (files.size > 0) return this.#plan(root, files, `${[...files.keys()].join(', ')}, not saved`);
    const file = 'Choose a Contract File…';
    const chosen = await vscode.window.showInformationMessage(
      'The contract has no unsaved change. Edit it, then preview what the change would do; or try another contract file.',
      file,
    );
    if (chosen !== file) return null;
    const [uri] =
      (await vscode.window.showOpenDialog({
        title: 'Contract to Preview',
        defaultUri: vscode.Uri.file(root),
        filters: { CSV: ['csv'] },
      })) ?? [];
    if (uri === undefined) return null;
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return this.#plan(root, new Map([[ARTEFACTS.contract, text]]), vscode.workspace.asRelativePath(uri));
  }

  async #plan(root: string, files: Files, what: string): Promise<PlanOutcome | null> {
    if (!vscode.workspace.isTrusted) {
      void vscode.window.showErrorMessage('This folder is not trusted, so nothing is run in it. Trust it first.');
      return null;
    }
    // A newer question makes the earlier one idle.
    this.#running.get(root)?.abort();
    const abort = new AbortController();
    this.#running.set(root, abort);
    this.#tried.set(root, { files, what });
    try {
      const answer = await this.#ask(root, files, abort);
      const outcome: PlanOutcome = { what, at: new Date().toISOString(), ...answer };
      this.#outcomes.set(root, outcome);
      await this.#panels.show(root);
      this.#panels.notify('planned', { outcome }, root);
      return outcome;
    } catch (error) {
      if (!abort.signal.aborted) {
        const message = error instanceof Error ? error.message : String(error);
        this.#parts.log.error(message);
        void vscode.window.showErrorMessage(`The contract could not be previewed: ${message}`);
      }
      return null;
    } finally {
      if (this.#running.get(root) === abort) this.#running.delete(root);
    }
  }

  #ask(root: string, files: Files, abort: AbortController): Thenable<Pick<PlanOutcome, 'plan' | 'refusal'>> {
    const progress = {
      location: vscode.ProgressLocation.Notification,
      title: 'PAS Migration: Preview Contract Change',
      cancellable: true,
    };
    return vscode.window.withProgress(progress, async (report, token) => {
      token.onCancellationRequested(() => abort.abort());
      const onEvent = (event: StageEvent): void => {
        if (event.type === 'progress') report.report({ message: `${event.item} (${event.done}/${event.total})` });
      };
      return this.#parts.core.ask({ kind: 'planContract', project: root, files }, { onEvent, signal: abort.signal });
    });
  }
}

/** Texts of the project that a plan depends on and that are open with unsaved changes. */
function unsaved(root: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty || document.uri.scheme !== 'file') continue;
    const path = vscode.Uri.file(root).path;
    if (!document.uri.path.startsWith(`${path}/`)) continue;
    const name = document.uri.path.slice(path.length + 1);
    const counts =
      name === ARTEFACTS.contract ||
      name === ARTEFACTS.contractTables ||
      name === ARTEFACTS.crosswalkIndex ||
      (name.startsWith(`${ARTEFACTS.crosswalks}/`) && name.endsWith('.csv'));
    if (counts) files.set(name, document.getText());
  }
  return files;
}

/** A field row in the grid; a row of the tables file in its text. */
async function openRow(root: string, table: string, field: string, rowSet: string): Promise<void> {
  if (field !== '') {
    await vscode.commands.executeCommand('pasMigration.openContract', { contractRow: { table, field, rowSet } }, root);
    return;
  }
  const uri = vscode.Uri.file(join(root, ARTEFACTS.contractTables));
  const document = await vscode.workspace.openTextDocument(uri);
  const begins = [`${table},${rowSet},`, `${table},`];
  const lines = document.getText().split('\n');
  const line = begins.map((begin) => lines.findIndex((text) => text.startsWith(begin))).find((at) => at >= 0) ?? 0;
  await openLine(uri, line);
}

async function openLine(uri: vscode.Uri, line: number): Promise<void> {
  const at = new vscode.Position(Math.max(0, line), 0);
  // The contract opens as a grid otherwise; a place in its text is meant here.
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}

function isGiven(given: unknown): given is Given {
  return (
    typeof given === 'object' &&
    given !== null &&
    'root' in given &&
    'text' in given &&
    typeof given.root === 'string' &&
    typeof given.text === 'string'
  );
}
