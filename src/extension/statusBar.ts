import * as vscode from 'vscode';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import type { Runner } from './runner.ts';
import { statusLine } from './statusLine.ts';

/** Profile and gate verdict of the current project, and whether it is out of date; a click opens the gate report. */
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
    const { text, tooltip, label } = statusLine(this.#model.state, this.#model.fault, this.#running);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.accessibilityInformation = { label };
    this.#item.show();
  }
}
