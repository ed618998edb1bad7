import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { CodesMet } from '../../src/core/crosswalk/coverage.ts';
import type { CrosswalkFacts, LineQuery, LineSelection, LineValues } from '../../src/core/crosswalk/crosswalkShapes.ts';
import { CrosswalkSheet, type PlanReview } from '../../src/core/crosswalk/crosswalkSheet.ts';
import type { SheetPlan } from '../../src/core/review/rowSheet.ts';
import { type Answers, launchBrowser, type PageOptions, PanelPage, THEME_NAMES } from './panelPage.ts';

const HEADER = 'source_code,target_code,description,safety_critical,valid_from,valid_to,status,source_note';
const HOSTILE = '<img src=x onerror=alert(1)>';
const ADMISSIONS = [
  'EW,11,"Elective, waiting list",Y,,,APPROVED,',
  'EB,12,"Elective, booked",Y,,2019-03-31,APPROVED,',
  'EB,13,"Elective, planned",Y,2019-04-01,,IN_REVIEW,asked the ward',
  'AE,21,Own emergency department,Y,,,APPROVED,',
  'OLD,99,Not used since 1999,Y,,1999-12-31,APPROVED,',
  `${HOSTILE},21,=HYPERLINK("x"),N,31/12/2020,,DRAFT,`.replace('=HYPERLINK("x")', '"=HYPERLINK(""x"")"'),
];
const MET: CodesMet = {
  uses: [
    {
      targetTable: 'LOAD_SPELL',
      targetField: 'ADMISSION_METHOD',
      rowSet: 'main',
      line: 12,
      sourceTable: 'ADMISSIONS',
      sourceField: 'ADM_MTH',
      dated: true,
    },
  ],
  met: [
    { use: 0, code: 'EW', day: '2020-01-01', rows: 812 },
    { use: 0, code: 'EB', day: '2020-01-01', rows: 40 },
    { use: 0, code: 'AE', day: '2020-01-01', rows: 1204 },
    { use: 0, code: 'ZZ', day: '2020-01-01', rows: 7 },
    { use: 0, code: HOSTILE, day: '2020-01-01', rows: 1 },
  ],
  notSeen: [],
};

/** The extension's side: a real sheet over a text that edits change. */
class Document {
  text: string;
  readonly sheet: CrosswalkSheet;
  #review: PlanReview = { who: 'Ann', owner: '', mayNotDecide: null, author: (code) => (code === 'EB' ? 'Ann' : '') };

  constructor(lines: readonly string[], met: CodesMet | null = MET) {
    this.text = `${[HEADER, ...lines].join('\r\n')}\r\n`;
    this.sheet = new CrosswalkSheet(this.text, 1);
    this.sheet.take(met);
  }

  get answers(): Answers {
    return {
      lines: ({ query, offset, limit }: { query: LineQuery; offset: number; limit: number }) => ({
        ...this.sheet.linePage(query, offset, limit),
        canEdit: true,
      }),
      facts: () => this.facts(),
      plan: (ask: { selection: LineSelection; set: LineValues }) =>
        this.sheet.plan(ask.selection, ask.set, this.#review),
      edit: (ask: { selection: LineSelection; set: LineValues }) =>
        this.#apply(this.sheet.plan(ask.selection, ask.set, this.#review)),
      map: (ask: { lines: { sourceCode: string; targetCode: string }[] }) =>
        this.#apply(this.sheet.planLines(ask.lines)),
      openText: () => ({}),
      openContract: () => ({}),
    };
  }

  facts(): CrosswalkFacts {
    return {
      name: 'admission_method',
      entry: {
        rowPolicy: 'hold',
        safetyCritical: true,
        eventDates: [{ table: 'ADMISSIONS', column: 'ADM_DT' }],
        title: 'Admission method',
        codeSet: 'admission_method',
        owner: 'Data Quality Lead',
      },
      safetyCritical: true,
      uses: MET.uses,
      sourceDir: 'mock_data/source',
      coverage: this.sheet.coverage(500),
      notSeen: [],
      targets: [
        { code: '11', description: 'Elective Admission: Waiting list' },
        { code: '12', description: 'Elective Admission: Booked' },
        { code: '13', description: 'Elective Admission: Planned' },
        {
          code: '21',
          description:
            'Emergency Admission: Emergency Care Department or dental casualty department of the Health Care Provider',
        },
        { code: '2D', description: 'Emergency Admission: Other means' },
      ],
    };
  }

  #apply(plan: SheetPlan) {
    if (plan.edits.length === 0) throw new Error(plan.refused[0]?.reason ?? 'Nothing changes.');
    this.sheet.change(plan.edits, this.sheet.version + 1);
    this.text = this.sheet.text;
    return { message: `${plan.changed} line changed.`, refused: plan.refused.map(({ reason }) => reason) };
  }
}

describe('the crosswalk page', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  async function open(document: Document, options: PageOptions = {}): Promise<PanelPage> {
    document.sheet.mark(
      new Map([[7, [{ severity: 'warning', code: 'crosswalk-bad-date', message: 'valid_from must be a day' }]]]),
    );
    const test = await PanelPage.open(browser, 'crosswalk', document.answers, { width: 1300, height: 700, ...options });
    await test.shown();
    await test.page.locator('.coverage').waitFor();
    return test;
  }

  for (const theme of THEME_NAMES)
    it(`has no accessibility faults in ${theme}`, async () => {
      const test = await open(new Document(ADMISSIONS), { theme });
      await test.page.locator('tbody input[type=checkbox]').first().check();
      await test.page.getByLabel('Target code for ZZ').fill('2D');
      await test.page.waitForTimeout(150);
      assert.deepEqual(await test.axe(), []);
      assert.deepEqual(test.faults, []);
      await test.picture(`crosswalk-${theme}`);
      await test.page.getByRole('button', { name: 'Preview change…' }).click();
      await test.page.getByRole('dialog').waitFor();
      assert.deepEqual(await test.axe(), []);
      await test.picture(`crosswalk-preview-${theme}`);
      await test.page.close();
    });

  it('tells coverage with its denominators, and shows codes as text', async () => {
    const test = await open(new Document(ADMISSIONS));
    const { page } = test;
    assert.match(await page.locator('.coverage').innerText(), /2 of 5 codes mapped, 97\.7% of 2,064 rows/);
    assert.equal(await page.locator('img').count(), 0);
    assert.ok((await page.locator('tbody').first().innerText()).includes(HOSTILE));
    assert.match(await page.locator('.open').innerText(), /EB\s*mapped at another time\s*40\s*IN REVIEW → 13/);
    await page.getByText('2 lines that no row uses').click();
    await page.getByText('Lines 1–2 of 2 found, 6 in all').waitFor();
    await page.getByText('LOAD_SPELL.ADMISSION_METHOD').click();
    assert.deepEqual(await test.asked('openContract'), [
      { table: 'LOAD_SPELL', field: 'ADMISSION_METHOD', rowSet: '' },
    ]);
    assert.deepEqual(test.faults, []);
    await page.close();
  });

  it('maps an open code in place, keeping what else is typed', async () => {
    const document = new Document(ADMISSIONS);
    const test = await open(document);
    const { page } = test;
    await page.getByLabel('Target code for ZZ').fill('2D');
    await page.locator('.map .note', { hasText: 'Emergency Admission: Other means' }).waitFor();
    await page.getByLabel('Target code for ZZ').press('Enter');
    await page.getByText('1 line changed.').waitFor();
    await test.notify('changed', { version: document.sheet.version });
    await page.locator('.open', { hasText: 'DRAFT → 2D' }).waitFor();
    assert.ok(document.text.endsWith('\r\nZZ,2D,,,,,DRAFT,\r\n'));
    assert.deepEqual(test.faults, []);
    await page.close();
  });

  it('edits cells by keyboard, with dates, lists and refusals; filters, sorts and plans many', async () => {
    const document = new Document(ADMISSIONS);
    const test = await open(document);
    const { page } = test;
    const cell = (index: number, column: string) => page.locator(`tr[data-index="${index}"] [data-column="${column}"]`);
    await cell(0, 'target_code').focus();
    await page.keyboard.press('F2');
    assert.equal(await page.locator('td.editing input').getAttribute('list'), 'targets');
    await page.keyboard.type('2D');
    await page.keyboard.press('Enter');
    await page.getByText('1 line changed.').waitFor();
    await test.notify('changed', { version: document.sheet.version });
    await page.locator('tr[data-index="0"] .status.DRAFT').waitFor();
    await cell(1, 'valid_from').dblclick();
    assert.equal(await page.locator('td.editing input').getAttribute('type'), 'date');
    await page.locator('td.editing input').fill('2020-01-01');
    await page.keyboard.press('Enter');
    await page.locator('.message.refused', { hasText: 'end before it begins' }).waitFor();
    await page.getByLabel('Status', { exact: true }).selectOption({ label: 'IN_REVIEW (1)' });
    await page.getByText('Lines 1–1 of 1 found').waitFor();
    await page.getByLabel('Select EB').check();
    await page.getByLabel('New value').selectOption('APPROVED');
    await page.getByRole('button', { name: 'Preview change…' }).click();
    await page.getByText('Nobody approves a line that they wrote').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.getByRole('button', { name: /^Rows in data/ }).click();
    await page.getByRole('button', { name: /^Rows in data/ }).click();
    await page.locator('tbody tr').first().getByText('1,204').waitFor();
    assert.deepEqual(test.faults, []);
    await page.close();
  });

  it('pages 1,000 lines, and says what there is when there is nothing', async () => {
    const many = Array.from({ length: 1000 }, (_, at) => `C${at},11,,N,,,APPROVED,`);
    const test = await open(new Document(many));
    await test.page.getByText('Lines 1–200 of 1,000').waitFor();
    await test.page.getByRole('button', { name: 'Next' }).click();
    await test.page.getByText('Lines 201–400 of 1,000').waitFor();
    await test.page.close();
    const none = await open(new Document([]));
    await none.page.getByText('The crosswalk has no lines yet.').waitFor();
    assert.deepEqual(await none.axe(), []);
    await none.picture('crosswalk-empty');
    await none.page.close();
  });
});
