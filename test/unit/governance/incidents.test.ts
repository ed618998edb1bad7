import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readAudit } from '../../../src/core/audit/auditLog.ts';
import type { Incident } from '../../../src/core/governance/incidents.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { type Clone, withRanSample } from '../../support/signedSample.ts';

describe('the incident playbook', function () {
  this.timeout(120_000);

  const step = async (clone: Clone, name: string, as?: string, more: Record<string, unknown> = {}): Promise<string> => {
    const { error, text } = await clone.run('incident step', { name, ...more }, as);
    return error ?? text.join(' ');
  };
  const incident = async (clone: Clone): Promise<Incident> => {
    const { summary } = await clone.run('incident status');
    return (summary['incidents'] as Incident[]).at(-1) as Incident;
  };

  it('stops cutover, freezes, goes back, compares, and resumes only after both approvals', () =>
    withRanSample(async (clone) => {
      const kept = await clone.run('snapshot create', { reason: 'good' });
      const good = String(kept.summary['snapshot_id']);
      await clone.edit('schemas/crosswalks/alert_type.csv', /\n$/, '\n\n');
      assert.match(await step(clone, 'compare'), /No incident is open/);
      const started = await clone.run('incident start', { reason: 'alerts look wrong' }, 'Kofi Brandt');
      assert.equal(started.error, null);
      assert.match(started.text[0] ?? '', /^No other command is running now; everything for cutover_ready is refused/);
      const status = await clone.run('incident status');
      assert.deepEqual([status.status, status.returnCode], ['passed', 0]);
      assert.match(status.text.join('\n'), /INC-\d{8}-001 {2}open {2}alerts look wrong/);
      assert.match(
        (await clone.run('incident start', { reason: 'again' })).error ?? '',
        /is open already \(alerts look wrong\)/,
      );
      for (const [command, options] of [
        ['run-release-gates', { profile: 'cutover_ready' }],
        ['run-product-lifecycle', { release_profile: 'cutover_ready' }],
        ['run-contract-migration', { impute_mode: 'cutover_ready' }],
        ['sign-off', { step: 'technical_qa' }],
        ['contract lock', { name: 'rc' }],
        ['rehearsal record', { window_minutes: 360 }],
      ] as const)
        assert.match(
          (await clone.run(command, options)).error ?? '',
          /INC-\d{8}-001 is open since .* Next: incident step freeze/,
        );
      assert.equal((await clone.run('run-release-gates', { profile: 'development' })).error, null);

      assert.match(await step(clone, 'compare', 'Eleri Vaughan'), /compare comes after freeze_evidence/);
      assert.match(await step(clone, 'freeze_evidence', 'Eleri Vaughan'), /Frozen as/);
      const frozen = String((await incident(clone)).steps.at(-1)?.details['snapshot_id']);
      const manifest = await stat(join(clone.root, ARTEFACTS.snapshots, `${frozen}.json`));
      assert.equal(manifest.mode & 0o222, 0);
      assert.match(
        await step(clone, 'root_cause', 'Eleri Vaughan', { text: 'x' }),
        /root_cause comes after restore or rerun/,
      );
      assert.match(await step(clone, 'restore', 'Quentin Osei', { snapshot: good }), /may restore a snapshot/);
      assert.match(
        await step(clone, 'restore', 'Eleri Vaughan', { snapshot: frozen }),
        /is what an incident froze: it holds the state that went wrong/,
      );
      const offered = await step(clone, 'restore', 'Eleri Vaughan');
      assert.match(offered, /^Say with --snapshot .*\n {2}\S+ {2}\S+Z {2}gates \w+ for pre_production {2}good/);
      assert.ok(offered.includes(good) && !offered.includes(frozen) && offered.split('\n').length <= 6);
      assert.match(
        await step(clone, 'restore', 'Eleri Vaughan', { snapshot: 'latest' }),
        /Restored .*: [1-9]\d* files/,
      );
      assert.equal((await incident(clone)).steps.at(-1)?.details['snapshot_id'], good);
      assert.match(await step(clone, 'restore', 'Eleri Vaughan', { snapshot: good }), /Restored .*: \d+ files written/);
      assert.match(await step(clone, 'compare', 'Eleri Vaughan'), /Against .*: \d+ files, 0 contract rows/);
      assert.match(
        (await clone.run('incident close', {}, 'Dana Whitfield')).error ?? '',
        /cannot be closed: root_cause is not done/,
      );
      assert.match(await step(clone, 'root_cause', 'Dana Whitfield'), /Give the root cause with --text/);
      await step(clone, 'root_cause', 'Dana Whitfield', { text: 'A crosswalk was saved twice.' });
      await step(clone, 'mitigation', 'Eleri Vaughan', { text: 'Crosswalks are reviewed by two.' });
      assert.match(
        await step(clone, 'approve_root_cause', 'Eleri Vaughan'),
        /only Migration Delivery Lead or Data Quality Lead may/,
      );
      assert.match(
        await step(clone, 'approve_root_cause', 'Dana Whitfield'),
        /Dana Whitfield wrote the root cause; somebody else/,
      );
      assert.match(await step(clone, 'approve_root_cause', 'Quentin Osei'), /Approved/);
      assert.match(await step(clone, 'approve_mitigation', 'Dr Celia Marchetti'), /Approved.*Next: incident close/);
      await step(clone, 'mitigation', 'Eleri Vaughan', { text: 'By three.' });
      assert.match(
        (await clone.run('incident close', {}, 'Dana Whitfield')).error ?? '',
        /approve_mitigation is not done/,
      );
      await step(clone, 'approve_mitigation', 'Dr Celia Marchetti');
      const anew = await step(clone, 'root_cause', 'Dana Whitfield', { text: 'It was another line.' });
      assert.match(
        anew,
        /the approval of the root cause and the approval of the mitigation no longer stand: approve anew/,
      );
      await step(clone, 'approve_root_cause', 'Quentin Osei');
      assert.match(
        (await clone.run('incident close', {}, 'Dana Whitfield')).error ?? '',
        /approve_mitigation is not done/,
      );
      await step(clone, 'approve_mitigation', 'Dr Celia Marchetti');
      assert.match((await clone.run('incident close', {}, 'Eleri Vaughan')).error ?? '', /may close an incident/);
      assert.equal((await clone.run('incident close', {}, 'Dana Whitfield')).error, null);

      const closed = await incident(clone);
      assert.equal(closed.status, 'closed');
      assert.ok(closed.steps.every((done, index, all) => done.since_start_ms >= (all[index - 1]?.since_start_ms ?? 0)));
      assert.equal(
        (await clone.run('sign-off', { step: 'technical_qa' }, 'Eleri Vaughan')).error?.includes('INC-') ?? false,
        false,
      );
      const told = (await readAudit(new Project(clone.root))).filter(({ event }) => event === 'incident');
      assert.equal(told.length, closed.steps.length + 1);
      assert.equal(told.at(-1)?.who, 'Dana Whitfield');
    }));

  it('a rerun takes seed and profile of the last run that passed, and a broken file stops cutover too', () =>
    withRanSample(async (clone) => {
      await clone.run('incident start', { reason: 'x' });
      await step(clone, 'freeze_evidence');
      assert.match(
        await step(clone, 'restore', undefined, { snapshot: '20260101T000000Z-00000000' }),
        /There is no snapshot/,
      );
      assert.match(await step(clone, 'next'), /option --name: must be one of stop, freeze_evidence, restore/);
      const { error: unnamed } = await clone.run('incident step', {});
      assert.match(unnamed ?? '', /option --name: is needed: one of stop, freeze_evidence/);
      // The run of the sample failed for want of sign-offs, so nothing is known to be good.
      assert.match(await step(clone, 'rerun'), /No full run has passed yet; give --profile and --seed/);
      const again = await step(clone, 'rerun', undefined, { profile: 'development', seed: 42 });
      assert.match(again, /Rerun with seed 42 for development: passed/);
      const path = `${ARTEFACTS.incidents}/${(await incident(clone)).incident_id}.json`;
      await clone.write(path, '{"status": "closed"}');
      const refused = await clone.run('run-release-gates', { profile: 'cutover_ready' });
      assert.match(refused.error ?? '', /Whether an incident is open is not known\. governance\/incidents\/INC-/);
    }));
});
