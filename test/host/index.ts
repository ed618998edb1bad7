import { runMocha } from './mochaRun.ts';

/** Called by VS Code in its extension host. Rejects when a test failed. */
export function run(): Promise<void> {
  return runMocha(async () => {
    await import('./activation.ts');
    await import('./guide.ts');
    await import('./stages.ts');
    await import('./signing.ts');
    await import('./load.ts');
    await import('./views.ts');
    await import('./panels.ts');
    await import('./problems.ts');
    await import('./contract.ts');
    await import('./contractText.ts');
    await import('./contractMerge.ts');
    await import('./plan.ts');
    await import('./crosswalk.ts');
    await import('./quality.ts');
    await import('./snapshots.ts');
    await import('./connectors.ts');
    await import('./governance.ts');
    await import('./trouble.ts');
    await import('./runs.ts');
    await import('./responsiveness.ts');
    await import('./leaving.ts');
  });
}
