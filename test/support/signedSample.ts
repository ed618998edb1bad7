import { rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandOutcome, runCommand } from '../../src/core/lifecycle/runCommand.ts';
import { realContext } from '../../src/host/realContext.ts';
import { withSample } from './sampleProject.ts';

/** The made-up people of the sample's roles file, by what they sign. */
export const SIGNERS = [
  ['technical_qa', 'Eleri Vaughan'],
  ['data_quality', 'Quentin Osei'],
  ['clinical_safety', 'Dr Celia Marchetti'],
  ['governance_board', 'Dana Whitfield'],
] as const;

const signal = new AbortController().signal;

/** A folder with a project, and commands run in it by somebody. */
export class Clone {
  readonly root: string;
  constructor(root: string) {
    this.root = root;
  }
  run(command: string, options: Record<string, unknown> = {}, as?: string): Promise<CommandOutcome> {
    return runCommand(
      realContext({ project: this.root, threads: 2, signal, emit: () => undefined, as }),
      command,
      options,
    );
  }
  read(path: string): Promise<string> {
    return readFile(join(this.root, path), 'utf8');
  }
  write(path: string, text: string): Promise<void> {
    return writeFile(join(this.root, path), text);
  }
  async edit(path: string, from: string | RegExp, to: string): Promise<void> {
    const before = await this.read(path);
    const after = before.replace(from, to);
    if (after === before) throw new Error(`${path}: ${String(from)} is not in it`);
    await this.write(path, after);
  }
  async setThreshold(profile: string, name: string, value: unknown): Promise<void> {
    const path = 'schemas/release_gate_profiles.json';
    const profiles = JSON.parse(await this.read(path)) as Record<string, { thresholds: Record<string, object> }>;
    Object.assign(profiles[profile]?.thresholds[name] ?? {}, { value, reason: `Set to ${String(value)} by a test.` });
    await this.write(path, JSON.stringify(profiles, null, 2));
  }
  /** All four steps by those who may. */
  async signAll(): Promise<void> {
    for (const [step, person] of SIGNERS) {
      const { error } = await this.run('sign-off', { step }, person);
      if (error !== null) throw new Error(error);
    }
  }
}

let shared: Promise<string> | null = null;

/**
 * The sample after one full run that passes pre_production but for its sign-offs, which the profile asks for here. It is
 * run once for all tests, each of which takes a copy.
 */
function ranSample(): Promise<string> {
  shared ??= (async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ran sample '));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    await withSample(async ({ root }) => {
      const clone = new Clone(root);
      await clone.setThreshold('pre_production', 'sign_offs', 'required');
      await clone.run('run-product-lifecycle', { min_patients: 20, release_profile: 'pre_production' });
      await cp(root, folder, { recursive: true, preserveTimestamps: true });
    });
    return folder;
  })();
  return shared;
}

/** Runs work in a copy of the sample as it is after a full run. */
export async function withRanSample<T>(work: (clone: Clone) => Promise<T>): Promise<T> {
  const root = await mkdtemp(join(tmpdir(), 'copy '));
  try {
    await cp(await ranSample(), root, { recursive: true, preserveTimestamps: true });
    return await work(new Clone(root));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
