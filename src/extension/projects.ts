import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../core/project/layout.ts';

/** What makes a folder a migration project. */
const MARKS = ['requirement_spec', ARTEFACTS.contract, ARTEFACTS.sourceCatalog];

/** Finds the migration projects among the workspace folders; one of them is the current one that views show. */
export class Projects implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  #roots: readonly string[] = [];
  #current: string | null = null;

  constructor() {
    this.refresh();
    this.#subscriptions = [this.#changed, vscode.workspace.onDidChangeWorkspaceFolders(() => this.refresh())];
  }

  /** Absolute folders. */
  get all(): readonly string[] {
    return this.#roots;
  }

  get current(): string | null {
    return this.#current;
  }

  set current(root: string | null) {
    if (root === this.#current) return;
    this.#current = root;
    this.#changed.fire();
  }

  refresh(): void {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((folder) => folder.uri.scheme === 'file');
    const known = this.#roots;
    this.#roots = folders
      .map((folder) => folder.uri.fsPath)
      // One that was a project and is gone from the disk stays: views and panels then say that it is gone.
      .filter(
        (root) => MARKS.some((mark) => existsSync(join(root, mark))) || (known.includes(root) && !existsSync(root)),
      );
    if (this.#current === null || !this.#roots.includes(this.#current)) this.#current = this.#roots[0] ?? null;
    void vscode.commands.executeCommand('setContext', 'pasMigration.hasProject', this.#current !== null);
    this.#changed.fire();
  }

  /** The project that holds a file, and the file's name in it. */
  of(uri: vscode.Uri): { readonly root: string; readonly path: string } | null {
    if (uri.scheme !== 'file') return null;
    for (const root of this.#roots) {
      const path = relative(root, uri.fsPath);
      if (!path.startsWith('..') && path !== '') return { root, path: path.split(sep).join('/') };
    }
    return null;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
