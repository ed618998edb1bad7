import * as vscode from 'vscode';
import type { StageEvent } from '../core/lifecycle/events.ts';

/** The output channel. It holds names, counts and sentences; never a patient value, because events hold none. */
export class Log implements vscode.Disposable {
  readonly #channel = vscode.window.createOutputChannel('PAS Migration', { log: true });

  info(message: string): void {
    this.#channel.info(message);
  }

  warn(message: string): void {
    this.#channel.warn(message);
  }

  error(message: string): void {
    this.#channel.error(message);
  }

  event(event: StageEvent): void {
    switch (event.type) {
      case 'stage-started':
        this.#channel.info(`${event.stage}: started`);
        break;
      case 'progress':
        this.#channel.debug(
          `${event.stage}: ${event.item} ${event.done}/${event.total}${event.rows === undefined ? '' : `, ${event.rows} rows`}`,
        );
        break;
      case 'note':
        this.#channel[event.level === 'warning' ? 'warn' : event.level](`${event.stage}: ${event.text}`);
        break;
      case 'stage-finished':
        this.#channel[event.error === null ? 'info' : 'error'](
          `${event.stage}: ${event.status} in ${(event.durationMs / 1000).toFixed(1)} s${event.error === null ? '' : `: ${event.error}`}`,
        );
    }
  }

  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }
}
