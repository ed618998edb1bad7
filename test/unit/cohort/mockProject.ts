import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Catalog } from '../../../src/core/catalog/catalog.ts';
import { writeCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { generateMockData } from '../../../src/core/cohort/generateMockData.ts';
import { openDuckDb } from '../../../src/core/engine/duckdb/duckdbEngine.ts';
import type { Engine } from '../../../src/core/engine/engine.ts';
import { NOBODY } from '../../../src/core/governance/identity.ts';
import type { StageEvent } from '../../../src/core/lifecycle/events.ts';
import type { StageContext, StageResult } from '../../../src/core/lifecycle/stage.ts';
import { Project } from '../../../src/core/project/layout.ts';

/** A project folder in the system's temporary folder, with two catalogs; remove it with `close`. */
export class MockProject {
  readonly project: Project;
  readonly events: StageEvent[] = [];
  readonly abort = new AbortController();

  private constructor(root: string) {
    this.project = new Project(root);
  }

  static async create(
    source: Catalog,
    target: Catalog,
    files: Readonly<Record<string, string>> = {},
  ): Promise<MockProject> {
    const made = new MockProject(await mkdtemp(join(tmpdir(), 'cohort-')));
    await made.write('schemas/source_schema_catalog.csv', writeCatalogText(source));
    await made.write('schemas/target_schema_catalog.csv', writeCatalogText(target));
    await mkdir(made.project.at('schemas/crosswalks'), { recursive: true });
    for (const [path, text] of Object.entries(files)) await made.write(path, text);
    return made;
  }

  async write(path: string, text: string): Promise<void> {
    const at = this.project.at(path);
    await mkdir(dirname(at), { recursive: true });
    await writeFile(at, text);
  }

  async read(path: string): Promise<string> {
    return await readFile(this.project.at(path), 'utf8');
  }

  /** Runs the stage with options as the command line would parse them. */
  async generate(options: Record<string, unknown> = {}): Promise<StageResult> {
    return await generateMockData.run(this.context(), generateMockData.options.parse(options));
  }

  context(): StageContext {
    return {
      project: this.project,
      runId: 'run-1',
      now: () => new Date('2026-02-01T00:00:00Z'),
      identity: async () => NOBODY,
      surroundings: { toolVersion: '0', nodeVersion: '0', platform: 'test', evidenceKeyFile: '/nowhere' },
      signal: this.abort.signal,
      emit: (event) => this.events.push(event),
      openEngine: () => this.open(),
    };
  }

  async open(): Promise<Engine> {
    return await openDuckDb({ tempDirectory: this.project.at('.tmp'), signal: new AbortController().signal });
  }

  async close(): Promise<void> {
    await rm(this.project.root, { recursive: true, force: true });
  }
}
