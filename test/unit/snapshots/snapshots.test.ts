import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { verifyAudit } from '../../../src/core/audit/auditLog.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { withProjectLock } from '../../../src/core/project/lock.ts';
import { asUserError } from '../../../src/core/shared/systemError.ts';
import { Contents } from '../../../src/core/snapshots/contents.ts';
import { restoreSnapshot } from '../../../src/core/snapshots/restore.ts';
import { listSnapshots, readSnapshot, type Snapshot, takeSnapshot } from '../../../src/core/snapshots/snapshot.ts';
import { SnapshotChanges } from '../../../src/core/snapshots/snapshotChanges.ts';
import { realContext } from '../../../src/host/realContext.ts';

const signal = new AbortController().signal;
const CLI = resolve('dist/cli.js');

describe('snapshots', () => {
  let project: Project;
  let clock = Date.parse('2026-11-24T09:00:00Z');
  const now = (): Date => {
    clock += 1000;
    return new Date(clock);
  };
  const put = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(project.at(path)), { recursive: true });
    await writeFile(project.at(path), text);
  };
  const take = (reason = 'test'): Promise<Snapshot> =>
    takeSnapshot(project, { kind: 'on_demand', reason, now: now(), signal });
  const restore = (snapshot: Snapshot, fromStage: string | null = null, keyFigures = false) =>
    restoreSnapshot(project, { snapshot: snapshot.snapshot_id, fromStage, keyFigures, now: now(), signal });
  const text = (path: string): Promise<string> => readFile(project.at(path), 'utf8');

  beforeEach(async () => {
    project = new Project(await mkdtemp(join(tmpdir(), 'snapshots é ')));
    await put('requirement_spec/source/spec.md', 'a spec');
    await put(ARTEFACTS.contract, 'target_table,target_field\nT,A\n');
    await put('mock_data/source/P.csv', 'ID\n1\n');
    await put('reports/contract_migration_report.json', '{}');
  });
  afterEach(() => rm(project.root, { recursive: true, force: true }));

  it('keeps every file but the tool’s own and hidden ones, and each content once', async () => {
    await put('.pas-migration/runs.jsonl', '');
    await put('reports/.hidden', 'x');
    await put('mock_data/source/Q.csv', 'ID\n1\n');
    const snapshot = await take();
    assert.deepEqual(
      snapshot.files.map((file) => file.path),
      [
        'mock_data/source/P.csv',
        'mock_data/source/Q.csv',
        'reports/contract_migration_report.json',
        'reports/mapping_contract.csv',
        'requirement_spec/source/spec.md',
      ],
    );
    assert.equal((await contentFiles()).length, 4);
  });

  it('goes back to what was kept, removes what came later, and can be taken back', async () => {
    const first = await take();
    await put(ARTEFACTS.contract, 'changed');
    await put('reports/later.csv', 'new');
    await rm(project.at('mock_data/source/P.csv'));
    const done = await restore(first);
    assert.equal(await text(ARTEFACTS.contract), 'target_table,target_field\nT,A\n');
    assert.equal(await text('mock_data/source/P.csv'), 'ID\n1\n');
    assert.deepEqual(done.removed, ['reports/later.csv']);
    assert.equal((await take()).tree_sha256, first.tree_sha256);
    await restore(done.before);
    assert.equal(await text(ARTEFACTS.contract), 'changed');
    assert.equal(await text('reports/later.csv'), 'new');
  });

  it('restores only what a stage and the later ones write', async () => {
    const first = await take();
    await put(ARTEFACTS.contract, 'edited by hand');
    await put(ARTEFACTS.migrationReport, '{"later": 1}');
    const done = await restore(first, 'run-contract-migration');
    assert.deepEqual(done.written, [ARTEFACTS.migrationReport]);
    assert.equal(await text(ARTEFACTS.contract), 'edited by hand');
  });

  it('sees a change that keeps size and modification time', async () => {
    const file = project.at('mock_data/source/P.csv');
    const old = new Date('2026-01-01T00:00:00Z');
    await utimes(file, old, old);
    const first = await take();
    await writeFile(file, 'ID\n2\n');
    await utimes(file, old, old);
    assert.notEqual((await take()).tree_sha256, first.tree_sha256);
  });

  it('a content or a manifest that was tampered with stops a restore before any change', async () => {
    const first = await take();
    await put(ARTEFACTS.contract, 'changed');
    const contents = await Contents.open(project);
    const hash = first.files.find((file) => file.path === ARTEFACTS.contract)?.sha256 ?? '';
    await chmod(contents.pathOf(hash), 0o644);
    await appendFile(contents.pathOf(hash), 'x');
    await assert.rejects(
      restore(first),
      /mapping_contract\.csv: its content in the snapshot store was changed; nothing/,
    );
    await rm(contents.pathOf(hash));
    await assert.rejects(restore(first), /its content is missing from the snapshot store; nothing was restored/);
    assert.equal(await text(ARTEFACTS.contract), 'changed');
    const manifest = project.at(`${ARTEFACTS.snapshots}/${first.snapshot_id}.json`);
    const whole = await readFile(manifest, 'utf8');
    for (const change of [
      whole.replace('requirement_spec/source/spec.md', '../../outside/spec.md'),
      whole.replace('reports/mapping_contract.csv', 'reports/../../evil.csv'),
      whole.replace(
        hash,
        hash.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      ),
      whole.slice(0, 100),
      '',
    ]) {
      await writeFile(manifest, change);
      await assert.rejects(readSnapshot(project, first.snapshot_id), /(was changed since it was made|is damaged)/);
    }
  });

  it('an id that is none is told', async () => {
    for (const id of ['', '../../etc/passwd', '20260101T000000Z-00000000', 'x'.repeat(10_000)])
      await assert.rejects(readSnapshot(project, id), /^UserError: There is no snapshot/);
    await assert.rejects(readSnapshot(project, 'latest'), /There is no snapshot yet/);
    assert.deepEqual(await listSnapshots(project), []);
  });

  it('a restore that is refused adds no snapshot, and latest never means the state it should mend', async () => {
    const good = await take('good');
    await put(ARTEFACTS.contract, 'broken');
    const contents = await Contents.open(project);
    const kept = contents.pathOf(good.files[0]?.sha256 ?? '');
    const bytes = await readFile(kept);
    await chmod(kept, 0o644);
    await writeFile(kept, 'junk');
    const latest = { snapshot: 'latest', fromStage: null, keyFigures: false, signal };
    for (let attempt = 0; attempt < 2; attempt += 1)
      await assert.rejects(restoreSnapshot(project, { ...latest, now: now() }), /was changed; nothing was restored/);
    assert.equal((await listSnapshots(project)).length, 1);
    await writeFile(kept, bytes);
    await restoreSnapshot(project, { ...latest, now: now() });
    const again = await restoreSnapshot(project, { ...latest, now: now() });
    assert.equal(again.restored.snapshot_id, good.snapshot_id);
  });

  it('two reasons within one second are both kept, without control characters', async () => {
    const moment = now();
    for (const reason of ['first', 'second\u001b[31m\nline'])
      await takeSnapshot(project, { kind: 'on_demand', reason, now: moment, signal });
    const reasons = (await listSnapshots(project)).map((snapshot) => snapshot.reason);
    assert.deepEqual(reasons, ['second [31m line', 'first']);
  });

  it('a comparison tells the verdicts and the rejects before and after', async () => {
    const context = realContext({ project: project.root, signal, emit: () => undefined });
    const header =
      'target_table,target_field,source_table,source_field,source_value,source_row,row_key,crosswalk,safety_critical,row_policy,reason\n';
    const state = async (status: 'PASS' | 'FAIL', rejected: number): Promise<void> => {
      const gates = [{ id: 'row_reject_rate', verdict: status }];
      await put(ARTEFACTS.gateReport, JSON.stringify({ profile: 'development', status, gates }));
      await put(ARTEFACTS.migrationReport, JSON.stringify({ rows_rejected: rejected }));
      const lines = Array.from({ length: rejected }, (_, row) => `T,F,S,F,x,${row},${row},sex,Y,hold,UNKNOWN_CODE\n`);
      await put(ARTEFACTS.migrationRejects, header + lines.join(''));
    };
    await state('PASS', 0);
    await take();
    const same = await runCommand(context, 'snapshot compare', { before: 'latest' });
    assert.deepEqual(same.text.slice(1), [
      '  0 files differ',
      '  contract: 0 rows differ, 0 of them breaking',
      '  gates: development PASS as before, 0 verdicts differ',
      '  rejected rows: 0 as before',
    ]);
    await state('FAIL', 1768);
    const told = await runCommand(context, 'snapshot compare', { before: 'latest' });
    assert.deepEqual(told.text.slice(1), [
      '  3 files differ',
      '  contract: 0 rows differ, 0 of them breaking',
      '  gates: development PASS → FAIL, 1 verdict differs',
      '    gate row_reject_rate: PASS → FAIL',
      '  rejected rows: 0 → 1,768',
      '    rejects sex: 0 → 1,768 (1,768 new, 0 gone)',
    ]);
    assert.deepEqual(SnapshotChanges.parse(told.summary['changes']), told.summary['changes']);
    // Other rows are said in front, and the rejects are told of how many.
    const report = (read: number, sha256: string, rejected = 7): string =>
      JSON.stringify({
        rows_read: read,
        rows_rejected: rejected,
        inputs: [{ path: 'mock_data/source/S.csv', sha256 }],
      });
    await put(ARTEFACTS.migrationReport, report(8064, 'aa'));
    await take();
    const against = async (read: number, sha256: string, rejected = 7): Promise<readonly string[]> => {
      await put(ARTEFACTS.migrationReport, report(read, sha256, rejected));
      return (await runCommand(context, 'snapshot compare', { before: 'latest' })).text;
    };
    const fewer = await against(70, 'bb');
    assert.equal(
      fewer[1],
      '  The later migration read 70 rows, the earlier 8,064: fewer issues may only mean fewer rows.',
    );
    assert.ok(fewer.includes('  rejected rows: 7 of 8,064 (<0.1%) → 7 of 70 (10%)'), fewer.join('\n'));
    assert.equal(
      (await against(9000, 'bb', 3))[1],
      '  The later migration read other rows (9,000, the earlier 8,064), so the numbers do not compare.',
    );
    assert.match(
      (await against(8064, 'bb'))[1] ?? '',
      /The later migration read different source data from the earlier/,
    );
    assert.match((await against(8064, 'aa'))[1] ?? '', /0 files differ/);
  });

  it('a folder that is no project is refused, and a comparison never overwrites another file', async () => {
    const context = realContext({ project: project.root, signal, emit: () => undefined });
    await take();
    const before = await text(ARTEFACTS.contract);
    const refused = await runCommand(context, 'snapshot compare', { before: 'latest', out: ARTEFACTS.contract });
    assert.match(refused.error ?? '', /mapping_contract\.csv: is there already and holds something else/);
    assert.equal(await text(ARTEFACTS.contract), before);
    for (const root of ['requirement_spec', 'schemas', 'mock_data', 'reports'])
      await rm(project.at(root), { recursive: true, force: true });
    await assert.rejects(take(), /holds no migration project/);
  });

  it('tells a disk that refuses in a sentence', () => {
    const refusal = (code: string): Error => Object.assign(new Error(code), { code, path: 'reports/x.csv' });
    assert.match(asUserError(refusal('ENOSPC'))?.message ?? '', /^reports\/x\.csv: the disk is full; free space/);
    assert.match(asUserError(refusal('EACCES'))?.message ?? '', /access is refused; check the permissions/);
    assert.equal(asUserError(refusal('ENOENT')), null);
    assert.equal(asUserError(new TypeError('a bug')), null);
  });

  it('moves that lead out of the project are not made', async () => {
    const outside = join(tmpdir(), `outside-${process.pid}`);
    await put(ARTEFACTS.pendingMoves, JSON.stringify([{ from: 'reports/mapping_contract.csv', to: outside }]));
    await withProjectLock(project, 'test', new Date(), async () => undefined);
    await assert.rejects(stat(outside), { code: 'ENOENT' });
    await put(ARTEFACTS.pendingMoves, 'no list');
    await withProjectLock(project, 'test', new Date(), async () => undefined);
    await assert.rejects(stat(project.at(ARTEFACTS.pendingMoves)), { code: 'ENOENT' });
  });

  it('a kill at any moment of a restore leaves the project as before or after', async function () {
    this.timeout(300_000);
    for (let index = 0; index < 24; index += 1) await put(`mock_data/source/T${index}.csv`, `ID\n${index}\n`);
    const first = await take();
    for (let index = 0; index < 24; index += 1) await put(`mock_data/source/T${index}.csv`, `ID\n-${index}\n`);
    await rm(project.at('mock_data/source/T7.csv'));
    const second = await take();
    const usual = await timed(() => runCli(first.snapshot_id, null));
    const seen = { before: 0, after: 0 };
    let [present, other] = [first, second];
    for (let attempt = 0; attempt < KILLS; attempt += 1) {
      // From the middle of the process, when it begins to work, to after its usual end.
      await runCli(other.snapshot_id, usual * (0.4 + (0.9 * attempt) / KILLS));
      await withProjectLock(project, 'test', new Date(), async () => undefined);
      const tree = (await takeSnapshot(project, { kind: 'on_demand', reason: '', now: now(), signal })).tree_sha256;
      assert.ok(tree === present.tree_sha256 || tree === other.tree_sha256, `between, at attempt ${attempt}`);
      const moved = tree === other.tree_sha256;
      seen[moved ? 'after' : 'before'] += 1;
      if (moved) [present, other] = [other, present];
      assert.deepEqual(await leftovers(), []);
    }
    console.log(
      `      ${KILLS} kills of a restore of ${Math.round(usual)} ms: ${seen.before} before, ${seen.after} after`,
    );
    assert.ok(seen.before > 0 && seen.after > 0, 'the kills did not fall around the change');
  });

  it('a kill at any moment of a snapshot leaves the list as before or with one whole snapshot more', async function () {
    this.timeout(300_000);
    for (let index = 0; index < 24; index += 1) await put(`mock_data/source/T${index}.csv`, `ID\n${index}\n`);
    const first = await take();
    const usual = await timed(() => create('usual', null));
    const seen = { before: 0, after: 0 };
    let known = (await listSnapshots(project)).length;
    for (let attempt = 0; attempt < KILLS; attempt += 1) {
      // Half of the files are new each time, so that there is something to keep.
      for (let index = 0; index < 12; index += 1)
        await put(`mock_data/source/T${index}.csv`, `ID\n${attempt} ${index}\n`);
      await create(`attempt ${attempt}`, usual * (0.3 + Math.random() * 0.9));
      await withProjectLock(project, 'test', new Date(), async () => undefined);
      const list = await listSnapshots(project);
      assert.ok(list.length === known || list.length === known + 1, `between, at attempt ${attempt}`);
      const made = list.find(({ reason }) => reason === `attempt ${attempt}`);
      assert.equal(made !== undefined, list.length === known + 1);
      seen[made === undefined ? 'before' : 'after'] += 1;
      known = list.length;
      const contents = await Contents.open(project);
      if (made !== undefined)
        for (const { sha256, path } of (await readSnapshot(project, made.snapshot_id)).files)
          await contents.check(sha256, path);
    }
    await restore(first);
    assert.deepEqual(await leftovers(), []);
    assert.deepEqual((await verifyAudit(project)).faults, []);
    console.log(
      `      ${KILLS} kills of a snapshot of ${Math.round(usual)} ms: ${seen.before} before, ${seen.after} after`,
    );
  });

  const KILLS = 100;

  const create = (reason: string, killAfterMs: number | null): Promise<void> =>
    runKilled(['snapshot', 'create', '--reason', reason], killAfterMs);

  function runCli(snapshot: string, killAfterMs: number | null): Promise<void> {
    return runKilled(['snapshot', 'restore', snapshot], killAfterMs);
  }

  function runKilled(command: readonly string[], killAfterMs: number | null): Promise<void> {
    return new Promise((done) => {
      const child = spawn(process.execPath, [CLI, ...command, '--project', project.root], { stdio: 'ignore' });
      const timer = killAfterMs === null ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
      child.on('close', () => {
        if (timer !== null) clearTimeout(timer);
        done();
      });
    });
  }

  async function leftovers(): Promise<string[]> {
    const files = await readdir(project.root, { recursive: true });
    return files.filter((name) => /\.tmp|pending_moves|run\.lock|\.new-/.test(name));
  }

  async function contentFiles(): Promise<string[]> {
    const files = await readdir(project.at(`${ARTEFACTS.snapshots}/contents`), {
      recursive: true,
      withFileTypes: true,
    });
    return files.filter((entry) => entry.isFile()).map((entry) => entry.name);
  }
});

async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
