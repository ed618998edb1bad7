import * as vscode from 'vscode';
import type { StageEvent } from '../../core/lifecycle/events.ts';
import type { CoreClient } from '../coreClient.ts';
import type { Runner } from '../runner.ts';
import { LIFECYCLE_COMMAND, STAGE_COMMANDS } from '../stageTable.ts';
import { type Compared, LIFECYCLE_PANEL, type LogLine, type Now } from './lifecycleProtocol.ts';
import { type OpenPanel, PanelHost } from './panelHost.ts';
import { type OpenFromPanel, type ProjectPanelParts, shownRoot } from './panelParts.ts';

type Panel = OpenPanel<typeof LIFECYCLE_PANEL>;

/** Lines a person may look back over. */
const MOST_LINES = 500;
/** Often enough to look alive. */
const EVERY_MS = 250;

/** The lifecycle panel: what the stages hold, what runs now here or elsewhere, and the log of this window's runs. */
export class LifecyclePanel implements vscode.Disposable {
  readonly #core: CoreClient;
  readonly #runner: Runner;
  readonly #host: PanelHost<typeof LIFECYCLE_PANEL>;
  /** By project. */
  readonly #lines = new Map<string, LogLine[]>();
  readonly #told = new Map<string, number>();
  readonly #subscription: vscode.Disposable;

  constructor(parts: ProjectPanelParts, open: OpenFromPanel) {
    this.#core = parts.core;
    this.#runner = parts.runner;
    const command = async (id: string, ...given: readonly unknown[]) => {
      await vscode.commands.executeCommand(id, ...given);
      return {};
    };
    this.#host = new PanelHost({
      panel: LIFECYCLE_PANEL,
      title: 'Lifecycle',
      extension: parts.context.extensionUri,
      projects: parts.projects,
      log: parts.log,
      answers: {
        content: async (_, panel) => {
          const root = shownRoot(panel);
          const lifecycle = await this.#core.ask({ kind: 'lifecycle', project: root });
          return { lifecycle, now: this.#now(root, lifecycle.busy), log: [...(this.#lines.get(root) ?? [])] };
        },
        open,
        // Not waited for: the page hears of the run by its events.
        run: async ({ from }, panel) => {
          this.#mayRun(shownRoot(panel));
          if (from === null) void command(LIFECYCLE_COMMAND.command, null, shownRoot(panel));
          else void command('pasMigration.rerunFrom', from, shownRoot(panel));
          return {};
        },
        runStage: async ({ stage }, panel) => {
          this.#mayRun(shownRoot(panel));
          const known = STAGE_COMMANDS.find(({ id }) => id === stage);
          if (known === undefined) throw new Error(`There is no stage ${stage}.`);
          void command(known.command, null, shownRoot(panel));
          return {};
        },
        cancel: async (_, panel) => {
          const root = shownRoot(panel);
          if (!this.#runner.isRunning(root))
            throw new Error('That run was started in another window or in a terminal; cancel it there.');
          this.#runner.cancel(root);
          return {};
        },
        snapshot: (_, panel) => command('pasMigration.createSnapshot', null, shownRoot(panel)),
        restore: ({ snapshot, stage }, panel) => {
          const given = { snapshotId: snapshot, ...(stage === null ? {} : { stageId: stage }) };
          return command('pasMigration.restoreSnapshot', given, null, shownRoot(panel));
        },
        compare: async ({ snapshot: snapshotId }, panel) => {
          const changes = await vscode.commands.executeCommand<Compared | null>(
            'pasMigration.compareSnapshot',
            { snapshotId, show: 'changes' },
            shownRoot(panel),
          );
          return { changes: changes ?? null };
        },
        compareContract: ({ snapshot: snapshotId }, panel) =>
          command('pasMigration.compareSnapshot', { snapshotId, show: 'contract' }, shownRoot(panel)),
      },
      changed: (panel) => panel.notify('changed', {}),
      progressed: (panel) => void this.#tellBusy(panel),
    });
    this.#subscription = parts.runner.onEvent(({ root, event }) => this.#heard(root, event));
  }

  open(root: string): Promise<number | null> {
    return this.#host.open(root);
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#host.dispose();
  }

  #mayRun(root: string): void {
    if (!vscode.workspace.isTrusted) throw new Error('This folder is not trusted, so nothing is run in it.');
    if (this.#runner.isRunning(root)) throw new Error('A run is going on; wait for it to end, or cancel it.');
  }

  #now(root: string, busy: { command: string | null; progress: Now['progress'] }): Now {
    return { ...busy, here: this.#runner.isRunning(root) };
  }

  /** A run of another window or a terminal tells how far it is through the project's folder. */
  async #tellBusy(panel: Panel): Promise<void> {
    const root = panel.root;
    if (root === null || this.#runner.isRunning(root)) return;
    const found = await this.#core.ask({ kind: 'busy', project: root }).catch(() => null);
    if (found !== null) panel.notify('now', this.#now(root, { command: found.busy, progress: found.progress }));
  }

  #heard(root: string, event: StageEvent): void {
    const line = lineOf(event);
    if (line !== null) {
      this.#lines.set(root, [...(this.#lines.get(root) ?? []), line].slice(-MOST_LINES));
      this.#host.notify('log', line, root);
    }
    const time = Date.now();
    if (event.type === 'note' || (event.type === 'progress' && time - (this.#told.get(root) ?? 0) < EVERY_MS)) return;
    this.#told.set(root, time);
    const progress = event.type === 'progress' ? event : { item: '', done: 0, total: 0 };
    const { item, done, total } = progress;
    const rows = event.type === 'progress' ? (event.rows ?? null) : null;
    const command = event.type === 'stage-finished' && !this.#runner.isRunning(root) ? null : event.stage;
    const now = this.#now(root, { command, progress: { stage: event.stage, item, done, total, rows } });
    this.#host.notify('now', now, root);
  }
}

function lineOf(event: StageEvent): LogLine | null {
  const at = new Date().toISOString();
  switch (event.type) {
    case 'stage-started':
      return { at, level: 'stage', text: `${event.title} began.` };
    case 'stage-finished':
      return {
        at,
        level: event.status === 'passed' ? 'stage' : event.status === 'cancelled' ? 'warning' : 'error',
        text: `${event.stage}: ${event.status} after ${(event.durationMs / 1000).toFixed(1)} s.${event.error === null ? '' : ` ${event.error}`}`,
      };
    case 'note':
      return { at, level: event.level, text: `${event.stage}: ${event.text}` };
    case 'progress':
      return null;
  }
}
