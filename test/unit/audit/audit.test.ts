import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appendAudit, readAudit, verifyAudit } from '../../../src/core/audit/auditLog.ts';
import { recordContractChange, rowHistory } from '../../../src/core/audit/contractAudit.ts';
import { lockContract, readContractLock } from '../../../src/core/contract/contractLock.ts';
import { readEvidence } from '../../../src/core/gates/evidence.ts';
import { GATES } from '../../../src/core/gates/releaseGates.ts';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS, Project } from '../../../src/core/project/layout.ts';
import { withProject } from '../../support/project.ts';

const at = new Date('2026-11-24T09:00:00Z');
const CONTRACT = `target_table,target_field,data_type,mandatory,mapping_class,source_table,source_field,rule,crosswalk,default_value,confidence,status,owner,notes,row_set
T,A,VARCHAR,Y,direct,S,A,,,,1,APPROVED,Ann,,
T,B,VARCHAR,N,direct,S,B,,,,1,APPROVED,Ann,,
`;
const TABLES = `target_table,row_set,driving_table,joins,filter,grain,dedupe,load_order,status,notes
T,main,S,,,A,,1,APPROVED,
`;

describe('the audit log', () => {
  it('finds every line that was changed, removed, added or moved, with its place', () =>
    withProject({}, async ({ root, read, write }) => {
      const project = new Project(root);
      for (let index = 0; index < 5; index += 1)
        await appendAudit(project, { at, who: 'Ann', event: 'test', details: { index } });
      assert.deepEqual(await verifyAudit(project), { entries: 5, faults: [], endKnown: true });
      const whole = await read(ARTEFACTS.auditLog);
      const lines = whole.trimEnd().split('\n');
      const cases: readonly [string[], number][] = [
        [lines.toSpliced(2, 1), 3],
        [lines.toSpliced(0, 1), 1],
        [lines.toSpliced(4, 1), 4],
        [lines.with(2, (lines[2] ?? '').replace('"index":2', '"index":2,"more":1')), 3],
        [lines.with(2, (lines[2] ?? '').replace('"who":', '"who": ')), 3],
        [lines.with(2, (lines[2] ?? '').replace('{"sequence"', '{"extra":1,"sequence"')), 3],
        [[...lines.slice(0, 2), ...lines.slice(3, 4), ...lines.slice(2, 3), ...lines.slice(4)], 3],
        [lines.toSpliced(1, 0, lines[1] ?? ''), 3],
        [lines.toSpliced(3, 1, 'no entry'), 4],
        [lines.with(2, (lines[2] ?? '').replace('"Ann"', '"Bob"')), 3],
      ];
      for (const [changed, line] of cases) {
        await write(ARTEFACTS.auditLog, `${changed.join('\n')}\n`);
        const { faults } = await verifyAudit(project);
        assert.equal(faults[0]?.line, line, JSON.stringify(faults));
      }
      for (let byte = 0; byte < whole.length; byte += 5) {
        const code = whole.charCodeAt(byte);
        await write(ARTEFACTS.auditLog, whole.slice(0, byte) + String.fromCharCode(code ^ 1) + whole.slice(byte + 1));
        assert.ok((await verifyAudit(project)).faults.length > 0, `byte ${byte}`);
      }
    }));

  for (const [name, cut] of [
    ['cut short', (text: string) => `${text.trimEnd().split('\n').slice(0, 3).join('\n')}\n`],
    ['emptied', () => ''],
    ['replaced', (text: string) => text.replaceAll('"Ann"', '"Bob"')],
  ] as const)
    it(`that was ${name} stays faulty whatever is written after it, until the lines are put back`, () =>
      withProject({}, async ({ root, read, write }) => {
        const project = new Project(root);
        const add = (event: string) => appendAudit(project, { at, who: 'Ann', event, details: {} });
        for (let index = 0; index < 5; index += 1) await add('before');
        const whole = await read(ARTEFACTS.auditLog);
        const left = cut(whole);
        await write(ARTEFACTS.auditLog, left);
        assert.ok((await verifyAudit(project)).faults.length > 0);
        await add('after');
        await add('after');
        assert.ok((await verifyAudit(project)).faults.length > 0, 'the next lines hid the gap');
        const later = (await read(ARTEFACTS.auditLog)).slice(left.length);
        await write(ARTEFACTS.auditLog, whole + later);
        assert.deepEqual((await verifyAudit(project)).faults, []);
      }));

  it('tells each contract row that changed, by whom, and its history', () =>
    withProject({ [ARTEFACTS.contract]: CONTRACT }, async ({ root, write }) => {
      const project = new Project(root);
      assert.deepEqual(await recordContractChange(project, { who: 'Ann', at }), []);
      assert.deepEqual(await recordContractChange(project, { who: 'Ann', at }), []);
      assert.equal((await readAudit(project)).length, 1);
      await write(ARTEFACTS.contract, CONTRACT.replace('S,B,,', 'S,C,,').replace('T,B', '"T",B'));
      const [change] = await recordContractChange(project, { who: 'Bob', at });
      assert.deepEqual([change?.targetField, change?.impact, change?.changes.length], ['B', 'breaking', 1]);
      const [event] = await rowHistory(project, 'T', 'B', '');
      assert.deepEqual([event?.who, event?.cells['source_field']], ['Bob', ['B', 'C']]);
      assert.deepEqual(await rowHistory(project, 'T', 'A', ''), []);
    }));
});

describe('what the audit log is told', () => {
  it('every command that may write, with who, account, options and outcome, also one that was refused', () =>
    withProject({ [ARTEFACTS.contract]: CONTRACT }, async ({ context, root }) => {
      await runCommand(context({ as: 'Ann' }), 'snapshot create', { reason: 'why' });
      await runCommand(context(), 'snapshot restore', { snapshot: 'none' });
      await runCommand(context(), 'snapshot list', {});
      const entries = (await readAudit(new Project(root))).filter(({ event }) => event === 'run');
      assert.deepEqual(
        entries.map(({ who, details }) => [who === 'Ann', details['command'], details['status']]),
        [
          [true, 'snapshot create', 'passed'],
          [false, 'snapshot restore', 'error'],
        ],
      );
      assert.match(String(entries[0]?.details['account']), /^os:|^git:|not known/);
      assert.match(String(entries[1]?.details['error']), /There is no snapshot none/);
    }));

  it('thresholds that changed, and whether the file says why and by whom', async () => {
    const profiles = await readFile(ARTEFACTS.gateProfiles, 'utf8');
    const roles = await readFile(ARTEFACTS.roles, 'utf8');
    const files = { [ARTEFACTS.gateProfiles]: profiles, [ARTEFACTS.roles]: roles, 'reports/a.csv': '' };
    await withProject(files, async ({ context, root, write, events }) => {
      const run = () => runCommand(context(), 'snapshot create', {});
      await run();
      const lower = profiles.replace('"value": 40,', '"value": 30,');
      await write(ARTEFACTS.gateProfiles, lower);
      await run();
      await run();
      const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
      assert.equal(notes.length, 1);
      assert.match(notes[0] ?? '', /development\.quality_rules_ran_min was changed\. The reason is still that of/);
      const proper = JSON.parse(lower) as Record<string, { thresholds: Record<string, object> }>;
      Object.assign(proper['development']?.thresholds['min_patients'] ?? {}, {
        value: 2,
        reason: 'Agreed.',
        changed_by: 'Dana Whitfield',
      });
      await write(ARTEFACTS.gateProfiles, JSON.stringify(proper));
      await run();
      Object.assign(proper['development']?.thresholds['min_patients'] ?? {}, { value: 3, reason: 'For 999 000 0018.' });
      await write(ARTEFACTS.gateProfiles, JSON.stringify(proper));
      await run();
      assert.doesNotMatch(await readFile(join(root, ARTEFACTS.auditLog), 'utf8'), /0018/);
      const told = (await readAudit(new Project(root))).filter(({ event }) => event === 'thresholds-changed');
      assert.equal(told.length, 4);
      const last = (told[3]?.details['changes'] ?? []) as { reason: string; fault: string }[];
      assert.equal(last[0]?.reason, '');
      assert.match(last[0]?.fault ?? '', /The reason holds an NHS number/);
      const changes = told[2]?.details['changes'];
      assert.deepEqual(changes, [
        {
          profile: 'development',
          threshold: 'min_patients',
          before: 1,
          after: 2,
          reason: 'Agreed.',
          changedBy: 'Dana Whitfield',
          fault: '',
        },
      ]);
    });
  });
});

describe('the contract lock', () => {
  it('takes only a fully approved contract, is audited, and a later change voids it', () =>
    withProject({ [ARTEFACTS.contract]: CONTRACT, [ARTEFACTS.contractTables]: TABLES }, async (given) => {
      const context = given.context();
      const options = { name: 'rc 1', by: 'Ann' };
      await given.write(ARTEFACTS.contract, CONTRACT.replace('APPROVED', 'IN_REVIEW'));
      const refused = await runCommand(context, lockContract.id, options);
      assert.match(refused.error ?? '', /mapping_contract\.csv:2: 1 of 2 rows are not APPROVED \(T\.A first\)/);
      assert.equal(await readContractLock(context.project), null);
      await given.write(ARTEFACTS.contract, CONTRACT);
      const byHand = await runCommand(context, lockContract.id, options);
      assert.match(byHand.error ?? '', /1 of them say APPROVED with no approval on record/);
      const review = { at: new Date().toISOString(), who: 'Bob', decision: 'APPROVED', comment: '' } as const;
      await given.write(ARTEFACTS.contract, CONTRACT.replace('APPROVED', 'IN_REVIEW'));
      await recordContractChange(context.project, { who: 'Ann', at: new Date() });
      await given.write(ARTEFACTS.contract, CONTRACT);
      const rows = [{ table: 'T', field: 'A', rowSet: '' }];
      await recordContractChange(context.project, { who: 'Bob', at: new Date(), reviews: [{ ...review, rows }] });
      assert.equal((await runCommand(context, lockContract.id, options)).status, 'passed');
      assert.equal((await readContractLock(context.project))?.matches, true);
      const entry = (await readAudit(context.project)).at(-1);
      assert.deepEqual([entry?.event, entry?.who, entry?.details['status']], ['contract-locked', 'Ann', 'passed']);
      await given.write(ARTEFACTS.contract, CONTRACT.replace('Ann', 'Bob'));
      assert.equal((await readContractLock(context.project))?.matches, false);
      const path = context.project.at(ARTEFACTS.contractLock);
      await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
      await assert.rejects(readContractLock(context.project), /lock the contract again/);
      assert.equal((await runCommand(context, lockContract.id, { name: '', by: 'x' })).returnCode, 2);
    }));

  it('is refused under a name that is taken, and by whoever the roles file does not name or gives no such role', () =>
    withProject({ [ARTEFACTS.contract]: CONTRACT, [ARTEFACTS.contractTables]: TABLES }, async (given) => {
      const lock = (name: string, as: string) => runCommand(given.context({ as }), lockContract.id, { name });
      assert.equal((await lock('rc 1', 'Ann')).status, 'passed');
      const again = await lock('RC 1', 'Bob');
      assert.equal(again.returnCode, 2);
      assert.match(
        again.error ?? '',
        /There is a lock named rc 1 already, by Ann at .*; a lock is not replaced\. Give another name, for example "RC 1 \(2\)"/,
      );
      const people = [
        { name: 'Dana', roles: ['Migration Delivery Lead'] },
        { name: 'Eleri', roles: ['ETL Engineer'] },
      ];
      const roles = { schema_version: 1, people, not_listed: ['Data Mapping Analyst'] };
      await given.write(ARTEFACTS.roles, JSON.stringify(roles));
      const etl = await lock('rc 2', 'Eleri');
      assert.match(
        etl.error ?? '',
        /Eleri is ETL Engineer: only Migration Delivery Lead or Data Mapping Analyst may lock/,
      );
      const stranger = await runCommand(given.context(), lockContract.id, { name: 'rc 2' });
      assert.equal(stranger.returnCode, 2);
      assert.match(
        stranger.error ?? '',
        /is not listed in governance\/roles\.json: only Migration Delivery Lead .* \(Dana\)/,
      );
      assert.equal((await lock('rc 2', 'Dana')).status, 'passed');
      assert.equal((await readContractLock(new Project(given.root)))?.lock.name, 'rc 2');
    }));

  it('is refused while the audit log has faults, and the gate does not count a lock from before them', () =>
    withProject({ [ARTEFACTS.contract]: CONTRACT, [ARTEFACTS.contractTables]: TABLES }, async (given) => {
      const context = given.context();
      const options = { name: 'rc 1', by: 'Ann' };
      assert.equal((await runCommand(context, lockContract.id, options)).status, 'passed');
      const log = await given.read(ARTEFACTS.auditLog);
      await given.write(ARTEFACTS.auditLog, log.replace('"Ann"', '"Bob"'));
      const refused = await runCommand(context, lockContract.id, { ...options, name: 'rc 2' });
      assert.equal(refused.returnCode, 2);
      assert.match(
        refused.error ?? '',
        /audit\.jsonl:\d+: was changed after it was written\. .*audit verify lists them/,
      );
      const engine = await context.openEngine();
      const evidence = await readEvidence(context.project, engine).finally(() => engine.close());
      const gate = GATES.find(({ id }) => id === 'contract_lock');
      const finding = gate?.judge(evidence, {} as never, 'cutover_ready');
      assert.equal(finding?.verdict, 'NOT_PROVEN');
      assert.match(finding?.message ?? '', /Approvals and locks rest on the audit log/);
    }));
});
