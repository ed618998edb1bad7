import * as vscode from 'vscode';
import { optionWords } from '../core/history/optionWords.ts';
import { lastOptions } from './askOptions.ts';
import type { CoreClient } from './coreClient.ts';
import type { Projects } from './projects.ts';
import type { Runner } from './runner.ts';
import { LIFECYCLE_COMMAND, STAGE_COMMANDS, type StageCommand } from './stageTable.ts';

interface Definition extends vscode.TaskDefinition {
  readonly type: 'pasMigration';
  readonly command: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Stages as tasks, so that they fit into a team's own task chains. They run in the editor's core, not in a shell. */
export class StageTasks implements vscode.TaskProvider {
  static readonly type = 'pasMigration';
  readonly #projects: Projects;
  readonly #core: CoreClient;
  readonly #runner: Runner;

  constructor(projects: Projects, core: CoreClient, runner: Runner) {
    this.#projects = projects;
    this.#core = core;
    this.#runner = runner;
  }

  provideTasks(): vscode.Task[] {
    return [...STAGE_COMMANDS, LIFECYCLE_COMMAND].map((stage) =>
      this.#task({ type: 'pasMigration', command: stage.id }, stage),
    );
  }

  resolveTask(task: vscode.Task): vscode.Task | undefined {
    const definition = task.definition as Definition;
    const stage = [...STAGE_COMMANDS, LIFECYCLE_COMMAND].find((known) => known.id === definition.command);
    return stage === undefined ? undefined : this.#task(definition, stage);
  }

  #task(definition: Definition, stage: StageCommand): vscode.Task {
    const execution = new vscode.CustomExecution(
      async () => new StageTerminal(this.#projects, this.#core, this.#runner, stage, definition),
    );
    const task = new vscode.Task(
      definition,
      vscode.TaskScope.Workspace,
      stage.title,
      'PAS Migration',
      execution,
      '$pasMigration',
    );
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent };
    return task;
  }
}

class StageTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;
  readonly #abort = new AbortController();
  readonly #projects: Projects;
  readonly #core: CoreClient;
  readonly #runner: Runner;
  readonly #stage: StageCommand;
  readonly #definition: Definition;

  constructor(projects: Projects, core: CoreClient, runner: Runner, stage: StageCommand, definition: Definition) {
    this.#projects = projects;
    this.#core = core;
    this.#runner = runner;
    this.#stage = stage;
    this.#definition = definition;
  }

  open(): void {
    this.#run().catch((error: Error) => {
      this.#line(error.message);
      this.#close.fire(2);
    });
  }

  close(): void {
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    const root = this.#projects.current;
    if (root === null) {
      this.#line('No migration project is open.');
      this.#close.fire(2);
      return;
    }
    const last = await lastOptions(this.#stage, this.#core, root);
    const options: Record<string, unknown> = { ...last, ...this.#definition.options };
    const words = optionWords(options, typeof options['from'] === 'string' ? options['from'] : undefined);
    this.#line(words === '' ? this.#stage.title : `${this.#stage.title}: ${words}`);
    const answer = await this.#runner.run(root, this.#stage.id, this.#stage.title, options, this.#abort.signal);
    for (const line of answer.text) this.#line(line);
    if (answer.error !== null) this.#line(answer.error);
    this.#line(`${this.#stage.title}: ${answer.status}`);
    this.#close.fire(answer.returnCode);
  }

  #line(text: string): void {
    this.#write.fire(`${text.replaceAll('\n', '\r\n')}\r\n`);
  }
}
