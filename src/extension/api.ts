import type * as vscode from 'vscode';
import type { ProjectState } from '../core/review/projectState.ts';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import type { RunAnswer } from './protocol.ts';
import type { RunListener, Runner } from './runner.ts';
import { LIFECYCLE_COMMAND, STAGE_COMMANDS } from './stageTable.ts';

/**
 * What other extensions get from `activate`. Version 1: fields are added, never changed or taken away.
 *
 * @example
 * const pas = await vscode.extensions.getExtension('pas-migration.pas-migration-control-plane')?.activate();
 * const answer = await pas.runStage('extract-specs', {});
 */
export interface PasMigrationApi {
  readonly version: 1;
  /** Absolute folders of the migration projects in this window. */
  readonly projects: readonly string[];
  /** Ids of the commands that `runStage` takes. */
  readonly stages: readonly string[];
  /**
   * Runs a stage, or `run-product-lifecycle`, in the current project; options as the terminal has them, with `_`.
   * Never throws: a refused run has status `error` and a sentence.
   */
  runStage(id: string, options: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<RunAnswer>;
  /** Everything the views show; null without a project. */
  readState(): Promise<ProjectState | null>;
  /** Progress of every run in this window. */
  readonly onEvent: vscode.Event<RunListener>;
}

export function makeApi(projects: Projects, model: ProjectModel, runner: Runner): PasMigrationApi {
  const commands = [...STAGE_COMMANDS, LIFECYCLE_COMMAND];
  return {
    version: 1,
    get projects() {
      return projects.all;
    },
    stages: commands.map(({ id }) => id),
    async runStage(id, options, signal) {
      const command = commands.find((known) => known.id === id);
      const root = projects.current;
      const refused = (error: string): RunAnswer => ({ status: 'error', returnCode: 2, text: [], error, summary: {} });
      if (command === undefined) return refused(`There is no stage ${id}.`);
      if (root === null) return refused('No migration project is open.');
      return runner.run(root, id, command.title, options, signal);
    },
    readState: () => model.load(),
    onEvent: runner.onEvent,
  };
}
