import Mocha from 'mocha';

/** Runs the tests that some modules define, in the extension host. Rejects when one failed, or none was there. */
export async function runMocha(load: () => Promise<void>): Promise<void> {
  // While one writes a test: the names of those to run.
  const grep = process.env['MOCHA_GREP'];
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 120_000,
    reporter: 'spec',
    color: false,
    failZero: grep === undefined,
    forbidOnly: true,
    ...(grep === undefined ? {} : { grep }),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await load();
  const failures = await new Promise<number>((done) => {
    mocha.run(done);
  });
  if (failures > 0) throw new Error(`${failures} host tests failed.`);
}
