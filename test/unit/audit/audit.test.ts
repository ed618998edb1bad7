import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { appendAudit, readAudit, verifyAudit } from '../../../src/core/audit/auditLog.ts';
import { recordContractChange, rowHistory } from '../../../src/core/audit/contractAudit.ts';
import { lockContract, readContractLock } from '../../../src/core/contract/contractLock.ts';
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
      assert.deepEqual(await verifyAudit(project), { entries: 5, faults: [] });
      const whole = await read(ARTEFACTS.auditLog);
      const lines = whole.trimEnd().split('\n');
      const cases: readonly [string[], number][] = [
        [lines.toSpliced(2, 1), 3],
        [lines.toSpliced(0, 1), 1],
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
      for (let byte = 0; byte < whole.length; byte += 17) {
        const code = whole.charCodeAt(byte);
        await write(ARTEFACTS.auditLog, whole.slice(0, byte) + String.fromCharCode(code ^ 1) + whole.slice(byte + 1));
        assert.ok((await verifyAudit(project)).faults.length > 0, `byte ${byte}`);
      }
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
      assert.equal((await runCommand(context, lockContract.id, options)).status, 'passed');
      assert.equal((await readContractLock(context.project))?.matches, true);
      assert.equal((await readAudit(context.project)).at(-1)?.event, 'contract-locked');
      await given.write(ARTEFACTS.contract, CONTRACT.replace('Ann', 'Bob'));
      assert.equal((await readContractLock(context.project))?.matches, false);
      const path = context.project.at(ARTEFACTS.contractLock);
      await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
      await assert.rejects(readContractLock(context.project), /lock the contract again/);
      assert.equal((await runCommand(context, lockContract.id, { name: '', by: 'x' })).returnCode, 2);
    }));
});
