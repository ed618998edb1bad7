import { basename } from 'node:path';
import * as vscode from 'vscode';
import { changeSentences, otherInputNote, SnapshotChanges } from '../core/snapshots/snapshotChanges.ts';
import { chooseProject } from './commands.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import { RESTORE, RESTORE_ALL, restoreQuestion, snapshotTitle } from './restoreQuestion.ts';
import type { Runner } from './runner.ts';
import { STAGE_COMMANDS, type StageCommand } from './stageTable.ts';
import { age } from './views/tree.ts';

/** Versions of the contract as read-only documents: `pas-migration-contract:/<project>?<snapshot id or now>&<time>`. */
const SCHEME = 'pas-migration-contract';

interface Parts {
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly model: ProjectModel;
  readonly runner: Runner;
  readonly log: Log;
}

/** A tree item of a snapshot or a stage, or an id when called by hand. */
type Given =
  | { readonly snapshotId?: string; readonly stageId?: string; readonly show?: 'changes' | 'contract' }
  | string
  | undefined;

/** Commands that keep the project, compare it with what was kept, and go back. */
export function registerSnapshotCommands(parts: Parts): vscode.Disposable {
  const { projects, core, runner, log } = parts;
  const register = vscode.commands.registerCommand;

  const create = async (reason?: unknown, of?: unknown): Promise<void> => {
    const root = await chooseProject(projects, of);
    if (root === null) return;
    const why =
      typeof reason === 'string'
        ? reason
        : await vscode.window.showInputBox({
            title: 'Create Snapshot',
            prompt: 'Why is this state kept? Shown in the list of snapshots.',
            placeHolder: 'before the ward list changes',
            validateInput: (text) => (text.length > 500 ? 'At most 500 characters.' : null),
          });
    if (why === undefined) return;
    const answer = await runner.run(root, 'snapshot create', 'Create Snapshot', { reason: why });
    tell(answer.error, answer.text[0] ?? 'The snapshot is kept.');
  };

  const restore = async (given?: Given, confirmed?: unknown, of?: unknown): Promise<void> => {
    const root = await chooseProject(projects, of);
    if (root === null) return;
    const stageId = typeof given === 'object' ? given.stageId : undefined;
    const stage = STAGE_COMMANDS.find((known) => known.id === stageId);
    const id = idOf(given) ?? (await pick(stage === undefined ? 'Snapshot to restore' : `Restore from ${stage.title}`));
    if (id === undefined) return;
    const keyFigures = confirmed === true ? 'keep' : await ask(root, id, stage);
    if (keyFigures === null) return;
    const options = { snapshot: id, key_figures: keyFigures, ...(stage === undefined ? {} : { from: stage.id }) };
    const answer = await runner.run(root, 'snapshot restore', 'Restore Snapshot', options);
    tell(answer.error, answer.text.join(' '));
  };

  /** Whether to restore, and with the key figures or without; null for no. */
  async function ask(root: string, id: string, stage: StageCommand | undefined): Promise<'keep' | 'restore' | null> {
    const asked = { kind: 'restorePlan', project: root, snapshot: id, fromStage: stage?.id ?? null } as const;
    const plan = await core.ask(asked).catch((error: Error) => error.message);
    if (typeof plan === 'string') {
      tell(plan, '');
      return null;
    }
    const { message, detail, buttons } = restoreQuestion(plan, stage?.title ?? null);
    const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, ...buttons);
    return chosen === RESTORE ? 'keep' : chosen === RESTORE_ALL ? 'restore' : null;
  }

  /** Tells what changed since a snapshot; the panel asks for the changes alone, or for the contract side by side. */
  const compare = async (
    given?: Given,
    of?: unknown,
  ): Promise<(SnapshotChanges & { readonly title: string }) | null> => {
    const root = await chooseProject(projects, of);
    if (root === null) return null;
    const show = typeof given === 'object' ? given.show : undefined;
    const id = idOf(given) ?? (await pick('Snapshot to compare the project with'));
    if (id === undefined) return null;
    const head = (await parts.model.load())?.snapshots.find((snapshot) => snapshot.snapshot_id === id);
    const title = head === undefined ? id : snapshotTitle(head);
    const sideBySide = (): Thenable<unknown> =>
      vscode.commands.executeCommand(
        'vscode.diff',
        versionUri(root, id),
        versionUri(root, 'now'),
        `${basename(root)}: contract of ${title} ↔ now, by row key`,
      );
    if (show === 'contract') {
      await sideBySide();
      return null;
    }
    const answer = await runner.run(root, 'snapshot compare', 'Compare Snapshots', { before: id });
    if (answer.error !== null) {
      tell(answer.error, '');
      return null;
    }
    for (const line of answer.text) log.info(line);
    const changes = SnapshotChanges.parse(answer.summary['changes']);
    if (show === 'changes') return { ...changes, title };
    // Two texts without a difference tell nobody anything.
    if (changes.contractRows > 0) await sideBySide();
    const told = `Since ${title}: ${changeSentences(changes).join('; ')}. ${otherInputNote(changes)}`.trimEnd();
    void vscode.window.showInformationMessage(told, 'Show Log').then((chosen) => {
      if (chosen !== undefined) log.show();
    });
    return { ...changes, title };
  };

  async function pick(placeHolder: string): Promise<string | undefined> {
    const snapshots = (await parts.model.load())?.snapshots ?? [];
    if (snapshots.length === 0) {
      void vscode.window.showInformationMessage('There is no snapshot yet. A full run keeps one, or Create Snapshot.');
      return undefined;
    }
    const items = snapshots.map((snapshot) => ({
      label: snapshot.reason === '' ? snapshot.snapshot_id : snapshot.reason,
      description: age(snapshot.created_at_utc),
      detail: snapshot.snapshot_id,
    }));
    const shown = { placeHolder, matchOnDescription: true, matchOnDetail: true };
    return (await vscode.window.showQuickPick(items, shown))?.detail;
  }

  function tell(error: string | null, text: string): void {
    if (error === null) void vscode.window.showInformationMessage(text);
    else void vscode.window.showErrorMessage(error);
  }

  const contents: vscode.TextDocumentContentProvider = {
    provideTextDocumentContent: (uri) =>
      core.ask({ kind: 'contractVersion', project: uri.fsPath, snapshot: uri.query.split('&')[0] ?? '' }),
  };
  return vscode.Disposable.from(
    register('pasMigration.createSnapshot', create),
    register('pasMigration.restoreSnapshot', restore),
    register('pasMigration.compareSnapshot', compare),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, contents),
  );
}

function idOf(given: Given): string | undefined {
  return typeof given === 'string' ? given : given?.snapshotId;
}

function versionUri(root: string, snapshot: string): vscode.Uri {
  // A document that was opened once is not asked for again; the time makes each comparison's its own.
  return vscode.Uri.file(root).with({ scheme: SCHEME, query: `${snapshot}&${Date.now()}` });
}
