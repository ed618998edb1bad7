import assert from 'node:assert/strict';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import { ARTEFACTS } from '../../../src/core/project/layout.ts';
import { Checking } from '../../../src/core/review/checking.ts';
import { ContractSheet } from '../../../src/core/review/contractSheet.ts';
import { projectProblems } from '../../../src/core/review/projectProblems.ts';
import { rowProblems } from '../../../src/core/review/rowProblems.ts';
import { withProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';

describe('checking a row as it is typed', () => {
  it('says what the Problems panel says of the same text, with the same codes', async function () {
    this.timeout(20_000);
    await withSample(async ({ context, read }) => {
      const given = context();
      assert.equal((await runCommand(given, 'extract-specs', {})).status, 'passed');
      const text = await read(ARTEFACTS.contract);
      const checking = new Checking(await given.openEngine());
      const sheet = new ContractSheet(text, 1);
      const title = sheet.indexOf('LOAD_PATIENT', 'TITLE', '');
      const cases: readonly [number, Record<string, string>, string | null][] = [
        [title, {}, null],
        [title, { crosswalk: 'nobody' }, 'contract-unknown-crosswalk'],
        [title, { mapping_class: 'derived', rule: 'upper(' }, 'contract-bad-rule'],
        [title, { mapping_class: 'derived', rule: 'drop_table(TTL)' }, 'contract-bad-rule'],
        [title, { mapping_class: 'derived', rule: 'upper(NOBODY)' }, 'contract-bad-rule'],
        [title, { mapping_class: 'derived', rule: 'trim(NOBODY,\n1)' }, 'contract-bad-rule'],
        [title, { source_field: 'NOBODY' }, 'contract-unknown-source'],
        [title, { mapping_class: 'magic' }, 'contract-bad-cell'],
        [title, { mapping_class: 'unresolved' }, 'contract-unresolved'],
        [0, { mapping_class: 'unresolved' }, 'contract-unresolved-mandatory'],
        [0, { mapping_class: 'constant' }, 'contract-no-constant'],
      ];
      for (const [index, set, code] of cases) {
        const own = await rowProblems(given.project, sheet, index, set, checking);
        const edited = new ContractSheet(text, 1);
        const cells = { ...edited.cells(index), ...set };
        const plan = edited.plan({ indexes: [index] }, { ...set, notes: cells['notes'] ?? '' }, 'x').edits;
        if (set['mapping_class'] !== 'magic') edited.change(plan, 2);
        else continue;
        const typed = plan
          .toReversed()
          .reduce((now, { start, end, text: put }) => now.slice(0, start) + put + now.slice(end), text);
        const line = edited.row(index)?.line;
        const panel = (await projectProblems(given.project, new Map([[ARTEFACTS.contract, typed]]), checking)).filter(
          ({ place, code: found }) =>
            place.file === ARTEFACTS.contract && place.line === line && found !== 'contract-rejects',
        );
        assert.deepEqual(
          own.map((mark) => `${mark.severity} ${mark.code} ${mark.message}`),
          panel.map((problem) => `${problem.severity} ${problem.code} ${problem.message}`),
          JSON.stringify(set),
        );
        assert.equal(own[0]?.code ?? null, code, JSON.stringify(set));
      }
      const [bad] = await rowProblems(given.project, sheet, 0, { mapping_class: 'magic' }, checking);
      assert.equal(bad?.code, 'contract-bad-cell');
      await checking.engine.close();
    });
  });

  it('has nothing to say without catalogs', () =>
    withProject({}, async ({ context }) => {
      const given = context();
      const checking = new Checking(await given.openEngine());
      const sheet = new ContractSheet('target_table,target_field\nT,A\n', 1);
      assert.deepEqual(await rowProblems(given.project, sheet, 0, { rule: 'x' }, checking), []);
      assert.deepEqual(await rowProblems(given.project, sheet, 9, {}, checking), []);
      await checking.engine.close();
    }));
});
