import * as vscode from 'vscode';
import type { StageEvent } from '../core/lifecycle/events.ts';
import type { GivenSecrets } from './connectorRequests.ts';
import type { CoreClient } from './coreClient.ts';
import type { Log } from './log.ts';
import type { RunAnswer } from './protocol.ts';

/** What listeners hear of a run. */
export interface RunListener {
  readonly root: string;
  readonly event: StageEvent;
}

/** Runs commands of the core, one at a time a project, with progress that can be cancelled and a log. */
export class Runner implements vscode.Disposable {
  readonly #events = new vscode.EventEmitter<RunListener>();
  readonly onEvent = this.#events.event;
  readonly #core: CoreClient;
  readonly #log: Log;
  readonly #running = new Map<string, AbortController>();

  constructor(core: CoreClient, log: Log) {
    this.#core = core;
    this.#log = log;
  }

  /** Command running in a project, if this window started one. */
  isRunning(root: string): boolean {
    return this.#running.has(root);
  }

  /** Asks the run of a project to stop; its last complete outputs stay. */
  cancel(root: string): void {
    this.#running.get(root)?.abort();
  }

  /**
   * Runs a command and gives how it ended. Never throws: a broken run is an answer with an error.
   *
   * @param outside cancelled by a caller (a task, the API)
   * @param given secrets of the connection that the command uses
   */
  async run(
    root: string,
    command: string,
    title: string,
    options: Readonly<Record<string, unknown>>,
    outside?: AbortSignal,
    given?: GivenSecrets,
  ): Promise<RunAnswer> {
    if (!vscode.workspace.isTrusted)
      return this.#refuse(root, command, 'This folder is not trusted, so nothing is run in it. Trust it first.');
    if (this.#running.has(root))
      return this.#refuse(root, command, 'A run is going on in this project; wait for it to end, or cancel it.');
    const abort = new AbortController();
    outside?.addEventListener('abort', () => abort.abort(), { once: true });
    this.#running.set(root, abort);
    const progress = {
      location: vscode.ProgressLocation.Notification,
      title: `PAS Migration: ${title}`,
      cancellable: true,
    };
    // What no stage told is told after it: a command may be refused before its first stage.
    let told = false;
    try {
      const answer = await vscode.window.withProgress(progress, async (report, token) => {
        token.onCancellationRequested(() => abort.abort());
        const onEvent = (event: StageEvent): void => {
          if (event.type === 'stage-finished' && event.error !== null) told = true;
          this.#tell(root, event);
          const message = progressText(event);
          if (message !== null) report.report({ message });
        };
        return this.#core.ask(
          {
            kind: 'run',
            project: root,
            command,
            options,
            editor: editorName(),
            ...(given === undefined ? {} : { given }),
          },
          { onEvent, signal: abort.signal },
        );
      });
      return answer.status === 'error' && !told ? this.#refuse(root, command, answer.error ?? '', answer) : answer;
    } catch (error) {
      return this.#refuse(root, command, (error as Error).message);
    } finally {
      this.#running.delete(root);
    }
  }

  #tell(root: string, event: StageEvent): void {
    this.#log.event(event);
    this.#events.fire({ root, event });
  }

  /** Tells the logs why a command was not run, and gives the answer. */
  #refuse(root: string, command: string, text: string, answer = refused(text)): RunAnswer {
    this.#tell(root, { type: 'note', stage: command, level: 'error', text });
    return answer;
  }

  dispose(): void {
    for (const abort of this.#running.values()) abort.abort();
    this.#events.dispose();
  }
}

/** The name set in the editor; empty when there is none. */
export function editorName(): string {
  return vscode.workspace.getConfiguration('pasMigration').get<string>('reviewer', '').trim();
}

function refused(error: string): RunAnswer {
  return { status: 'error', returnCode: 2, text: [], error, summary: {} };
}

function progressText(event: StageEvent): string | null {
  if (event.type === 'stage-started') return event.title;
  if (event.type !== 'progress') return null;
  const rows = event.rows === undefined ? '' : `, ${event.rows.toLocaleString()} rows`;
  return `${event.stage}: ${event.item} (${event.done}/${event.total}${rows})`;
}
