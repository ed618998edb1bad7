import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import type { FromCore, RunAnswer, ToCore } from '../../src/extension/protocol.ts';
import { EXTENSION, file, root } from './support.ts';

/** Runs a command in a core thread of the extension host, made of the bundle as the extension makes its own. */
async function inCoreThread(command: string, options: Record<string, unknown>): Promise<RunAnswer> {
  const folder = vscode.extensions.getExtension(EXTENSION)?.extensionPath ?? '';
  const worker = new Worker(join(folder, 'dist/coreThread.js'));
  try {
    return await new Promise<RunAnswer>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (message: FromCore) => {
        if (message.type === 'answer') resolve(message.answer as RunAnswer);
        else if (message.type === 'failed') reject(new Error(message.message));
      });
      const request: ToCore = {
        type: 'request',
        id: 1,
        request: { kind: 'run', project: root(), command, options, editor: 'host test' },
      };
      worker.postMessage(request);
    });
  } finally {
    await worker.terminate();
  }
}

describe('the PostgreSQL emulator in the extension host', () => {
  it('is loaded with the migrated rows, while the editor goes on', async () => {
    let longest = 0;
    let last = performance.now();
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last - 10);
      last = performance.now();
    }, 10);
    try {
      const answer = await inCoreThread('load', { connector: 'postgres_emulator' });
      assert.equal(answer.status, 'passed', answer.error ?? answer.text.join('\n'));
    } finally {
      clearInterval(beat);
    }
    const report = JSON.parse(await readFile(file('reports/load_report.json').fsPath, 'utf8'));
    assert.equal(report.target_state, 'complete');
    process.stdout.write(`      longest pause of the extension host meanwhile: ${Math.round(longest)} ms\n`);
  });
});
