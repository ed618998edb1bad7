import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { withProject } from '../../support/project.ts';
import { profileProject } from './profiled.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

/** Runs the built command line as a user would. */
function cli(args: readonly string[], cwd: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('pas-migration profile-source', () => {
  it('has help with its option, the default and an example', async () => {
    const { code, stdout } = await cli(['profile-source', '--help'], process.cwd());
    assert.equal(code, 0);
    assert.match(stdout, /--source-dir/);
    assert.match(stdout, /mock_data\/source/);
    assert.match(stdout, /Example:\n {2}pas-migration profile-source /);
  });

  it('prints one JSON object with --json, and the readable text on stderr', async () => {
    await withProject(profileProject('T\n V VARCHAR', { 'T.csv': 'V\na\n' }), async (project) => {
      const ended = await cli(['profile-source', '--source-dir', 'data', '--json'], project.root);
      assert.equal(ended.code, 0, ended.stderr);
      const result = JSON.parse(ended.stdout) as Record<string, unknown>;
      assert.deepEqual([result['command'], result['status'], result['return_code']], ['profile-source', 'passed', 0]);
      assert.deepEqual([result['rows'], result['columns']], [1, 1]);
      assert.match(ended.stderr, /1 of 1 tables/);
    });
  });

  it('ends with 1 when a table is missing, and with 2 without a catalog', async () => {
    await withProject(profileProject('T\n V VARCHAR', {}), async (project) => {
      const ended = await cli(['profile-source', '--json'], project.root);
      assert.equal(ended.code, 1, ended.stderr);
      assert.match(ended.stderr, /^mock_data\/source\/T\.csv: .*not found/m);
    });
    await withProject({}, async (project) => {
      const ended = await cli(['profile-source'], project.root);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, /Run extract-specs first/);
    });
  });
});
