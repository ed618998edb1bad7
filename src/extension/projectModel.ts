import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ProjectState } from '../core/review/projectState.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import type { Projects } from './projects.ts';
import { watchProject } from './watchProject.ts';

/** Many files change together when a stage ends. */
const SETTLE_MS = 250;

/** The state of the current project, read again when its files change; views listen to it. */
export class ProjectModel implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #touched = new vscode.EventEmitter<void>();
  readonly #changedBusy = new vscode.EventEmitter<void>();
  /** Fires when a run, also of another window or the terminal, starts, goes on or ends. */
  readonly onDidChangeBusy = this.#changedBusy.event;
  /** Fires as soon as a file of the project changes, before the state is read again. */
  readonly onDidTouch = this.#touched.event;
  readonly #projects: Projects;
  readonly #core: CoreClient;
  readonly #log: Log;
  readonly #subscriptions: vscode.Disposable[] = [];
  #watcher: vscode.Disposable | null = null;
  #timer: NodeJS.Timeout | null = null;
  #state: ProjectState | null = null;
  #fault: string | null = null;
  #wanted = false;
  #again = false;
  #reading: Promise<void> | null = null;

  constructor(projects: Projects, core: CoreClient, log: Log) {
    this.#projects = projects;
    this.#core = core;
    this.#log = log;
    this.#watch();
    this.#subscriptions.push(
      this.#changed,
      this.#touched,
      this.#changedBusy,
      projects.onDidChange(() => {
        this.#state = null;
        this.#fault = null;
        this.#watch();
        this.refresh();
      }),
    );
  }

  get state(): ProjectState | null {
    return this.#state;
  }

  /** Why there is no state although a project is open: its folder is gone. */
  get fault(): string | null {
    return this.#fault;
  }

  /** The state, read now when nobody has asked before: a window that shows no view reads nothing. */
  async load(): Promise<ProjectState | null> {
    this.#wanted = true;
    // Views ask again after each reading: a folder that is gone is read again only when it is back.
    const gone = this.#fault !== null && !existsSync(this.#projects.current ?? '');
    if (this.#state === null && !gone) await this.#read();
    return this.#state;
  }

  /** The state as the files are at this moment, for a command that goes on from where the last one stopped. */
  async loadNow(): Promise<ProjectState | null> {
    this.#wanted = true;
    await this.#reading;
    await this.#read();
    return this.#state;
  }

  /** Reads again soon, if anybody is looking. */
  refresh(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#wanted) void this.#read();
      else this.#changed.fire();
    }, SETTLE_MS);
  }

  dispose(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#watcher?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #watch(): void {
    this.#watcher?.dispose();
    const root = this.#projects.current;
    if (root === null) return;
    const changed = (): void => {
      this.#touched.fire();
      this.refresh();
    };
    this.#watcher = watchProject(root, changed, () => void this.#readBusy());
  }

  /** A change during a reading is read again afterwards, so that none is missed. */
  async #read(): Promise<void> {
    if (this.#reading !== null) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#readOnce().finally(() => {
      this.#reading = null;
      this.#changed.fire();
      if (!this.#again) return;
      this.#again = false;
      this.refresh();
    });
    return this.#reading;
  }

  async #readBusy(): Promise<void> {
    const root = this.#projects.current;
    if (root === null || this.#state === null) return;
    const before = this.#state;
    const now = await this.#core.ask({ kind: 'busy', project: root }).catch(() => null);
    if (now === null || this.#state !== before) return;
    this.#state = { ...before, ...now };
    this.#changedBusy.fire();
    if (before.busy !== null && now.busy === null) this.refresh();
  }

  async #readOnce(): Promise<void> {
    const root = this.#projects.current;
    try {
      this.#state = root === null ? null : await this.#core.ask({ kind: 'state', project: root });
      this.#fault = null;
    } catch (error) {
      // What was read before is not the project's state any more.
      if (root !== null && !existsSync(root)) {
        this.#state = null;
        this.#fault = (error as Error).message;
      }
      this.#log.error(`The project cannot be read: ${(error as Error).message}`);
    }
  }
}
