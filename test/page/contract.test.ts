import assert from 'node:assert/strict';
import type { Browser, Locator } from 'playwright-core';
import type { RowMark } from '../../src/core/review/contractSheet.ts';
import { ContractTestPage, contractText, type Row } from './contractPage.ts';
import { launchBrowser, THEME_NAMES } from './panelPage.ts';

const HOSTILE = '<img src=x onerror=alert(1)> \u202egnp.exe "quote", javascript:alert(1)';
const row = (field: string, more: Row = {}): Row => ({
  target_table: 'LOAD_PATIENT',
  target_field: field,
  data_type: 'VARCHAR(10)',
  mandatory: 'Y',
  mapping_class: 'direct',
  source_table: 'PATMAST',
  source_field: 'SEX_CD',
  confidence: '0.90',
  status: 'DRAFT',
  owner: 'Ann',
  ...more,
});
const ROWS = [
  row('SEX', { mapping_class: 'lookup', crosswalk: 'sex', status: 'IN_REVIEW' }),
  row('SURNAME', { mapping_class: 'derived', rule: 'upper(SURNAME)', status: 'APPROVED' }),
  row('NOTES', { notes: HOSTILE, owner: HOSTILE, rule: HOSTILE }),
  row('WARD', { target_table: 'LOAD_WARD', mapping_class: 'unresolved', source_field: '' }),
  ...Array.from({ length: 140 }, (_, at) => row(`F${at}`)),
];
const MARKS = new Map<number, RowMark[]>([
  [5, [{ severity: 'error', code: 'contract-unresolved-mandatory', message: `Nobody decided it. ${HOSTILE}` }]],
  [4, [{ severity: 'warning', code: 'contract-rejects', message: '3 rejects in the last run.' }]],
]);

describe('the contract page', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  const opened: ContractTestPage[] = [];
  const open = async (rows: readonly Row[] = ROWS, options: Parameters<typeof ContractTestPage.grid>[2] = {}) => {
    const test = await ContractTestPage.grid(browser, contractText(rows), { marks: MARKS, ...options });
    opened.push(test);
    return test;
  };
  afterEach(async () => {
    for (const { page, faults } of opened.splice(0)) {
      await page.close();
      assert.deepEqual(faults, []);
    }
  });
  const cellOf = (test: ContractTestPage, field: string, column: string): Locator =>
    test.page
      .locator('tbody tr', { has: test.page.getByText(field, { exact: true }) })
      .locator(`td[data-column=${column}]`);

  it('completes functions, columns and joined tables in a rule, from the keyboard, and says what is wrong while typing', async () => {
    const test = await open();
    const { page } = test;
    test.typed = ({ set }) =>
      (set.rule ?? '').includes('NOBODY')
        ? [{ severity: 'error', code: 'contract-bad-rule', message: 'The column NOBODY is not in PATMAST.' }]
        : [];
    await cellOf(test, 'SURNAME', 'rule').focus();
    await page.keyboard.press('Enter');
    const input = page.getByRole('combobox', { name: 'Rule' });
    await input.fill('');
    assert.equal(await input.getAttribute('aria-expanded'), 'true');
    await page.keyboard.type('sub');
    await page.keyboard.press('ArrowDown');
    const option = page.locator('.float [aria-selected=true]');
    assert.match((await option.textContent()) ?? '', /^substr/);
    assert.equal(await input.getAttribute('aria-activedescendant'), await option.getAttribute('id'));
    await page.keyboard.press('Enter');
    assert.equal(await input.inputValue(), 'substr(');
    await page.keyboard.type('m.');
    assert.deepEqual(await page.locator('.float [role=option]').locator('.value').allTextContents(), ['FINAL_NO']);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(", 1) || 'up");
    assert.equal(await page.locator('.float [role=option]').count(), 0, 'nothing is offered inside a literal');
    await page.keyboard.type("' || NOBODY");
    await page.getByText('contract-bad-rule: The column NOBODY is not in PATMAST.').waitFor();
    assert.equal(await input.getAttribute('aria-invalid'), 'true');
    await page.keyboard.press('Enter');
    await page.getByText('1 rows changed.').waitFor();
    assert.match(
      test.text,
      /SURNAME,VARCHAR\(10\),Y,derived,PATMAST,SEX_CD,"substr\(m\.FINAL_NO, 1\) \|\| 'up' \|\| NOBODY",.*DRAFT/,
    );
  });

  it('completes tables, columns of the row’s table and crosswalks; Escape leaves the cell as it was', async () => {
    const test = await open();
    const { page } = test;
    await cellOf(test, 'SEX', 'source_field').dblclick();
    assert.deepEqual(await page.locator('.float [role=option]').locator('.value').allTextContents(), [
      'SEX_CD',
      'SURNAME',
    ]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.float:visible').count(), 0);
    await cellOf(test, 'SEX', 'crosswalk').dblclick();
    assert.deepEqual(await page.locator('.float [role=option]').locator('.value').allTextContents(), ['sex']);
    await page.locator('.float [role=option]').click();
    await page.keyboard.press('Escape');
    assert.equal(test.text, contractText(ROWS));
  });

  it('what somebody types stays under their hands while checks and other editors change the rows', async () => {
    const test = await open();
    const { page } = test;
    await cellOf(test, 'SEX', 'notes').dblclick();
    await page.keyboard.type('half a sen');
    await test.replace(test.text.replace('LOAD_WARD', 'LOAD_WARDS'));
    await page.waitForTimeout(100);
    await page.keyboard.type('tence');
    await page.keyboard.press('Enter');
    await page.locator('tbody').getByText('LOAD_WARDS').waitFor();
    const { row: edited } = (await test.sent('edit')) as { row: Row };
    assert.deepEqual(edited, { table: 'LOAD_PATIENT', field: 'SEX', rowSet: '', was: { notes: '' } });
    assert.match(test.text, /half a sentence/);
  });

  it('keeps the lines of a cell of several lines', async () => {
    const test = await open([row('A', { mapping_class: 'derived', rule: 'upper(\n  SURNAME)' })]);
    await cellOf(test, 'A', 'rule').dblclick();
    const field = test.page.getByRole('textbox', { name: 'Rule' });
    assert.equal(await field.inputValue(), 'upper(\n  SURNAME)');
    await test.page.keyboard.press('End');
    await test.page.keyboard.press('Control+End');
    await test.page.keyboard.type(' ');
    await test.page.keyboard.press('Enter');
    await test.page.getByText('1 rows changed.').waitFor();
    assert.match(test.text, /"upper\(\n {2}SURNAME\) "/);
  });

  it('sets several columns of many rows after a preview that tells what is refused', async () => {
    const test = await open();
    const { page } = test;
    await page.getByLabel('Select the rows of this page').check();
    await page.getByRole('button', { name: 'Select all 144' }).click();
    await page.getByLabel('Column to set').selectOption('owner');
    await page.getByLabel('New value').fill('Cid');
    await page.getByRole('button', { name: 'Set another column' }).click();
    await page.getByLabel('Column to set').nth(1).selectOption('status');
    await page.getByLabel('New value').nth(1).selectOption('IN_REVIEW');
    await page.getByRole('button', { name: 'Preview change…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Preview of the change' });
    await dialog.getByText('Set owner to Cid, status to IN_REVIEW').waitFor();
    await dialog.getByText('A row that is APPROVED can become DRAFT, not IN_REVIEW').waitFor();
    await dialog.getByRole('button', { name: 'Try on data…' }).click();
    const tried = (await test.sent('tryOnData')) as { set: Row };
    assert.deepEqual(tried.set, { owner: 'Cid', status: 'IN_REVIEW' });
    await dialog.getByRole('button', { name: 'Change 143 rows' }).click();
    await page.getByText('143 rows changed.').waitFor();
    assert.equal(test.text.match(/IN_REVIEW,"?Cid/g)?.length, 143);
  });

  it('a rejection needs its comment: in the detail, in the cell and of many rows', async () => {
    const test = await open();
    const { page } = test;
    await cellOf(test, 'SEX', 'target_field').click();
    await page.getByRole('button', { name: 'Reject…' }).click();
    await page.getByRole('button', { name: 'Reject', exact: true }).click();
    assert.equal(await page.getByRole('textbox', { name: 'Comment' }).getAttribute('aria-invalid'), 'true');
    await page.getByRole('button', { name: 'Do not reject' }).click();
    await cellOf(test, 'SEX', 'status').dblclick();
    await page.getByLabel('Status', { exact: true }).last().selectOption('REJECTED');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Comment' });
    await dialog.getByRole('button', { name: 'Reject' }).click();
    assert.equal(await dialog.isVisible(), true);
    await page.keyboard.type('The codes differ.');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await page.getByText('1 rows changed.').waitFor();
    assert.equal(((await test.sent('edit')) as { comment: string }).comment, 'The codes differ.');
    await page.getByText('wrong column').waitFor();
  });

  it('offers to merge with the file on disk; each conflict is chosen first', async () => {
    const test = await open();
    const { page } = test;
    const conflicts = [
      { id: 'a', row: 'LOAD_PATIENT.SEX', column: 'rule', base: '', mine: HOSTILE, theirs: 'lower(SEX_CD)' },
      { id: 'b', row: 'LOAD_WARD.WARD', column: null, base: 'direct', mine: null, theirs: 'direct · PATMAST' },
    ];
    const merge = { conflicts, fromMine: 3, fromTheirs: 2, backToDraft: ['LOAD_PATIENT.SEX'], refusal: null };
    await test.conflict(merge);
    await page.getByRole('alert').getByText('The file changed on disk').waitFor();
    await page.getByRole('button', { name: 'Merge…' }).click();
    const apply = page.getByRole('dialog').getByRole('button', { name: 'Merge', exact: true });
    assert.equal(await apply.isDisabled(), true);
    await page.getByRole('button', { name: 'all mine' }).click();
    await page
      .getByRole('group', { name: /LOAD_WARD\.WARD/ })
      .getByLabel(/Theirs/)
      .check();
    await test.picture('contract-merge');
    await apply.click();
    assert.deepEqual(await test.sent('resolve'), {
      type: 'resolve',
      how: 'merge',
      choices: { a: 'mine', b: 'theirs' },
    });
    for (const [name, how] of [
      ['Compare', 'compare'],
      ['Keep mine', 'mine'],
      ['Take theirs', 'theirs'],
    ] as const) {
      await page.getByRole('button', { name }).click();
      assert.equal(((await test.sent('resolve')) as { how: string }).how, how);
    }
    await test.conflict({ ...merge, conflicts: [], refusal: 'The file on disk has LOAD_PATIENT.SEX twice.' });
    await page.getByText('has LOAD_PATIENT.SEX twice').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Merge…' }).count(), 0);
    await test.conflict(null);
    assert.equal(await page.getByRole('alert').isVisible(), false);
  });

  it('is worked with the keyboard alone: cells, pages, ticks, detail', async () => {
    const test = await open();
    const { page } = test;
    const focused = (): Promise<string> =>
      page.evaluate(
        () =>
          `${document.activeElement?.closest('tr')?.dataset['index']} ${(document.activeElement as HTMLElement).dataset['column']}`,
      );
    await page.locator('td[tabindex="0"]').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    assert.equal(await focused(), '1 target_field');
    await page.keyboard.press('Space');
    await page.getByText('1 row selected').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.detail h2', { hasText: 'LOAD_PATIENT.SURNAME' }).waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    assert.equal(await focused(), '1 target_field');
    await page.keyboard.press('PageDown');
    await page.getByText('Rows 101–144 of 144').waitFor();
  });

  it('hostile cells stay text everywhere', async () => {
    const test = await open();
    const { page } = test;
    let dialogs = 0;
    page.on('dialog', (dialog) => {
      dialogs += 1;
      void dialog.dismiss();
    });
    await cellOf(test, 'NOTES', 'target_field').click();
    await page.locator('.detail h2').waitFor();
    await cellOf(test, 'NOTES', 'rule').dblclick();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByLabel('Owner', { exact: true }).first().selectOption({ index: 1 });
    await page.waitForTimeout(200);
    assert.equal(await page.locator('img, iframe, object, embed, main script').count(), 0);
    assert.equal(dialogs, 0);
  });

  for (const theme of THEME_NAMES)
    it(`has no accessibility faults in ${theme}`, async () => {
      const test = await open(ROWS, { theme, width: 1440, height: 900 });
      const { page } = test;
      test.typed = () => [{ severity: 'error', code: 'contract-bad-rule', message: 'The column is not there.' }];
      await cellOf(test, 'SEX', 'target_field').click();
      await page.locator('.detail h2').waitFor();
      await page.getByLabel('Select LOAD_PATIENT.SURNAME').check();
      await test.conflict({ conflicts: [], fromMine: 1, fromTheirs: 2, backToDraft: [], refusal: null });
      await cellOf(test, 'SURNAME', 'rule').dblclick();
      await page.keyboard.type('su');
      await page.getByText('contract-bad-rule').waitFor();
      await page.keyboard.press('ArrowDown');
      await test.picture(`contract-${theme}`);
      assert.deepEqual(await test.axe(), []);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: 'Columns' }).click();
      await page.getByLabel('Column to set').selectOption('status');
      await page.getByLabel('New value').selectOption('APPROVED');
      await page.getByRole('button', { name: 'Preview change…' }).click();
      await page.getByRole('dialog', { name: 'Preview of the change' }).waitFor();
      await test.picture(`contract-preview-${theme}`);
      assert.deepEqual(await test.axe(), []);
    });
});
