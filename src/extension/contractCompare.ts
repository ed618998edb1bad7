import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { ARTEFACTS } from '../core/project/layout.ts';
import { chooseProject } from './commands.ts';
import type { CoreClient } from './coreClient.ts';
import { headOfGit } from './gitHead.ts';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import type { CoreAnswers, VersionAsked } from './protocol.ts';
import { age } from './views/tree.ts';

/** Sides of a comparison as read-only documents: `pas-migration-compare:/<name>?<number>`. */
const SCHEME = 'pas-migration-compare';
/** Comparisons whose texts are kept; an older tab that comes back is empty. */
const KEPT = 20;

interface Parts {
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly model: ProjectModel;
}

interface Choice extends vscode.QuickPickItem {
  /** Null asks for a file. */
  readonly version: VersionAsked | null;
}

type Comparison = CoreAnswers['contractDiff'];

/** Commands that compare the contract with another version of it, row by row. */
export function registerCompareCommands(parts: Parts): vscode.Disposable {
  const texts = new Map<string, string>();
  let last = 0;
  const side = (name: string, text: string): vscode.Uri => {
    last += 1;
    texts.set(String(last), text);
    for (const old of [...texts.keys()].slice(0, Math.max(0, texts.size - 2 * KEPT))) texts.delete(old);
    return vscode.Uri.from({ scheme: SCHEME, path: `/${name.replaceAll('/', '∕')}.csv`, query: String(last) });
  };

  /** What was chosen, compared with the contract as the editor has it; null when nothing was. */
  const compared = async (given: unknown): Promise<{ root: string; found: Comparison } | null> => {
    const root = await chooseProject(parts.projects);
    if (root === null) return null;
    const version = typeof given === 'string' ? given : await choose(parts, root);
    if (version === null) return null;
    try {
      const after = editorVersion(root) ?? 'now';
      return { root, found: await parts.core.ask({ kind: 'contractDiff', project: root, before: version, after }) };
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
      return null;
    }
  };

  const show = async (root: string, found: Comparison, file: 'fields' | 'tables'): Promise<void> => {
    const what = file === 'fields' ? 'contract' : 'table rows of the contract';
    await vscode.commands.executeCommand(
      'vscode.diff',
      side(found.before.name, found.before[file]),
      side(found.after.name, found.after[file]),
      `${basename(root)}: ${what}, ${found.before.name} ↔ ${found.after.name}, by row key`,
    );
  };

  const compare = async (given?: unknown): Promise<void> => {
    const done = await compared(given);
    if (done === null) return;
    const { root, found } = done;
    // Where only table rows differ, those are what a person wants to see.
    await show(root, found, found.rows > 0 && found.rows === found.tableRows ? 'tables' : 'fields');
    const more = found.tableRows > 0 && found.rows > found.tableRows ? ['Show Table Rows'] : [];
    const actions = found.rows === 0 ? [] : [...more, 'Export as CSV'];
    void vscode.window.showInformationMessage(found.text[0] ?? '', ...actions).then(async (chosen) => {
      if (chosen === 'Show Table Rows') await show(root, found, 'tables');
      else if (chosen === 'Export as CSV') await save(root, found);
    });
  };

  const exportCsv = async (given?: unknown, to?: unknown): Promise<void> => {
    const done = await compared(given);
    if (done !== null) await save(done.root, done.found, to instanceof vscode.Uri ? to : undefined);
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand('pasMigration.compareContract', compare),
    vscode.commands.registerCommand('pasMigration.exportContractDiff', exportCsv),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => texts.get(uri.query) ?? '',
    }),
  );
}

/** The contract as the editor has it, when it is not what the disk has. */
function editorVersion(root: string): VersionAsked | null {
  const text = (path: string): vscode.TextDocument | undefined =>
    vscode.workspace.textDocuments.find(
      (document) => document.isDirty && document.uri.path === vscode.Uri.file(join(root, path)).path,
    );
  const [fields, tables] = [text(ARTEFACTS.contract), text(ARTEFACTS.contractTables)];
  if (fields === undefined && tables === undefined) return null;
  return { name: 'the editor', fields: fields?.getText() ?? null, tables: tables?.getText() ?? null };
}

async function choose(parts: Parts, root: string): Promise<VersionAsked | null> {
  const locks = await parts.core.ask({ kind: 'contractLocks', project: root }).catch(() => []);
  const snapshots = (await parts.model.load())?.snapshots ?? [];
  const head = await headOfGit(root, [ARTEFACTS.contract, ARTEFACTS.contractTables]);
  const separator = (label: string): Choice => ({ label, kind: vscode.QuickPickItemKind.Separator, version: null });
  const items: Choice[] = [
    ...(editorVersion(root) === null ? [] : [{ label: 'Last saved', description: 'the file on disk', version: 'now' }]),
    ...(head === null
      ? []
      : [
          {
            label: 'Git HEAD',
            description: 'as last committed',
            version: { name: 'Git HEAD', fields: head[0] ?? '', tables: head[1] ?? null },
          },
        ]),
    { label: 'A file…', description: 'another contract on disk', version: null },
    ...(locks.length === 0 ? [] : [separator('Locked versions')]),
    ...[...locks].reverse().map((lock) => ({
      label: lock.name,
      description: `locked by ${lock.locked_by}, ${age(lock.locked_at_utc)}`,
      version: `locked:${lock.name}`,
    })),
    ...(snapshots.length === 0 ? [] : [separator('Snapshots')]),
    ...snapshots.map((snapshot) => ({
      label: snapshot.snapshot_id,
      description: [age(snapshot.created_at_utc), snapshot.reason].filter((text) => text !== '').join(' · '),
      version: snapshot.snapshot_id,
    })),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Compare Contract With',
    placeHolder: 'An earlier version; the contract as it is now stands beside it',
    matchOnDescription: true,
  });
  if (chosen === undefined) return null;
  if (chosen.version !== null) return chosen.version;
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Contract to Compare With',
      defaultUri: vscode.Uri.file(root),
      filters: { CSV: ['csv'] },
    })) ?? [];
  return uri?.fsPath ?? null;
}

async function save(root: string, found: Comparison, to?: vscode.Uri): Promise<void> {
  const uri =
    to ??
    (await vscode.window.showSaveDialog({
      title: 'Export Contract Diff',
      defaultUri: vscode.Uri.file(join(root, 'contract_diff.csv')),
      filters: { CSV: ['csv'] },
    }));
  if (uri === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(found.csv));
    void vscode.window.showInformationMessage(
      `${found.rows} row${found.rows === 1 ? '' : 's'} that differ${found.rows === 1 ? 's' : ''} written to ${vscode.workspace.asRelativePath(uri)}.`,
    );
  } catch (error) {
    void vscode.window.showErrorMessage(
      `The diff cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
