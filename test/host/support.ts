import assert from 'node:assert/strict';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { PasMigrationApi } from '../../src/extension/api.ts';

export const EXTENSION = 'pas-migration.pas-migration-control-plane';

export async function api(): Promise<PasMigrationApi> {
  const extension = vscode.extensions.getExtension<PasMigrationApi>(EXTENSION);
  assert.ok(extension !== undefined, 'the extension is not installed');
  return extension.activate();
}

export function root(): string {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder !== undefined);
  return folder.uri.fsPath;
}

export function file(path: string): vscode.Uri {
  return vscode.Uri.file(join(root(), path));
}

/** Waits until something holds, as a person would look again. */
export async function eventually<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  seconds = 20,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** True where the runner of these tests types into dialogs; a desktop's cannot. */
export const canType = process.env['PAS_HOST_DIALOGS'] === '1';

interface Done {
  readonly text: string;
  readonly before: string;
  readonly error?: string;
}

/**
 * Does in an open dialog what a person does: types and presses Enter, once it shows some words.
 *
 * @returns what it showed before anything was typed, and before Enter
 */
export function dialog(sees: string, types: string): Promise<Done> {
  return asked(`the dialog "${sees}"`, { sees, types });
}

/** A thing to do in a page, by what a person reads there. */
export type PageStep =
  | { readonly check: string }
  | { readonly choose: string; readonly value: string }
  /** A button, in the part of the page that has a name where several have the same words. */
  | { readonly press: string; readonly part?: string }
  | { readonly wait: string };

/** Does in the page of the panel or custom editor in front what a person does there. */
export async function inPage(...steps: readonly PageStep[]): Promise<void> {
  await asked('the page', { steps });
}

async function asked(what: string, ask: object): Promise<Done> {
  const path = (name: string): string => join(root(), '..', name);
  await rm(path('dialog.done'), { force: true });
  await writeFile(path('dialog.tmp'), JSON.stringify(ask));
  await rename(path('dialog.tmp'), path('dialog.json'));
  const read = (): Promise<string | undefined> => readFile(path('dialog.done'), 'utf8').catch(() => undefined);
  const done = JSON.parse(await eventually(what, read, 60)) as Done;
  if (done.error !== undefined) throw new Error(done.error);
  return done;
}

export function problemsOf(path: string): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(file(path)).filter((found) => found.source === 'PAS Migration');
}

export function codeOf(diagnostic: vscode.Diagnostic): string {
  return typeof diagnostic.code === 'object' ? String(diagnostic.code.value) : String(diagnostic.code);
}
