import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../src/cli/main.ts';
import SAMPLE from '../../src/extension/sampleFiles.json' with { type: 'json' };
import { Clone } from './signedSample.ts';
import { quietly } from './terminal.ts';

/** The gate report, as far as the walk reads it. */
export interface GateReport {
  readonly profile: string;
  readonly status: string;
  readonly thresholds: Readonly<Record<string, unknown>>;
  readonly gates: readonly { readonly id: string; readonly verdict: string; readonly message: string }[];
}

/** A project of the guide's walk: commands as a person types them, and what the files say afterwards. */
export class GuideProject extends Clone {
  /** Types a command and gives what the terminal showed; fails when the exit code is another. */
  async types(exit: number, ...words: readonly string[]): Promise<string> {
    const { code, text } = await quietly(() => main([...words, '--project', this.root, '--threads', '2'], '0'));
    if (code !== exit) throw new Error(`pas-migration ${words.join(' ')}: exit ${code}, not ${exit}\n${text}`);
    return text;
  }
  async json<T>(path: string): Promise<T> {
    return JSON.parse(await this.read(path)) as T;
  }
  report(): Promise<GateReport> {
    return this.json('reports/release_gate_report.json');
  }
  async verdict(gate: string): Promise<string> {
    const found = (await this.report()).gates.find(({ id }) => id === gate);
    return found?.verdict ?? 'not asked';
  }
  /** Decides for a profile by the terminal and gives the verdict of one gate. */
  async decided(exit: number, profile: string, gate: string): Promise<string> {
    await this.types(exit, 'run-release-gates', '--profile', profile);
    const { profile: of } = await this.report();
    if (of !== profile) throw new Error(`the report is of ${of}`);
    return this.verdict(gate);
  }
  /** Migrates and measures again after a planted fault. */
  async measureAgain(): Promise<void> {
    await this.run('run-contract-migration', { impute_mode: 'pre_production' });
    await this.run('run-enterprise-pipeline', { min_patients: 20 });
  }
  /** Sets one cell of the first row of a source file. */
  async plant(table: string, column: string, value: string): Promise<void> {
    const path = `mock_data/source/${table}.csv`;
    const [head = '', first = '', ...rest] = (await this.read(path)).split('\n');
    const cells = first.split(',');
    const at = head.split(',').indexOf(column);
    if (at < 0) throw new Error(`${path} has no ${column}`);
    cells[at] = value;
    await this.write(path, [head, cells.join(','), ...rest].join('\n'));
  }
  /** Every CSV that stages write, by path: files without a time of day. */
  async bytes(...folders: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const folder of folders)
      for (const name of (await readdir(join(this.root, folder), { recursive: true })).sort())
        if (name.endsWith('.csv')) found.set(`${folder}/${name}`, await this.read(`${folder}/${name}`));
    return found;
  }
  /** A report without what differs from run to run: times, run ids, and the hashes of files that hold such. */
  async timeless(path: string): Promise<unknown> {
    const volatile = /(^|_)(run_id|run_at_utc|started_at_utc|finished_at_utc|duration_ms|seconds|timings?)$/;
    const json = /"path":"(reports|mock_data)\/[^"]*\.json","sha256":"[0-9a-f]{64}"/g;
    const text = JSON.stringify(await this.json(path), (key, value: unknown) =>
      volatile.test(key) ? undefined : value,
    );
    return JSON.parse(text.replace(json, '"path":"a report with times"'));
  }
}

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'guide é '));

/** The sample as New Project gives it, nothing run; whoever asks for it removes it. */
export async function freshGuide(): Promise<GuideProject> {
  const root = await folder();
  for (const path of SAMPLE) await cp(path, join(root, path), { recursive: true });
  return new GuideProject(root);
}

/** Runs work in a copy of a project, for a fault that the walk itself must not keep. */
export async function inCopy(of: GuideProject, work: (copy: GuideProject) => Promise<void>): Promise<void> {
  const root = await folder();
  try {
    await cp(of.root, root, { recursive: true, preserveTimestamps: true });
    await work(new GuideProject(root));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
