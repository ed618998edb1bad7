import * as vscode from 'vscode';
import { ARTEFACTS } from '../core/project/layout.ts';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import type { Runner } from './runner.ts';

/** Profile and gate verdict of the current project; a click opens the gate report. */
export class StatusBar implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('pasMigration.gates', vscode.StatusBarAlignment.Left, 10);
  readonly #projects: Projects;
  readonly #model: ProjectModel;
  readonly #subscriptions: vscode.Disposable[];
  #running: string | null = null;

  constructor(projects: Projects, model: ProjectModel, runner: Runner) {
    this.#projects = projects;
    this.#model = model;
    this.#item.name = 'PAS Migration gates';
    this.#item.command = 'pasMigration.openGateReport';
    this.#subscriptions = [
      this.#item,
      model.onDidChange(() => this.#show()),
      runner.onEvent(({ event }) => {
        if (event.type === 'stage-started') this.#running = event.title;
        if (event.type === 'stage-finished') this.#running = null;
        this.#show();
      }),
    ];
    this.#show();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #show(): void {
    if (this.#projects.current === null) {
      this.#item.hide();
      return;
    }
    const { gates = null, busy = null, unreadable = [] } = this.#model.state ?? {};
    const { fault } = this.#model;
    const broken = fault !== null || unreadable.some(({ place }) => place.file === ARTEFACTS.gateReport);
    const running = this.#running ?? busy;
    const undecided = fault !== null ? 'project cannot be read' : broken ? 'report cannot be used' : 'not decided';
    const verdict = gates === null ? undecided : gates.status;
    const icon =
      running !== null
        ? '$(sync~spin)'
        : gates === null && !broken
          ? '$(circle-outline)'
          : gates?.status === 'PASS'
            ? '$(pass)'
            : '$(error)';
    this.#item.text = running === null ? `${icon} ${gates?.profile ?? 'PAS gates'}: ${verdict}` : `${icon} ${running}`;
    this.#item.tooltip =
      running !== null
        ? `${running} is running.`
        : (fault ?? 'Release gates of the migration project. Click for the report.');
    this.#item.accessibilityInformation = {
      label: `PAS Migration, ${running ?? `${gates?.profile ?? 'gates'} ${verdict}`}`,
    };
    this.#item.show();
  }
}
