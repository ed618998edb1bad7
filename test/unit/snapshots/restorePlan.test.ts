import assert from 'node:assert/strict';
import { rm, stat, utimes } from 'node:fs/promises';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { shortList } from '../../../src/core/shared/shortList.ts';
import { planRestore } from '../../../src/core/snapshots/restorePlan.ts';
import { listSnapshots } from '../../../src/core/snapshots/snapshot.ts';
import { RESTORE, RESTORE_ALL, restoreQuestion } from '../../../src/extension/restoreQuestion.ts';
import { type TestProject, withProject } from '../../support/project.ts';

const FILES = {
  'requirement_spec/source/spec.md': 'a spec',
  [ARTEFACTS.contract]: 'target_table,target_field\nT,A\n',
  'mock_data/source/P.csv': 'ID\n1\n',
};
const KPIS = '{"schema_version":1,"kpis":[]}\n';
const LATER = 'schemas/crosswalks/ward.csv';

describe('what a restore does to people’s work', () => {
  /** A snapshot, then work of people after it. */
  const withWork = (work: (sample: TestProject, id: string) => Promise<void>): Promise<void> =>
    withProject(FILES, async (sample) => {
      const kept = await runCommand(sample.context(), 'snapshot create', { reason: 'before the ward list' });
      await sample.write(ARTEFACTS.qualityKpis, KPIS);
      await sample.write(LATER, 'source_code,target_code\nA,1\n');
      await sample.write(ARTEFACTS.contract, 'target_table,target_field\nT,B\n');
      await sample.write('mock_data/source/P.csv', 'ID\n2\n');
      await rm(sample.context().project.at('requirement_spec/source/spec.md'));
      await work(sample, String(kept.summary['snapshot_id']));
    });

  it('is listed by name before it is done, and the snapshot is named as the list names it', async () => {
    await withWork(async (sample, id) => {
      const plan = await planRestore(sample.context().project, { snapshot: id, fromStage: null });
      assert.deepEqual(
        { removed: plan.removed, overwritten: plan.overwritten, broughtBack: plan.broughtBack },
        {
          removed: [LATER],
          overwritten: [ARTEFACTS.contract],
          broughtBack: ['requirement_spec/source/spec.md'],
        },
      );
      assert.equal(plan.keyFiguresDiffer, true);
      const { message, detail, buttons } = restoreQuestion(plan, null);
      assert.match(message, /^Put the whole project back to the snapshot “before the ward list”, made .*\d{4}.*\?$/);
      assert.match(detail, /Removed, .*: schemas\/crosswalks\/ward\.csv\./);
      assert.match(detail, /Changed back, .*: reports\/mapping_contract\.csv\./);
      assert.match(detail, /schemas\/quality_kpis\.json\) were changed since and stay as they are/);
      assert.match(detail, new RegExp(`Snapshot ${id}\\.`));
      assert.deepEqual(buttons, [RESTORE, RESTORE_ALL]);

      const later = await planRestore(sample.context().project, { snapshot: id, fromStage: 'run-contract-migration' });
      assert.deepEqual(
        [later.removed, later.overwritten, later.broughtBack, later.keyFiguresDiffer],
        [[], [], [], false],
      );
      const fromHere = restoreQuestion(later, 'Run Contract Migration');
      assert.match(fromHere.message, /^Put what Run Contract Migration and the later stages write back to/);
      assert.match(fromHere.detail, /^No file that people write is removed or changed\./);
    });
  });

  it('leaves the key figures with their notes, unless they are asked for', async () => {
    await withWork(async (sample, id) => {
      const done = await runCommand(sample.context(), 'snapshot restore', { snapshot: id });
      assert.equal(done.status, 'passed', done.error ?? '');
      assert.equal(await sample.read(ARTEFACTS.qualityKpis), KPIS);
      assert.equal(await sample.read(ARTEFACTS.contract), FILES[ARTEFACTS.contract]);
      const text = done.text.join('\n');
      assert.match(text, /Removed, made after the snapshot: schemas\/crosswalks\/ward\.csv\.\n/);
      assert.match(text, /Put back as they were: reports\/mapping_contract\.csv\.\n/);

      await runCommand(sample.context(), 'snapshot restore', { snapshot: id, key_figures: 'restore' });
      await assert.rejects(sample.read(ARTEFACTS.qualityKpis), { code: 'ENOENT' });
      const [before] = await listSnapshots(sample.context().project);
      assert.equal(before?.kind, 'before_restore');
      await runCommand(sample.context(), 'snapshot restore', {
        snapshot: before?.snapshot_id ?? '',
        key_figures: 'restore',
      });
      assert.equal(await sample.read(ARTEFACTS.qualityKpis), KPIS, 'and can be taken back');
    });
  });

  it('is on record with who restored, thresholds too, and the state before is named by the snapshot', async () => {
    const profiles = (value: number, reason: string): string =>
      JSON.stringify({
        development: { thresholds: { x_max: { value, reason, changed_by: 'Ann', changed_on: '2026-11-01' } } },
      });
    await withProject({ ...FILES, [ARTEFACTS.gateProfiles]: profiles(1, 'first') }, async (sample) => {
      const run = (command: string, options: Record<string, unknown>) =>
        runCommand(sample.context({ as: 'Kofi Brandt' }), command, options);
      const kept = await run('snapshot create', { reason: 'known good' });
      await sample.write(ARTEFACTS.gateProfiles, profiles(2, 'second'));
      await run('snapshot create', { reason: 'later' });
      const id = String(kept.summary['snapshot_id']);
      await run('snapshot restore', { snapshot: id });
      await run('snapshot create', {});
      const { project } = sample.context();
      const changes = (await readAudit(project)).filter(({ event }) => event === 'thresholds-changed');
      assert.deepEqual(
        changes.map(({ who }) => who),
        ['not known; found by a run', 'not known; found by a run', 'Kofi Brandt'],
      );
      const before = (await listSnapshots(project)).find(({ kind }) => kind === 'before_restore');
      assert.equal(before?.reason, `before restoring “known good” (${id})`);
      await run('snapshot restore', { snapshot: before.snapshot_id });
      const again = (await listSnapshots(project)).find(({ kind }) => kind === 'before_restore');
      assert.equal(again?.reason, `before restoring ${before.snapshot_id}`);
    });
  });

  it('gives files the times they had, also those whose content is the same', async () => {
    await withProject(FILES, async (sample) => {
      const { project } = sample.context();
      const [contract, report] = [project.at(ARTEFACTS.contract), project.at(ARTEFACTS.gateReport)];
      await sample.write(ARTEFACTS.gateReport, '{}');
      const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 1, 9, minute));
      await utimes(contract, at(0), at(0));
      await utimes(report, at(5), at(5));
      await runCommand(sample.context(), 'snapshot create', {});
      await sample.write(ARTEFACTS.gateReport, '{"later": true}');
      await utimes(contract, at(50), at(50));
      await runCommand(sample.context(), 'snapshot restore', { snapshot: 'latest' });
      const times = await Promise.all([contract, report].map(async (path) => (await stat(path)).mtime.toISOString()));
      assert.deepEqual(times, [at(0).toISOString(), at(5).toISOString()]);
    });
  });

  it('is told shortly where it is much', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    assert.equal(shortList(names), 'a, b, c, d, e and 3 more');
    assert.equal(shortList(names.slice(0, 6)), 'a, b, c, d, e, f');
  });
});
