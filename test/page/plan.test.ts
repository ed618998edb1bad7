import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { PlanOutcome, PlanShown } from '../../src/extension/panels/planProtocol.ts';
import { launchBrowser, PanelPage, THEME_NAMES } from './panelPage.ts';

const hostile = '<img src=x onerror=alert(1)>';
const PLAN: PlanShown = {
  changes: [
    {
      targetTable: 'LOAD_PATIENT',
      targetField: 'SURNAME',
      rowSet: '',
      kind: 'changed',
      impact: 'breaking',
      words: 'source SNM → FSN1',
      changes: [{ column: 'source_field', before: 'SNM', after: 'FSN1' }],
    },
    {
      targetTable: 'LOAD_PATIENT',
      targetField: 'TITLE',
      rowSet: '',
      kind: 'changed',
      impact: 'review',
      words: 'status APPROVED → DRAFT',
      changes: [
        { column: 'status', before: 'APPROVED', after: 'DRAFT' },
        { column: 'notes', before: '', after: hostile },
      ],
    },
    {
      targetTable: 'LOAD_NAME',
      targetField: '',
      rowSet: 'former_2',
      kind: 'removed',
      impact: 'breaking',
      words: 'row set removed',
      changes: [],
    },
  ],
  crosswalks: ['schemas/crosswalks/sex.csv'],
  impact: 'breaking',
  tables: [
    {
      table: 'LOAD_PATIENT',
      rows: { before: 20_000, after: 3012 },
      rowsGone: 20_000,
      rowsNew: 3012,
      rowsChanged: 3012,
      columns: [
        { field: 'SURNAME', rows: 3012 },
        { field: 'TITLE', rows: 12 },
      ],
      patients: 20_000,
    },
    {
      table: 'LOAD_SITE',
      rows: { before: 4, after: 4 },
      rowsGone: 1,
      rowsNew: 1,
      rowsChanged: 1,
      columns: [{ field: 'SITE_NAME', rows: 1 }],
      patients: null,
    },
  ],
  patients: 20_000,
  rows: {
    read: { before: 148_200, after: 148_200 },
    written: { before: 140_400, after: 80_800 },
    rejected: { before: 0, after: 59_600 },
    excluded: { before: 7800, after: 7800 },
    merged: { before: 0, after: 0 },
  },
  imputed: { before: 0, after: 0 },
  rejects: [{ reason: 'MANDATORY_MISSING', before: 0, after: 16_988, added: 16_988, gone: 0 }],
  rejectFields: [
    { table: 'LOAD_PATIENT', field: 'SURNAME', reason: 'MANDATORY_MISSING', added: 16_988, gone: 0 },
    { table: 'LOAD_DIAGNOSIS', field: 'SPELL_ID|EPISODE_SEQUENCE', reason: 'DUPLICATE_KEY', added: 2, gone: 1 },
  ],
  rules: [
    {
      id: 'SAF-01',
      title: 'Alerts of a patient are there',
      before: 'passed',
      after: 'failed',
      actualBefore: '0 of 4',
      actualAfter: '2 of 4',
    },
  ],
  gates: [
    {
      id: 'row_reject_rate',
      title: 'Few rows of a table are rejected',
      before: 'PASS',
      after: 'FAIL',
      actualBefore: '0',
      actualAfter: '1',
    },
    {
      id: 'population_ratio',
      title: 'Enough cells are filled',
      before: 'PASS',
      after: 'PASS',
      actualBefore: '0.89',
      actualAfter: '0.88',
    },
  ],
  release: { profile: 'pre_production', before: 'PASS', after: 'FAIL' },
  basis: {
    before: 'current outputs',
    reason: '',
    profile: 'pre_production',
    imputeMode: 'pre_production',
    sourceDir: 'mock_data/source',
  },
};
const outcome = (plan: PlanShown | null, refusal: PlanOutcome['refusal'] = null): PlanOutcome => ({
  what: 'reports/mapping_contract.csv, not saved',
  at: new Date().toISOString(),
  plan,
  refusal,
});
const nothing = () => ({});

describe('the page of a contract preview', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  const open = (last: PlanOutcome | null, theme = 'light-modern') =>
    PanelPage.open(
      browser,
      'plan',
      { last: () => ({ outcome: last }), again: nothing, openRow: nothing, openPlace: nothing },
      { theme, width: 1100 },
    );

  for (const theme of THEME_NAMES)
    it(`shows every section without accessibility faults in ${theme}`, async () => {
      const test = await open(outcome(PLAN), theme);
      await test.shown();
      await test.picture(`plan-${theme}`);
      assert.deepEqual(await test.axe(), []);
      assert.deepEqual(test.faults, []);
      const titles = await test.page.locator('.card h2').allInnerTexts();
      assert.deepEqual(titles.slice(1), [
        'What changes in the contract',
        'Rows and patients',
        'Rejects by reason',
        'Gates before → after',
        'Quality rules before → after',
        'How this was found out',
      ]);
      assert.equal(await test.page.locator('img').count(), 0);
      await test.page.close();
    });

  it('opens rows, fields and rejects in the contract', async () => {
    const test = await open(outcome(PLAN));
    await test.shown();
    const { page } = test;
    await page.getByRole('button', { name: 'LOAD_PATIENT.SURNAME' }).first().click();
    await page.getByRole('button', { name: 'SITE_NAME' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'LOAD_DIAGNOSIS.SPELL_ID|EPISODE_SEQUENCE' }).click();
    await page.getByRole('button', { name: 'schemas/crosswalks/sex.csv' }).click();
    assert.deepEqual(await test.asked('openRow'), [
      { table: 'LOAD_PATIENT', field: 'SURNAME', rowSet: '' },
      { table: 'LOAD_SITE', field: 'SITE_NAME', rowSet: '' },
      { table: 'LOAD_DIAGNOSIS', field: 'SPELL_ID', rowSet: '' },
    ]);
    assert.deepEqual(await test.asked('openPlace'), [{ file: 'schemas/crosswalks/sex.csv', line: 1 }]);
    assert.deepEqual(test.faults, []);
    await page.close();
  });

  it('begins empty, takes up a new preview, and says why a contract cannot run', async () => {
    const test = await open(null);
    await test.shown();
    const { page } = test;
    await test.picture('plan-empty');
    await page.getByRole('button', { name: 'Preview the contract' }).click();
    assert.equal((await test.asked('again')).length, 1);
    const problems = [
      { message: 'The rule cannot be read.', file: 'reports/mapping_contract.csv', line: 12 },
      { message: 'The crosswalk x does not exist.', file: 'reports/mapping_contract.csv', line: 40 },
    ];
    await test.notify('planned', {
      outcome: outcome(null, {
        message: 'reports/mapping_contract.csv:12: The rule cannot be read. (and 1 more)',
        problems,
      }),
    });
    await page.getByText('This contract cannot run').waitFor();
    await test.picture('plan-refused');
    assert.deepEqual(await test.axe(), []);
    await page.getByRole('button', { name: 'reports/mapping_contract.csv:40' }).click();
    assert.deepEqual(await test.asked('openPlace'), [{ file: 'reports/mapping_contract.csv', line: 40 }]);
    const same = {
      ...PLAN,
      changes: [],
      crosswalks: [],
      impact: 'none',
      tables: [],
      patients: 0,
      rejects: [],
      rejectFields: [],
      gates: [],
      rules: [],
    } as const;
    await test.notify('planned', { outcome: outcome({ ...same, release: { ...PLAN.release, after: 'PASS' } }) });
    await page.getByText('No target row would change').waitFor();
    await test.picture('plan-no-change');
    assert.deepEqual(await test.axe(), []);
    assert.deepEqual(test.faults, []);
    await page.close();
  });
});
