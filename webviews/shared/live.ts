import type { PanelSetup } from '../../src/extension/panels/panelProtocol.ts';
import { type Content, empty, failure, loading, type Shell } from './ui.ts';

/** A part of a page that is read from the project, and read again when the project changes. */
export interface LiveParts {
  readonly shell: Shell;
  /** What is read, e.g. `the runs`. */
  readonly what: string;
  readonly read: () => Promise<readonly Content[]>;
  /** The first content, or why there is none, is on the page. */
  readonly shown: () => void;
}

/** Shows loading, content, failure and the lack of a project; a reading that was overtaken by another is not shown. */
export class Live {
  readonly #parts: LiveParts;
  #reading = 0;
  #there = false;

  constructor(parts: LiveParts) {
    this.#parts = parts;
  }

  /** The page knows its project, or that there is none. */
  begin({ project }: PanelSetup): void {
    if (project !== null) {
      this.#there = false;
      void this.refresh();
      return;
    }
    this.#reading += 1;
    const text = 'Open a folder with a requirement_spec folder in it, or make a new project from the Overview view.';
    this.#parts.shell.show(empty('No migration project is open', text));
    this.#parts.shown();
  }

  /** Reads again. What is shown stays until the new is there. */
  async refresh(): Promise<void> {
    const { shell, what, read, shown } = this.#parts;
    this.#reading += 1;
    const reading = this.#reading;
    if (!this.#there) shell.show(loading(`Reading ${what}…`));
    try {
      const content = await read();
      if (reading !== this.#reading) return;
      shell.show(...content);
      if (!this.#there) shown();
      this.#there = true;
    } catch (error) {
      if (reading !== this.#reading) return;
      this.#there = false;
      shell.show(failure((error as Error).message, () => void this.refresh()));
      shown();
    }
  }
}
