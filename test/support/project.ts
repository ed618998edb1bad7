import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StageEvent } from '../../src/core/lifecycle/events.ts';
import type { StageContext } from '../../src/core/lifecycle/stage.ts';
import { realContext } from '../../src/host/realContext.ts';

/** A project folder made for one test, on a real disk. */
export interface TestProject {
  readonly root: string;
  readonly events: StageEvent[];
  context(options?: { threads?: number; signal?: AbortSignal; as?: string }): StageContext;
  write(path: string, text: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  /** The file, or null when it is not there. */
  readIfThere(path: string): Promise<string | null>;
}

/** A test's view of a project folder that is there. */
export function openProject(root: string): TestProject {
  const events: StageEvent[] = [];
  return {
    root,
    events,
    context: (options = {}) =>
      realContext({
        project: root,
        threads: options.threads ?? 2,
        as: options.as,
        signal: options.signal ?? new AbortController().signal,
        emit: (event) => events.push(event),
      }),
    async write(path, text) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    },
    read: (path) => readFile(join(root, path), 'utf8'),
    readIfThere: (path) => readFile(join(root, path), 'utf8').catch(() => null),
  };
}

/** Makes a project folder with these files, runs the test in it and removes it. */
export async function withProject<T>(
  files: Readonly<Record<string, string>>,
  work: (project: TestProject) => Promise<T>,
): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'pas project é-'));
  const project = openProject(root);
  try {
    for (const [path, text] of Object.entries(files)) await project.write(path, text);
    return await work(project);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
