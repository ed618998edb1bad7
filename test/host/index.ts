import Mocha from 'mocha';

/** Called by VS Code in its extension host. Rejects when a test failed. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 120_000,
    reporter: 'spec',
    color: false,
    failZero: true,
    forbidOnly: true,
    // While one writes a test: the names of those to run.
    ...(process.env['MOCHA_GREP'] === undefined ? {} : { grep: process.env['MOCHA_GREP'] }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
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
  await import('./responsiveness.ts');
  await import('./leaving.ts');
  const failures = await new Promise<number>((done) => {
    mocha.run(done);
  });
  if (failures > 0) throw new Error(`${failures} host tests failed.`);
}
