import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { api, file, root } from './support.ts';

describe('leaving', () => {
  it('a run goes on when the window closes; the caller of these tests looks at what is left', async () => {
    const pas = await api();
    await new Promise<void>((resolve) => {
      const subscription = pas.onEvent(({ event }) => {
        if (event.type !== 'progress') return;
        subscription.dispose();
        resolve();
      });
      void pas.runStage('generate-mock-data', { rows: 1_000_000, seed: 9 });
    });
    assert.ok(existsSync(file('.pas-migration/run.lock').fsPath));
    await copyFile(file('mock_data/mock_data_manifest.json').fsPath, join(root(), '..', 'manifest-before.json'));
  });
});
