import { runMocha } from './mochaRun.ts';

/** The same for a window with two projects. */
export function run(): Promise<void> {
  return runMocha(async () => {
    await import('./twoProjects.ts');
  });
}
