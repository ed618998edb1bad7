import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import SAMPLE from '../../src/extension/sampleFiles.json' with { type: 'json' };
import { type TestProject, withProject } from './project.ts';

/** Runs work in a fresh copy of the sample project, before any stage has run. */
export async function withSample<T>(work: (project: TestProject) => Promise<T>): Promise<T> {
  return withProject({}, async (project) => {
    for (const path of SAMPLE) await cp(path, join(project.root, path), { recursive: true });
    return work(project);
  });
}
