import { join } from 'node:path';
import * as vscode from 'vscode';
import { optionWords } from '../core/history/optionWords.ts';
import { ARTEFACTS } from '../core/project/layout.ts';
import type { ProjectState } from '../core/review/projectState.ts';
import { lastOptions } from './askOptions.ts';
import type { CoreClient } from './coreClient.ts';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import type { Runner } from './runner.ts';
import { STAGE_COMMANDS, type StageCommand } from './stageTable.ts';

const GATES = 'run-release-gates';
const QUALITY = 'run-enterprise-pipeline';

/** Gates and quality rules as tests: run them from the Test Explorer, read their verdicts there. */
export class GateTests implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController('pasMigration', 'PAS Migration');
  readonly #projects: Projects;
  readonly #core: CoreClient;
  readonly #model: ProjectModel;
  readonly #runner: Runner;
  readonly #subscription: vscode.Disposable;

  constructor(projects: Projects, core: CoreClient, model: ProjectModel, runner: Runner) {
    this.#projects = projects;
    this.#core = core;
    this.#model = model;
    this.#runner = runner;
    this.controller.resolveHandler = async () => {
      await model.load();
      this.#fill();
    };
    this.controller.createRunProfile(
      'Run',
      vscode.TestRunProfileKind.Run,
      (request, token) => this.#run(request, token),
      true,
    );
    this.#subscription = model.onDidChange(() => this.#fill());
  }

  dispose(): void {
    this.#subscription.dispose();
    this.controller.dispose();
  }

  #fill(): void {
    const root = this.#projects.current;
    const state = this.#model.state;
    if (root === null || state === null) {
      this.controller.items.replace([]);
      return;
    }
    const report = (path: string): vscode.Uri => vscode.Uri.file(join(root, path));
    const gates = this.controller.createTestItem(GATES, 'Release gates', report(ARTEFACTS.gateProfiles));
    gates.children.replace(
      (state.gates?.gates ?? []).map((gate) =>
        this.#item(`gate/${gate.id}`, gate.title, gate.id, report(ARTEFACTS.gateProfiles)),
      ),
    );
    const quality = this.controller.createTestItem(QUALITY, 'Quality rules', report(ARTEFACTS.qualityReport));
    quality.children.replace(
      (state.quality?.rules ?? []).map((rule) =>
        this.#item(`rule/${rule.id}`, rule.title ?? rule.id, rule.id, report(ARTEFACTS.qualityReport)),
      ),
    );
    this.controller.items.replace([gates, quality]);
  }

  #item(id: string, label: string, description: string, uri: vscode.Uri): vscode.TestItem {
    const item = this.controller.createTestItem(id, label, uri);
    item.description = description;
    return item;
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const root = this.#projects.current;
    if (root === null) return;
    const wanted = request.include ?? [...this.controller.items].map(([, item]) => item);
    const needs = (id: string, prefix: string): boolean =>
      wanted.some((item) => item.id === id || item.id.startsWith(prefix));
    const run = this.controller.createTestRun(request, 'PAS Migration');
    const abort = new AbortController();
    token.onCancellationRequested(() => abort.abort());
    for (const [id, prefix] of [
      [QUALITY, 'rule/'],
      [GATES, 'gate/'],
    ] as const) {
      const stage = STAGE_COMMANDS.find((known) => known.id === id);
      if (stage === undefined || !needs(id, prefix) || abort.signal.aborted) continue;
      await this.#runStage(root, stage, run, abort.signal);
    }
    await this.#model.load();
    this.#model.refresh();
    run.end();
  }

  async #runStage(root: string, stage: StageCommand, run: vscode.TestRun, signal: AbortSignal): Promise<void> {
    const item = this.controller.items.get(stage.id);
    if (item !== undefined) for (const [, child] of item.children) run.started(child);
    const options = await lastOptions(stage, this.#core, root);
    const title = `${stage.title}: ${optionWords(options)}`;
    run.appendOutput(`${title}\r\n`);
    const answer = await this.#runner.run(root, stage.id, title, options, signal);
    for (const line of answer.text) run.appendOutput(`${line}\r\n`);
    const state = await this.#fresh();
    if (item === undefined || state === null) return;
    if (answer.error !== null) {
      for (const [, child] of item.children) run.errored(child, new vscode.TestMessage(answer.error));
      return;
    }
    this.#fill();
    for (const [, child] of this.controller.items.get(stage.id)?.children ?? []) report(run, child, state);
  }

  async #fresh(): Promise<ProjectState | null> {
    this.#model.refresh();
    return new Promise((resolve) => {
      const subscription = this.#model.onDidChange(() => {
        subscription.dispose();
        resolve(this.#model.state);
      });
      void this.#model.load();
    });
  }
}

function report(run: vscode.TestRun, item: vscode.TestItem, state: ProjectState): void {
  const [kind, id] = item.id.split('/');
  const message = (text: string): vscode.TestMessage => {
    const told = new vscode.TestMessage(text);
    if (item.uri !== undefined) told.location = new vscode.Location(item.uri, new vscode.Position(0, 0));
    return told;
  };
  if (kind === 'gate') {
    const gate = state.gates?.gates.find((known) => known.id === id);
    if (gate === undefined) return;
    if (gate.verdict === 'PASS') run.passed(item);
    else if (gate.verdict === 'FAIL')
      run.failed(item, message(`${gate.message} Measured ${gate.actual}, expected ${gate.expected}.`));
    else run.errored(item, message(`Not proven: ${gate.message}`));
    return;
  }
  const rule = state.quality?.rules.find((known) => known.id === id);
  if (rule === undefined) return;
  if (rule.status === 'passed') run.passed(item);
  else if (rule.status === 'not_applicable') run.skipped(item);
  else
    run.failed(
      item,
      message(`${rule.numerator} of ${rule.denominator} rows break this rule; see ${ARTEFACTS.qualityIssues}.`),
    );
}
