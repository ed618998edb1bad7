import { join } from 'node:path';
import * as vscode from 'vscode';
import { crosswalkName } from '../core/crosswalk/crosswalkName.ts';
import { ARTEFACTS } from '../core/project/layout.ts';
import type { Problem } from '../core/shared/problem.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import type { Projects } from './projects.ts';

const SOURCE = 'PAS Migration';
/** While a person types, problems wait for the pause; after a run they come at once. */
const TYPING_MS = 300;
const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};
/** Files whose unsaved text is checked. */
const CHECKED: ReadonlySet<string> = new Set([ARTEFACTS.connectors, ARTEFACTS.contract, ARTEFACTS.contractTables]);

function isChecked(path: string): boolean {
  return CHECKED.has(path) || crosswalkName(path) !== null;
}

/** Shows what the core finds in the Problems panel. Each check replaces all before it, so nothing lingers. */
export class Diagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('pasMigration');
  readonly #projects: Projects;
  readonly #core: CoreClient;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable[];
  readonly #checked = new vscode.EventEmitter<void>();
  /** Fires after each check. */
  readonly onDidCheck = this.#checked.event;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<void> | null = null;
  #again = false;

  constructor(projects: Projects, core: CoreClient, log: Log) {
    this.#projects = projects;
    this.#core = core;
    this.#log = log;
    this.#subscriptions = [
      this.#collection,
      this.#checked,
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isChecked(projects.of(document.uri)?.path ?? '')) this.schedule(TYPING_MS);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (isChecked(projects.of(document.uri)?.path ?? '')) this.schedule(TYPING_MS);
      }),
    ];
  }

  /** Checks soon; calls that come before are one check. */
  schedule(delay = 0): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.check();
    }, delay);
  }

  /** Checks all projects now. */
  async check(): Promise<void> {
    if (this.#running !== null) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#checkAll().finally(() => {
      this.#running = null;
      this.#checked.fire();
      if (this.#again) {
        this.#again = false;
        this.schedule();
      }
    });
    return this.#running;
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #checkAll(): Promise<void> {
    const found = new Map<string, vscode.Diagnostic[]>();
    for (const root of this.#projects.all) {
      try {
        const problems = await this.#core.ask({ kind: 'problems', project: root, open: this.#openTexts(root) });
        for (const problem of problems) {
          const path = join(root, problem.place.file);
          const list = found.get(path) ?? [];
          list.push(toDiagnostic(problem));
          found.set(path, list);
        }
      } catch (error) {
        this.#log.error(`${root}: problems could not be looked for: ${(error as Error).message}`);
      }
    }
    this.#collection.clear();
    for (const [path, list] of found) this.#collection.set(vscode.Uri.file(path), list);
  }

  #openTexts(root: string): Map<string, string> {
    const open = new Map<string, string>();
    for (const document of vscode.workspace.textDocuments) {
      const owner = this.#projects.of(document.uri);
      if (owner?.root === root && isChecked(owner.path) && document.isDirty) open.set(owner.path, document.getText());
    }
    return open;
  }
}

function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const { line = 1, column = 1, endColumn } = problem.place;
  const start = new vscode.Position(line - 1, column - 1);
  const end = new vscode.Position(line - 1, endColumn === undefined ? 10_000 : endColumn - 1);
  const diagnostic = new vscode.Diagnostic(new vscode.Range(start, end), problem.message, SEVERITIES[problem.severity]);
  diagnostic.source = SOURCE;
  const target = vscode.Uri.parse(
    `command:pasMigration.explainProblem?${encodeURIComponent(JSON.stringify([problem.code]))}`,
  );
  diagnostic.code = { value: problem.code, target };
  return diagnostic;
}
