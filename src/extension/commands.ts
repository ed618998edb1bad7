import { join } from 'node:path';
import * as vscode from 'vscode';
import { optionWords } from '../core/history/optionWords.ts';
import { ARTEFACTS } from '../core/project/layout.ts';
import { askOptions, lastOptions } from './askOptions.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import type { Projects } from './projects.ts';
import type { RunAnswer } from './protocol.ts';
import type { Runner } from './runner.ts';
import { LIFECYCLE_COMMAND, STAGE_COMMANDS, type StageCommand } from './stageTable.ts';

interface Parts {
  readonly projects: Projects;
  readonly core: CoreClient;
  readonly runner: Runner;
  readonly log: Log;
}

/** Commands that run stages: from the palette with questions, from views and the API with options. */
export function registerRunCommands(parts: Parts): vscode.Disposable {
  const all = [...STAGE_COMMANDS, LIFECYCLE_COMMAND];
  return vscode.Disposable.from(
    ...all.map((stage) =>
      vscode.commands.registerCommand(stage.command, (options?: unknown, root?: unknown) =>
        runWith(parts, stage, options, root),
      ),
    ),
    vscode.commands.registerCommand('pasMigration.rerunFrom', (item?: unknown, root?: unknown) =>
      rerunFrom(parts, item, root),
    ),
    vscode.commands.registerCommand('pasMigration.cancelRun', () => {
      for (const root of parts.projects.all) parts.runner.cancel(root);
    }),
    vscode.commands.registerCommand('pasMigration.showLog', () => parts.log.show()),
  );
}

/**
 * @param item a stage by its id, or as an item of the Execution view, which shows the current project
 * @param of the project, when a panel asks
 */
async function rerunFrom(parts: Parts, item: unknown, of: unknown): Promise<RunAnswer | undefined> {
  const inTree = typeof item === 'object' && item !== null && 'stageId' in item ? item.stageId : undefined;
  const stage = typeof item === 'string' ? item : typeof inTree === 'string' ? inTree : undefined;
  const id = stage ?? (await pickStage());
  if (id === undefined) return undefined;
  const root = await chooseProject(parts.projects, inTree === undefined ? of : parts.projects.current);
  if (root === null) return undefined;
  const options: Record<string, unknown> = { ...(await lastOptions(LIFECYCLE_COMMAND, parts.core, root)), from: id };
  const title = `Rerun from ${STAGE_COMMANDS.find((known) => known.id === id)?.title ?? id}`;
  return runAndTell(parts, root, { ...LIFECYCLE_COMMAND, title }, options, optionWords(options, id));
}

async function runWith(parts: Parts, stage: StageCommand, given: unknown, of: unknown): Promise<RunAnswer | undefined> {
  const root = await chooseProject(parts.projects, of);
  if (root === null) return undefined;
  // Tree items arrive as arguments too; only plain option objects count as answers.
  if (isOptions(given)) return runAndTell(parts, root, stage, given);
  // Beside a run this one is refused, so nobody is asked anything.
  const asked = parts.runner.isRunning(root) ? {} : await askOptions(stage, parts.core, root);
  return asked === null ? undefined : runAndTell(parts, root, stage, asked);
}

function isOptions(given: unknown): given is Record<string, unknown> {
  return (
    typeof given === 'object' &&
    given !== null &&
    Object.getPrototypeOf(given) === Object.prototype &&
    !('stageId' in given)
  );
}

async function runAndTell(
  parts: Parts,
  root: string,
  stage: StageCommand,
  options: Record<string, unknown>,
  words = '',
): Promise<RunAnswer> {
  const title = words === '' ? stage.title : `${stage.title}: ${words}`;
  const answer = await parts.runner.run(root, stage.id, title, options);
  void tell(parts, root, stage, answer);
  return answer;
}

/** One notification a run, with what a person does next. */
async function tell(parts: Parts, root: string, stage: StageCommand, answer: RunAnswer): Promise<void> {
  for (const line of answer.text) parts.log.info(line);
  const gates = 'Open Gate Report';
  const log = 'Show Log';
  const problems = 'Show Problems';
  let chosen: string | undefined;
  if (answer.status === 'passed') {
    chosen = await vscode.window.showInformationMessage(`${stage.title}: passed.`, ...(decides(stage) ? [gates] : []));
  } else if (answer.status === 'cancelled') {
    chosen = await vscode.window.showInformationMessage(
      `${stage.title}: cancelled. The last complete outputs are unchanged.`,
    );
  } else if (answer.status === 'failed') {
    const what = decides(stage) ? 'the release gates do not pass' : 'checks failed';
    chosen = await vscode.window.showWarningMessage(
      `${stage.title}: ${what}.`,
      problems,
      ...(decides(stage) ? [gates] : []),
    );
  } else {
    chosen = await vscode.window.showErrorMessage(`${stage.title}: ${answer.error ?? 'could not run'}`, log);
  }
  if (chosen === log) parts.log.show();
  if (chosen === problems) await vscode.commands.executeCommand('workbench.actions.view.problems');
  if (chosen === gates)
    await vscode.window.showTextDocument(vscode.Uri.file(join(root, ARTEFACTS.gateReport)), { preview: true });
}

function decides(stage: StageCommand): boolean {
  return stage.id === LIFECYCLE_COMMAND.id || stage.id === 'run-release-gates';
}

async function pickStage(): Promise<string | undefined> {
  const items = STAGE_COMMANDS.map(({ id, title }) => ({ label: title, description: id, id }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Run again from this stage to the gates' }))?.id;
}

/**
 * The current project; with several, the one that the user picks.
 *
 * @param of the project of the panel in which something was pressed: it is the one, and nobody is asked
 */
export async function chooseProject(projects: Projects, of?: unknown): Promise<string | null> {
  if (typeof of === 'string' && projects.all.includes(of)) projects.current = of;
  else if (projects.all.length > 1) {
    const items = projects.all.map((root) => ({
      label: vscode.workspace.getWorkspaceFolder(vscode.Uri.file(root))?.name ?? root,
      description: root === projects.current ? 'current' : '',
      root,
    }));
    const picked = await vscode.window.showQuickPick(items, { placeHolder: 'Project to work on' });
    if (picked === undefined) return null;
    projects.current = picked.root;
  }
  if (projects.current === null) {
    const create = 'New Project';
    const message = 'No migration project is open: open a folder with requirement_spec in it, or make a new project.';
    void vscode.window.showInformationMessage(message, create).then((chosen) => {
      if (chosen === create) void vscode.commands.executeCommand('pasMigration.newProject');
    });
  }
  return projects.current;
}
