import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAGES } from '../../../src/core/lifecycle/stages.ts';
import { withProject } from '../../support/project.ts';
import { smallProject } from '../../support/smallProject.ts';

const CLI = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a user would; `interruptAt` sends Ctrl-C when stdout or stderr shows the words. */
function cli(args: readonly string[], cwd: string, interruptAt?: RegExp): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    const look = (): void => {
      if (interruptAt?.test(stdout + stderr) === true) child.kill('SIGINT');
    };
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      look();
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
      look();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('the command line', () => {
  it('takes a file from the folder it stands in when it is there, else from the project', async () =>
    withProject(smallProject(), async (project) => {
      const bad = 'NO,SNM\n1,2\n';
      await project.write('pending/here.csv', bad);
      await project.write('there.csv', bad);
      await project.write('both.csv', `${bad}3,4\n`);
      await project.write('pending/both.csv', bad);
      const folder = join(project.root, 'pending');
      const plan = async (file: string): Promise<string> =>
        (await cli(['contract', 'plan', file, '--project', project.root], folder)).stderr;
      assert.match(await plan('here.csv'), /^pending\/here\.csv: is no mapping contract/m);
      assert.match(await plan('there.csv'), /^there\.csv: is no mapping contract/m);
      assert.match(await plan('both.csv'), /^pending\/both\.csv: /m);
      assert.match(await plan('nowhere.csv'), /^nowhere\.csv: not found/m);
      const diff = await cli(['contract', 'diff', 'here.csv', 'now', '--project', project.root], folder);
      assert.match(diff.stderr, /^pending\/here\.csv: is no mapping contract/m);
    }));

  it('has a command for each stage and for the whole run, with help and an example', async () => {
    const all = await cli(['--help'], process.cwd());
    assert.equal(all.code, 0);
    for (const id of [...STAGES.map((stage) => stage.id), 'run-product-lifecycle']) {
      assert.ok(all.stdout.includes(id), id);
      const one = await cli([id, '--help'], process.cwd());
      assert.equal(one.code, 0, id);
      assert.match(one.stdout, /Example:\n {2}pas-migration /, id);
      assert.match(one.stdout, /--project <DIR>/, id);
    }
  });

  const misuse: readonly [args: string[], words: RegExp][] = [
    [['no-such-command'], /unknown command 'no-such-command'/],
    [['extract-specs', '--speed'], /unknown option '--speed'/],
    [['generate-mock-data', '--rows', 'many'], /must be a whole number/],
    [['generate-mock-data', '--rows', '0'], /rows/],
    [['run-contract-migration', '--impute-mode', 'always'], /Allowed choices are off, development/],
    [['run-release-gates', '--profile', 'live'], /Allowed choices are development/],
    [['run-contract-migration', '--project', 'no such folder'], /no such folder: is not a folder/],
    [['run-product-lifecycle', '--from', 'nowhere'], /Allowed choices are extract-specs/],
    [['run-contract-migration', '--threads', '0'], /--threads: must be between/],
    [['run-contract-migration', 'extra'], /too many arguments/],
  ];
  for (const [args, words] of misuse) {
    it(`answers "${args.join(' ')}" with exit code 2 and what to do`, async () => {
      await withProject({}, async (project) => {
        const ended = await cli(args, project.root);
        assert.equal(ended.code, 2, ended.stderr);
        assert.match(ended.stderr, words);
        assert.doesNotMatch(ended.stderr, /\n\s+at /);
      });
    });
  }

  it('says what to run first in an empty folder', async () => {
    await withProject({}, async (project) => {
      const ended = await cli(['run-contract-migration'], project.root);
      assert.equal(ended.code, 2);
      assert.match(ended.stderr, /^schemas\/source_schema_catalog\.csv: not found\. Run extract-specs first\.\n$/);
    });
  });

  it('takes numbers with a point where an option is one, and refuses what only looks like one', async () => {
    await withProject({}, async (project) => {
      const set = (...more: string[]): Promise<Ended> => cli(['kpi', 'set', ...more, '--note', 'agreed'], project.root);
      const taken = await set('reject-share', '--threshold', '0.01');
      assert.equal(taken.code, 0, taken.stderr);
      assert.match(taken.stdout, /reject-share .*, at most 1 %/);
      for (const text of ['1,5', '1e3', '5 %', ''])
        assert.match((await set('reject-share', '--threshold', text)).stderr, /It must be a number, as 0\.01 or 12\./);
      assert.match((await set('errors', '--window', '1.5')).stderr, /It must be a whole number/);
      assert.equal((await set('errors', '--window', '1')).stderr, 'kpi set: option --window: must be at least 2.\n');
    });
  });

  it('prints one JSON object as the last line of stdout with --json, and the readable text on stderr', async () => {
    await withProject(smallProject(), async (project) => {
      const ended = await cli(['run-contract-migration', '--json'], project.root);
      assert.equal(ended.code, 0, ended.stderr);
      const lines = ended.stdout.trimEnd().split('\n');
      assert.equal(lines.length, 1);
      const result = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
      assert.equal(result['status'], 'passed');
      assert.equal(result['return_code'], 0);
      assert.match(ended.stderr, /run-contract-migration/);
    });
  });

  it('names the holder when another run has the project, and clears the lock of a dead one', async () => {
    await withProject(smallProject(), async (project) => {
      const lock = (pid: number, host: string): string =>
        `${JSON.stringify({ pid, host, command: 'extract-specs', started_at_utc: '2026-01-01T00:00:00.000Z' })}\n`;
      await project.write('.pas-migration/run.lock', lock(4321, 'another-machine'));
      const refused = await cli(['run-contract-migration'], project.root);
      assert.equal(refused.code, 2);
      assert.match(refused.stderr, /extract-specs is running in this project \(process 4321 on another-machine/);
      await project.write('.pas-migration/run.lock', 'not json');
      const taken = await cli(['run-contract-migration'], project.root);
      assert.equal(taken.code, 0, taken.stderr);
      assert.equal(await project.readIfThere('.pas-migration/run.lock'), null);
    });
  });
});
