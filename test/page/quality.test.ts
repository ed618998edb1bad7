import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Browser } from 'playwright-core';
import { readTriage } from '../../src/core/governance/triage.ts';
import { setKpi } from '../../src/core/kpis/kpiFile.ts';
import { Project } from '../../src/core/project/layout.ts';
import type { IssueFiles, IssueFilter, IssueGroups } from '../../src/core/review/issues/issueQuery.ts';
import { IssueRequests, type KpiAnswer, type QualityAsk } from '../../src/extension/issueRequests.ts';
import { HOSTILE_MESSAGE, HOSTILE_TABLE, type LargeProject, writeLargeProject } from '../support/largeProject.ts';
import { launchBrowser, type PageOptions, PanelPage, THEME_NAMES } from './panelPage.ts';

const NEVER = new AbortController().signal;
const TIME = '2026-03-02T08:00:00.000Z';

/** What the control with the focus says. */
const focusedText = (test: PanelPage): Promise<string> =>
  test.page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText ?? '');

describe('Quality page', () => {
  const root = mkdtempSync(join(tmpdir(), 'pas-quality-'));
  const project = new Project(root);
  const requests = new IssueRequests();
  let made: LargeProject;
  let browser: Browser;
  /** Questions that the extension itself answers, as they came. */
  const acted: { readonly question: string; readonly ask: Record<string, unknown> }[] = [];

  before(async function () {
    this.timeout(60_000);
    made = await writeLargeProject(root, { tables: 40, issues: 5000, rejects: 400 });
    browser = await launchBrowser();
  });
  after(async () => {
    await requests.close();
    await browser.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** The page's questions are answered by the core, on the files of the project; what opens something is noted. */
  const ask = (about: QualityAsk['about']) => async (given: object) => {
    const asked = { about, editor: 'R. Dale', ...given } as QualityAsk;
    const answer = await requests.answer(root, asked, NEVER);
    return answer;
  };
  const note = (question: string) => (given: object) => {
    acted.push({ question, ask: { ...given } });
    return {};
  };
  const answers = {
    overview: ask('overview'),
    kpis: ask('kpis'),
    files: ask('files'),
    page: ask('page'),
    facets: ask('facets'),
    groups: ask('groups'),
    plan: ask('plan'),
    decide: ask('decide'),
    undo: ask('undo'),
    detail: ask('detail'),
    openRule: note('openRule'),
    openContractRow: note('openContractRow'),
    openRow: async (given: { ordinal: number; side: 'source' | 'target' | 'evidence' }) => {
      await requests.answer(root, { about: 'row', ...given }, NEVER);
      return note('openRow')(given);
    },
    run: note('run'),
    setKpi: async ({ name, note: why, ...edit }: { name: string; note: string }) => {
      await setKpi(project, name, edit, { who: 'R. Dale', at: new Date(TIME), note: why });
      return {};
    },
    export: async (given: object) => {
      const asked = { about: 'export', ...given, path: join(root, 'out.csv') } as Extract<
        QualityAsk,
        { about: 'export' }
      >;
      return { file: 'out.csv', ...((await requests.answer(root, asked, NEVER)) as object) };
    },
  };

  const open = async (options: PageOptions = {}): Promise<PanelPage> => {
    const test = await PanelPage.open(browser, 'quality', answers, options);
    await test.shown();
    return test;
  };
  const tab = async ({ page }: PanelPage, name: string): Promise<void> => {
    await page.getByRole('tab', { name }).click();
  };
  const list = async (test: PanelPage): Promise<void> => {
    await tab(test, 'Issue Explorer');
    await test.page.locator('table.issues tbody tr').first().waitFor();
  };
  const position = ({ page }: PanelPage): Promise<string> => page.locator('.pager [role=status]').innerText();
  /** Does something that asks for the list anew, and waits until it is drawn. Returns the milliseconds it took. */
  const redraw = async ({ page }: PanelPage, act: () => Promise<unknown>): Promise<number> => {
    const before = await page.evaluate(() => Number(document.body.dataset['drawn'] ?? 0));
    await act();
    await page.waitForFunction((old) => Number(document.body.dataset['drawn'] ?? 0) > old, before, { polling: 10 });
    return page.evaluate(() => Number(document.body.dataset['took']));
  };
  const ended = async (test: PanelPage): Promise<void> => {
    assert.deepEqual(test.faults, []);
    assert.equal(await test.page.locator('img').count(), 0);
    await test.page.close();
  };

  for (const theme of THEME_NAMES)
    it(`has no accessibility faults in ${theme}`, async function () {
      this.timeout(30_000);
      const test = await open({ theme, width: 1440, height: 900 });
      await test.page.waitForTimeout(500);
      assert.deepEqual(await test.axe(), []);
      await test.picture(`quality-dashboard-${theme}`);
      await tab(test, 'KPI Widgets');
      await test.page.getByRole('button', { name: 'Edit threshold' }).first().waitFor();
      assert.deepEqual(await test.axe(), []);
      await test.picture(`quality-kpis-${theme}`);
      await list(test);
      await test.page.locator('table.issues tbody tr').nth(2).click();
      await test.page.locator('.issue-detail h2').waitFor();
      assert.deepEqual(await test.axe(), []);
      await test.picture(`quality-issues-${theme}`);
      await test.page.getByRole('button', { name: 'Decide…' }).click();
      await test.page.locator('dialog[open]').waitFor();
      assert.deepEqual(await test.axe(), []);
      await test.picture(`quality-decide-${theme}`);
      await ended(test);
    });

  it('shows what the report says, and leads to the issues behind it', async () => {
    const test = await open();
    const { page } = test;
    const figures = await page.locator('.figure').allInnerTexts();
    const of = (status: string): number => made.rules.filter((rule) => rule.status === status).length;
    assert.deepEqual(
      figures.slice(0, 3).map((text) => text.split('\n')[0]),
      [of('passed'), of('failed'), of('not_applicable')].map((number) => number.toLocaleString('en-GB')),
    );
    const errors = (made.severityCounts['ERROR'] ?? 0).toLocaleString('en-GB');
    assert.ok(
      figures.some((text) => text.startsWith(`${errors}\n`)),
      figures.join(),
    );
    const [worst] = [...made.rules]
      .filter(({ severity }) => severity === 'ERROR')
      .sort((a, b) => b.numerator - a.numerator);
    const row = page.locator('table', { hasText: 'What must hold' }).first().locator('tbody tr').first();
    assert.match(await row.innerText(), new RegExp(`^${worst?.id}\\t`));
    assert.match(
      await row.innerText(),
      new RegExp(`${worst?.numerator.toLocaleString('en-GB')} of ${worst?.denominator.toLocaleString('en-GB')}`),
    );
    assert.match(
      (await page.locator('.chart canvas').getAttribute('aria-label')) ?? '',
      /ERROR rules: from [\d,]+ rows or cells to/,
    );
    await row.getByTitle(`Issues of ${worst?.id}`).click();
    await page.locator('table.issues tbody tr').first().waitFor();
    assert.equal(
      await position(test),
      `Issues 1–100 of ${worst?.numerator.toLocaleString('en-GB')} found, 5,400 in all`,
    );
    await tab(test, 'Dashboard');
    await page.locator(`[data-key="rule-${worst?.id}"]`).click();
    assert.deepEqual(acted.at(-1), { question: 'openRule', ask: { rule: worst?.id } });
    await ended(test);
  });

  it('lists the rules behind a number, also one of another panel, and sums issues up as it is asked to', async () => {
    const test = await open();
    const { page } = test;
    const rules = page.locator('details.all-rules');
    const listed = async (words: RegExp, rows: number): Promise<void> => {
      await rules.locator('summary', { hasText: words }).waitFor();
      assert.equal(await rules.getAttribute('open'), '');
      assert.equal(await rules.locator('tbody tr').count(), rows);
    };
    const failed = made.rules.filter(({ status }) => status === 'failed');
    await page.getByTitle(/^Open: of [\d,]+ rules failed$/).click();
    await listed(new RegExp(`^${failed.length} of ${made.rules.length} rules: failed; `), failed.length);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SUMMARY');
    await page.getByRole('button', { name: 'List all rules' }).click();
    await page.getByRole('button', { name: 'List all rules' }).waitFor({ state: 'detached' });
    const domain = failed[0]?.domain ?? '';
    const own = failed.filter((rule) => rule.domain === domain);
    await page.getByTitle(`Rules of ${domain}: failed`).click();
    await listed(new RegExp(`: failed, ${domain}; `), own.length);
    await tab(test, 'KPI Widgets');
    // A key figure opens what it counts.
    const judged = made.rules.filter(({ status }) => status !== 'not_applicable').length;
    const passed = page.locator('.card', { hasText: 'Rules that passed, of those that could be judged' });
    await passed.locator('button.value').click();
    await listed(/passed or failed or could not run; /, judged);
    await tab(test, 'KPI Widgets');
    const errors = page.locator('.card', {
      has: page.getByRole('heading', { name: 'Failing rows of ERROR rules', exact: true }),
    });
    const number = await errors.locator('button.value').innerText();
    await redraw(test, () => errors.locator('button.value').click());
    assert.equal(await position(test), `Issues 1–100 of ${number} found, 5,400 in all`);
    await test.notify('wanted', {
      tab: 'dashboard',
      filter: { only: {}, text: '' },
      rules: { statuses: ['failed', 'error'], domain },
    });
    await listed(new RegExp(`failed or could not run, ${domain}; `), own.length);
    assert.deepEqual(await test.axe(), []);
    await test.picture('quality-rules');
    const only = { origin: ['quality'], rule_id: failed.slice(0, 3).map(({ id }) => id) };
    await test.notify('wanted', { tab: 'issues', filter: { only, text: '' }, grouping: 'rule_id' });
    await page.getByText('Groups 1–3 of 3').waitFor();
    await ended(test);
  });

  it('says why rejects are more lines than rejected rows, where the number of rows led here', async () => {
    const test = await open();
    const { page } = test;
    const note = page.locator('.explorer > .note');
    const narrow = async (only: IssueFilter['only']): Promise<void> => {
      await redraw(test, () => test.notify('wanted', { tab: 'issues', filter: { only, text: '' } }));
    };
    await list(test);
    await narrow({ origin: ['reject'] });
    assert.equal(await position(test), 'Issues 1–100 of 400 found, 5,400 in all');
    assert.equal(
      await note.innerText(),
      '400 reject lines, 20 rows rejected: a row has a line for each reason, and a row that was loaded without a value has one too.',
    );
    assert.deepEqual(await test.axe(), []);
    await test.picture('quality-rejects');
    const [held, loaded] = await Promise.all(
      ['ERROR', 'WARN'].map(async (severity) => {
        const filter = { only: { origin: ['reject'], severity: [severity] }, text: '' };
        const ask = { about: 'groups', filter, by: 'table_name', offset: 0, limit: 1 } as const;
        const { groups } = (await requests.answer(root, ask, NEVER)) as IssueGroups;
        return groups[0]?.label ?? '';
      }),
    );
    await narrow({ origin: ['reject'], table_name: [loaded ?? ''] });
    assert.match(await note.innerText(), /^10 reject lines, 0 rows rejected: /);
    await narrow({ origin: ['reject'], table_name: [held ?? ''] });
    assert.equal(await note.innerText(), '', 'as many lines as rows');
    await narrow({ origin: ['reject'], severity: ['ERROR'] });
    assert.equal(await note.innerText(), '', 'the number of rows is not known');
    await ended(test);
  });

  it('filters, counts, sorts, turns pages, groups and searches', async function () {
    this.timeout(20_000);
    const test = await open();
    const { page } = test;
    await list(test);
    assert.equal(await position(test), 'Issues 1–100 of 5,400');
    await redraw(test, () => page.getByRole('button', { name: 'Last' }).click());
    assert.equal(await position(test), 'Issues 5,301–5,400 of 5,400');
    await redraw(test, () => page.getByLabel('Severity', { exact: true }).selectOption('=WARN'));
    const warnings = (made.severityCounts['WARN'] ?? 0) + 400 - 20;
    assert.equal(await position(test), `Issues 1–100 of ${warnings.toLocaleString('en-GB')} found, 5,400 in all`);
    // Counts of the other filters follow.
    await page.waitForFunction((wanted) => {
      const options = [...document.querySelectorAll('select[data-facet="domain"] option')].slice(1);
      const sum = options.reduce(
        (all, option) => all + Number(/\(([\d,]+)\)$/.exec(option.textContent ?? '')?.[1]?.replaceAll(',', '')),
        0,
      );
      return sum === wanted;
    }, warnings);
    await redraw(test, () => page.getByRole('button', { name: 'Table and field' }).click());
    assert.equal(await page.locator('th.table').getAttribute('aria-sort'), 'ascending');
    await redraw(test, () => page.getByLabel('Group by').selectOption('cause'));
    assert.match(await position(test), /^Groups 1–\d+ of \d+/);
    const first = page.locator('.list tbody tr').first();
    const rows = (await first.locator('td').first().innerText()).trim();
    await redraw(test, () => first.getByTitle('Show these issues').click());
    assert.match(await position(test), new RegExp(` of ${rows} found`));
    await page.locator('.chip', { hasText: 'One cause' }).waitFor();
    await redraw(test, () => page.getByRole('button', { name: 'Clear filters' }).click());
    await redraw(test, () => page.getByLabel('Search the issues').fill('onerror=alert(2)'));
    assert.match(await position(test), /^Issues 1–1 of 1 found/);
    // Marks that would turn the text around are spelt out.
    assert.equal(await page.locator('td.message').innerText(), HOSTILE_MESSAGE.replace('\u202e', '[U+202E]'));
    await redraw(test, () => page.getByLabel('Search the issues').fill('nothing holds this'));
    await page.getByText('No issue fits the filters').waitFor();
    await redraw(test, () => page.getByRole('button', { name: 'Clear filters' }).first().click());
    await redraw(test, () => page.getByLabel('Table', { exact: true }).selectOption(`=${HOSTILE_TABLE}`));
    assert.match(await page.locator('td.table').first().innerText(), /^<img src=x onerror=alert\(1\)>\./);
    await ended(test);
  });

  it('says in words what a filter of several values keeps, the first ones of many', async () => {
    const test = await open();
    const { page } = test;
    await list(test);
    const tables = Array.from({ length: 27 }, (_, index) => `LOAD_${index}`);
    const only = {
      origin: ['migration', 'reject'],
      disposition: ['', 'fix_source', 'fix_mapping'],
      table_name: tables,
      due_date: [''],
    };
    await redraw(test, () => test.notify('wanted', { tab: 'issues', filter: { only, text: '' } }));
    const chips = page.locator('.chip bdi');
    const words = [
      'Found by: Migration checks, Rejects',
      'Table: LOAD_0, LOAD_1, LOAD_2, LOAD_3, LOAD_4 and 22 more',
      'Disposition: (none), Fix in the source, Fix the mapping',
      'Due date: (none)',
    ];
    assert.deepEqual(await chips.allInnerTexts(), words);
    assert.equal(await chips.nth(1).getAttribute('title'), `Table: ${tables.join(', ')}`);
    for (const text of words)
      await page.getByRole('button', { name: `Drop the filter ${text}`, exact: true }).waitFor();
    assert.deepEqual(await test.axe(), []);
    await redraw(test, () => page.getByRole('button', { name: /^Drop the filter Table/ }).click());
    assert.equal(await chips.count(), 3);
    await ended(test);
  });

  it('draws the newest answer of each question, however late an older one comes', async function () {
    this.timeout(30_000);
    type Ask = { filter: IssueFilter };
    const LATE = 700;
    const late = async (about: 'facets' | 'page' | 'detail', given: object, slow: boolean): Promise<unknown> => {
      const answer = await requests.answer(root, { about, ...given } as QualityAsk, NEVER);
      if (slow) await new Promise((done) => setTimeout(done, LATE));
      return answer;
    };
    const severity = ({ filter }: Ask): string => filter.only.severity?.[0] ?? '';
    let clicked = 0;
    const test = await PanelPage.open(browser, 'quality', {
      ...answers,
      page: (ask: Ask) => late('page', ask, ask.filter.text === 'late'),
      facets: (ask: Ask) => late('facets', ask, severity(ask) === 'WARN'),
      // As the extension does when a newer question stops an older one.
      detail: async (ask: { ordinal: number }) => {
        clicked += 1;
        const first = clicked === 1;
        const answer = await late('detail', ask, first);
        if (first) throw new Error('Cancelled.');
        return answer;
      },
    });
    await test.shown();
    const { page } = test;
    await list(test);
    const choose = (value: string) => page.getByLabel('Severity', { exact: true }).selectOption(`=${value}`);
    /** What the filters below say there is, and what the list says. */
    const counted = (): Promise<number> =>
      page.evaluate(() =>
        [...document.querySelectorAll('select[data-facet="domain"] option')]
          .slice(1)
          .reduce(
            (all, option) => all + Number(/\(([\d,]+)\)$/.exec(option.textContent ?? '')?.[1]?.replaceAll(',', '')),
            0,
          ),
      );
    const found = async (): Promise<number> =>
      Number((/of ([\d,]+) found/.exec(await position(test))?.[1] ?? '').replaceAll(',', ''));
    await redraw(test, () => choose('WARN'));
    await redraw(test, () => choose('ERROR'));
    await page.waitForTimeout(LATE * 1.5);
    await redraw(test, () => page.getByRole('button', { name: 'Next' }).click());
    assert.equal(await counted(), await found());
    // A page that is turned while the counts are on their way does not lose them.
    await redraw(test, () => choose('WARN'));
    const warnings = await found();
    await redraw(test, () => page.getByRole('button', { name: 'Next' }).click());
    await page.waitForTimeout(LATE * 1.5);
    assert.equal(await counted(), warnings);
    const search = page.getByLabel('Search the issues');
    await search.fill('late');
    await page.waitForTimeout(300);
    await redraw(test, () => search.fill(''));
    await page.waitForTimeout(LATE * 1.5);
    assert.equal(await counted(), await found());
    await page.locator('table.issues tbody tr').nth(1).click();
    await page.locator('table.issues tbody tr').nth(2).click();
    await page.locator('.issue-detail h2').waitFor();
    await page.waitForTimeout(LATE * 1.5);
    assert.equal(await page.locator('.list-message').innerText(), '');
    assert.equal(await page.locator('.issue-detail').isVisible(), true);
    await ended(test);
  });

  it('can be worked from the keyboard, and leads to rule, contract row, data and evidence', async function () {
    this.timeout(20_000);
    const test = await open();
    const { page } = test;
    await list(test);
    await page.locator('table.issues tbody tr').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press(' ');
    assert.equal(await page.locator('tr[aria-selected=true]').count(), 1);
    await page.getByRole('button', { name: 'Decide about 1 selected…' }).waitFor();
    await redraw(test, () => page.keyboard.press('PageDown'));
    assert.match(await position(test), /^Issues 101–200/);
    // A column that is sorted keeps the focus; the list is one stop of the Tab key.
    await page.getByRole('button', { name: 'Owner', exact: true }).focus();
    await redraw(test, () => page.keyboard.press(' '));
    assert.match(await focusedText(test), /^Owner ↑/);
    await page.locator('table.issues tbody tr').nth(1).focus();
    await page.keyboard.press('Tab');
    assert.match(await focusedText(test), /^(First|Next)$/);
    // On the last page there is no next one: the focus is on the way back.
    await page.getByRole('button', { name: 'Last', exact: true }).focus();
    await redraw(test, () => page.keyboard.press('Enter'));
    assert.equal(await focusedText(test), 'Previous');
    await redraw(test, () => page.keyboard.press('Enter'));
    assert.equal(await focusedText(test), 'Previous');
    await page.getByRole('button', { name: 'More filters' }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await focusedText(test), 'Fewer filters');
    await page.locator('table.issues tbody tr').nth(1).focus();
    await page.keyboard.press('Enter');
    await page.locator('.issue-detail h2').waitFor();
    for (const [name, question] of [
      ['Contract row', 'openContractRow'],
      ['Line in the evidence', 'openRow'],
    ] as const) {
      await page.locator('.issue-detail').getByRole('button', { name }).click();
      await page.waitForTimeout(300);
      assert.equal(acted.at(-1)?.question, question);
    }
    await page.getByRole('button', { name: 'Close the detail' }).click();
    assert.equal(await page.locator('.issue-detail').isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TR');
    // A table with rows: the row is found by its key, in the target and by the contract in the source.
    await redraw(test, () => page.getByLabel('Table', { exact: true }).selectOption('=LOAD_PMI_000'));
    await page.locator('table.issues tbody tr').first().click();
    for (const name of ['Target row', 'Source row']) {
      await page.locator('.issue-detail').getByRole('button', { name }).click();
      await page.waitForTimeout(500);
      assert.equal(
        acted.at(-1)?.ask['side'],
        name === 'Target row' ? 'target' : 'source',
        await page.locator('.list-message').innerText(),
      );
    }
    // Without data it says so.
    await redraw(test, () => page.getByLabel('Table', { exact: true }).selectOption('=LOAD_REF_011'));
    await page.locator('table.issues tbody tr').first().click();
    await page.locator('.issue-detail').getByRole('button', { name: 'Target row' }).click();
    await page.locator('.list-message .problem', { hasText: 'LOAD_REF_011.csv: not found' }).waitFor();
    await ended(test);
  });

  it('closes the detail with Escape, and stands on the first row when it is opened by a number', async () => {
    const test = await open();
    const { page } = test;
    const want = (only: IssueFilter['only'], grouping: string | null = null): Promise<number> =>
      redraw(test, () => test.notify('wanted', { tab: 'issues', filter: { only, text: '' }, grouping }));
    const rows = page.locator('table.issues tbody tr');
    const focused = (): Promise<number> =>
      rows.evaluateAll((all) => all.indexOf(document.activeElement as HTMLElement));
    await want({ severity: ['ERROR'] });
    assert.equal(await focused(), 0);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.locator('.issue-detail h2').waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.issue-detail').isVisible(), false);
    assert.equal(await page.locator('tr.is-shown').count(), 0);
    assert.equal(await focused(), 2);
    // Where the person is at a control of the page, they stay there.
    await page.getByLabel('Search the issues').focus();
    await want({ severity: ['WARN'] });
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'INPUT');
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await want({}, 'rule_id');
    assert.equal(
      await page.evaluate(() => document.activeElement?.closest('.list tbody tr')?.matches(':first-child')),
      true,
    );
    await ended(test);
  });

  it('records decisions about what is selected and about all that is found, after saying how many', async function () {
    this.timeout(20_000);
    const test = await open();
    const { page } = test;
    await list(test);
    await redraw(test, () => page.getByLabel('Domain', { exact: true }).selectOption('=MH'));
    const found = Number((/of ([\d,]+) found/.exec(await position(test))?.[1] ?? '').replaceAll(',', ''));
    await page.getByRole('button', { name: `Decide about all ${found.toLocaleString('en-GB')} found…` }).click();
    const dialog = page.locator('dialog[open]');
    assert.match(await dialog.locator('.preview').innerText(), /whole cause/);
    await dialog.getByRole('button', { name: /^Record for/ }).click();
    await dialog.getByText('Choose a disposition').waitFor();
    await dialog.getByLabel('Disposition').selectOption('fix_source');
    await dialog.getByLabel('Owner').fill('M. Okafor');
    await redraw(test, () => dialog.getByRole('button', { name: /^Record for/ }).click());
    await page.getByText(`${found.toLocaleString('en-GB')} issues to be fixed in the source. Undo`).waitFor();
    const { value } = await readTriage(project);
    assert.equal(
      value.reduce((sum, line) => sum + (line.decidedRows ?? 1), 0),
      found,
    );
    assert.ok(value.every(({ disposition, owner }) => disposition === 'fix_source' && owner === 'M. Okafor'));
    await redraw(test, () => page.getByLabel('Status', { exact: true }).selectOption('=decided'));
    assert.match(await position(test), new RegExp(` of ${found.toLocaleString('en-GB')} found`));
    await ended(test);
  });

  it('asks why what is wrong may stay, and tells at once who may not decide so', async function () {
    this.timeout(20_000);
    const test = await open();
    const { page } = test;
    await list(test);
    const dialog = page.locator('dialog[open]');
    const record = dialog.getByRole('button', { name: /^Record for/ });
    await redraw(test, () => page.getByLabel('Rule', { exact: true }).selectOption('=UNKNOWN_CODE'));
    await page.getByRole('button', { name: /^Decide about all/ }).click();
    await dialog.getByLabel('Disposition').selectOption('accept_with_sign_off');
    await dialog.getByText(/Nobody may accept a safety-critical reject without governance\/roles\.json/).waitFor();
    await dialog.getByLabel('Disposition').selectOption('fix_source');
    assert.equal(await dialog.getByRole('alert').isVisible(), false);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await redraw(test, () => page.getByLabel('Category', { exact: true }).selectOption('=reject'));
    await page.getByRole('button', { name: /^Decide about all/ }).click();
    await dialog.getByLabel('Disposition').selectOption('exclude');
    const sent = (await test.asked('decide')).length;
    await record.click();
    await dialog.getByText('Say why this may stay as it is: “Exclude” needs a comment.').waitFor();
    await test.picture('quality-decide-reason');
    assert.equal((await test.asked('decide')).length, sent);
    await dialog.getByLabel('Comment: why?').fill('records of the training ward');
    await redraw(test, () => record.click());
    await page.getByText(/ issues excluded\. /).waitFor();
    const { value } = await readTriage(project);
    const excluded = value.filter(({ disposition }) => disposition === 'exclude');
    assert.ok(excluded.length > 0 && excluded.every(({ comment }) => comment === 'records of the training ward'));
    await ended(test);
  });

  it('asks afresh who may decide each time it records, and keeps what was written in a dialog that was closed', async function () {
    this.timeout(20_000);
    const roles = async (name: string): Promise<void> => {
      const people = [{ name, roles: ['Clinical Safety/Assurance Reviewer'] }];
      await mkdir(join(root, 'governance'), { recursive: true });
      await writeFile(join(root, 'governance/roles.json'), JSON.stringify({ schema_version: 1, people }));
    };
    await roles('Somebody Else');
    const test = await open();
    const { page } = test;
    await list(test);
    const dialog = page.locator('dialog[open]');
    const record = dialog.getByRole('button', { name: /^Record for/ });
    const about = page.getByRole('button', { name: /^Decide about all/ });
    await redraw(test, () => page.getByLabel('Rule', { exact: true }).selectOption('=UNKNOWN_CODE'));
    await about.click();
    await dialog.getByLabel('Disposition').selectOption('accept_with_sign_off');
    await dialog.getByText(/R\. Dale .*is not listed in governance\/roles\.json/).waitFor();
    await dialog.getByLabel('Owner').fill('R. Dale');
    await dialog.getByLabel('Comment: why?').fill('asked again at booking');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await about.click();
    assert.deepEqual(
      await Promise.all(
        ['Disposition', 'Owner', 'Comment: why?'].map((label) => dialog.getByLabel(label).inputValue()),
      ),
      ['accept_with_sign_off', 'R. Dale', 'asked again at booking'],
    );
    await record.click();
    await dialog.getByText(/R\. Dale .*is not listed in governance\/roles\.json/).waitFor();
    await roles('R. Dale');
    await redraw(test, () => record.click());
    await page.getByText(/ issues? accepted\. /).waitFor();
    assert.ok((await readTriage(project)).value.some(({ comment }) => comment === 'asked again at booking'));
    // What was recorded is no draft any more.
    await about.click();
    assert.equal(await dialog.getByLabel('Comment: why?').inputValue(), '');
    await ended(test);
    await rm(join(root, 'governance/roles.json'));
  });

  it('says where decided lines went, and undoes the last decision', async function () {
    this.timeout(20_000);
    const test = await open();
    const { page } = test;
    await list(test);
    const read = async () => (await readTriage(project)).value;
    await redraw(test, () => page.getByLabel('Status', { exact: true }).selectOption('=open'));
    const before = await read();
    const where = await position(test);
    const first = page.locator('table.issues tbody tr');
    const text = await first.first().innerText();
    for (const at of [0, 1]) await first.nth(at).locator('td').first().click();
    await page.getByRole('button', { name: 'Decide about 2 selected…' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel('Disposition').selectOption('exclude');
    await dialog.getByLabel('Comment: why?').fill('a training record');
    await redraw(test, () => dialog.getByRole('button', { name: /^Record for/ }).click());
    const said = page.locator('.list-message[role=status]', {
      hasText: '2 issues excluded. The filters find them no more. Undo',
    });
    await said.waitFor();
    await test.picture('quality-decided');
    assert.equal((await read()).length, before.length + 2);
    // The button that had the focus is gone.
    await page.waitForFunction(() => document.activeElement?.textContent === 'Undo');
    await redraw(test, () => page.keyboard.press('Enter'));
    await page.locator('.list-message', { hasText: 'Undone: 2 issues stand as before.' }).waitFor();
    assert.deepEqual(await read(), before);
    assert.deepEqual([await position(test), await first.first().innerText()], [where, text]);
    assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'TR');
    await ended(test);
  });

  it('exports what is found, with formulas made harmless', async () => {
    const test = await open();
    await list(test);
    await test.page.getByRole('button', { name: 'Export to CSV…' }).click();
    await test.page.getByText('5,400 issues written to out.csv. 1 cell that a spreadsheet would run').waitFor();
    const records: Record<string, string>[] = parse(await readFile(join(root, 'out.csv')), { columns: true });
    assert.equal(records.length, 5400);
    await ended(test);
    const cancel = () => {
      throw new Error('Cancelled.');
    };
    const stopped = await PanelPage.open(browser, 'quality', { ...answers, export: cancel }, {});
    await stopped.shown();
    await list(stopped);
    await stopped.page.getByRole('button', { name: 'Export to CSV…' }).click();
    await stopped.page
      .locator('.list-message', { hasText: 'The export was cancelled; nothing was written.' })
      .waitFor();
    assert.equal(await stopped.page.locator('.list-message .problem').count(), 0);
    await ended(stopped);
  });

  it('shows key figures, and changes a threshold only with a note', async function () {
    this.timeout(20_000);
    const test = await open();
    const { page } = test;
    await tab(test, 'KPI Widgets');
    const card = page.locator('.card', { hasText: 'Rows read that were rejected' });
    assert.match(await card.innerText(), /\n0\.02%\n20 of 80,020 rows read by row sets\n/);
    assert.match(await card.innerText(), /Met\s*· threshold at most 0\.5%/);
    await card.getByRole('button', { name: 'Edit threshold' }).click();
    const dialog = page.locator('dialog[open]');
    const refused = async (label: string | RegExp, value: string, why: string): Promise<void> => {
      const field = dialog.getByLabel(label);
      const before = await field.inputValue();
      await field.fill(value);
      await dialog.getByRole('button', { name: /^(Save|Add)$/ }).click();
      await dialog.getByText(why, { exact: true }).waitFor();
      await field.fill(before);
    };
    for (const value of ['-5', '150 %'])
      await refused('Threshold in %', value, 'The threshold is a share: it must be from 0 to 100 %.');
    for (const value of ['1', '1.5', 'ten'])
      await refused(
        'Past runs in the trend',
        value,
        'The past runs in the trend must be a whole number from 2 to 200.',
      );
    await dialog.getByLabel('Threshold in %').fill('0.01');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Say why the threshold changes.').waitFor();
    await dialog.getByLabel(/^Note/).fill('agreed by the board');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await card.getByText('Missed').waitFor();
    await card.getByText('1 change of the threshold').click();
    assert.match(await card.innerText(), /0\.01%\s+R\. Dale\s+agreed by the board/);
    const edit = page.getByTitle('Edit threshold of Failing rows of ERROR rules', { exact: true });
    const errors = page.locator('.card', { has: edit });
    await errors.getByRole('button', { name: 'Edit threshold' }).click();
    await dialog.getByLabel(/^Note/).fill('agreed by the board');
    // A comma may stand between thousands; one that could be a point is not guessed at.
    for (const value of ['1,5', '1,00', '10,0000', 'ten'])
      await refused(/^Threshold$/, value, 'The threshold must be a number, such as 1,000 or 2.5.');
    await dialog.getByLabel(/^Threshold$/).fill('1,000');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await errors.getByText(/threshold at most 1,000/).waitFor();
    await page.getByText(/^Choose KPIs/).click();
    await page.getByRole('checkbox', { name: 'Rows read that were rejected' }).click();
    assert.equal(await page.locator('.cards .card', { hasText: 'Rows read that were rejected' }).count(), 0);
    await page.getByRole('button', { name: 'Add KPI…' }).click();
    await refused('What is measured', 'weather', 'Choose what is measured from the list.');
    await dialog.getByLabel('What is measured').fill('rule:VAL-01');
    await refused(
      'Title',
      'Errors',
      'There is a KPI with such a title already; give this one another, or edit that one.',
    );
    await dialog.getByLabel('Title').fill('NHS numbers again');
    await dialog.getByLabel(/^Note/).fill('agreed by the board');
    await refused('Threshold in %', '101', 'The threshold is a share: it must be from 0 to 100 %.');
    await dialog.getByLabel('Threshold in %').fill('2');
    await dialog.getByRole('button', { name: 'Add' }).click();
    assert.match(await page.locator('.card', { hasText: 'NHS numbers again' }).innerText(), /threshold at most 2%/);
    await ended(test);
  });

  it('says of a key figure what it is from, what its trend hides, and when it was measured last', async function () {
    this.timeout(20_000);
    const { kpis, ...rest } = (await requests.answer(root, { about: 'kpis' }, NEVER)) as KpiAnswer;
    const kpi = kpis.find(({ name }) => name === 'safety-critical');
    const points = (...values: number[]) => values.map((value, index) => ({ runId: `r${index}`, at: TIME, value }));
    const shown = [
      { ...kpi, name: 'a', title: 'Open ones', value: 0, status: 'met', reason: '', trend: points(0, 200, 0) },
      { ...kpi, name: 'b', title: 'Not measured', value: null, at: null, reason: 'There is none.', trend: points(0) },
      { ...kpi, name: 'c', title: 'Steady', value: 3, status: 'missed', reason: '', trend: points(3, 3) },
      { ...kpi, name: 'd', title: 'First run', value: 3, status: 'missed', reason: '', trend: [] },
    ];
    const test = await PanelPage.open(browser, 'quality', { ...answers, kpis: () => ({ ...rest, kpis: shown }) });
    await test.shown();
    await tab(test, 'KPI Widgets');
    const card = (title: string) => test.page.locator('.card', { hasText: title }).innerText();
    assert.match(await card('Open ones'), /Last 3 runs: from 0 to 0, most 200/);
    assert.match(
      await card('Open ones'),
      /Measured on the rejects and the decisions about them, .*\. Measured anew when/,
    );
    assert.match(await card('Not measured'), /There is none\.(.|\n)*Last measured .*: 0\.\n/);
    assert.doesNotMatch(await card('Not measured'), /from 0 to 0|one run/);
    assert.match(await card('Steady'), /Last 2 runs: 3 in each/);
    assert.match(await card('First run'), /No run measured it yet\./);
    await test.picture('quality-kpi-words');
    await ended(test);
  });

  it('comes back as it was, and is opened at what somebody wants to see', async () => {
    const kept = {
      project: '/projects/trust',
      page: {
        tab: 'issues',
        filter: { only: { severity: ['WARN'] }, text: '' },
        sort: { by: 'rule_id', descending: true },
        offset: 100,
      },
    };
    const test = await open({ kept });
    await test.page.locator('table.issues tbody tr').first().waitFor();
    assert.match(await position(test), /^Issues 101–200 of/);
    assert.equal(await test.page.locator('th.rule').getAttribute('aria-sort'), 'descending');
    const rule = made.rules.find(({ status }) => status === 'failed');
    await redraw(test, () =>
      test.notify('wanted', { tab: 'issues', filter: { only: { rule_id: [rule?.id] }, text: '' } }),
    );
    assert.match(await position(test), new RegExp(`of ${rule?.numerator.toLocaleString('en-GB')} found`));
    await ended(test);
  });

  it('keeps ticks and the open issue while another editor hides it, and drops them when the list is another', async function () {
    this.timeout(20_000);
    const test = await open();
    await list(test);
    const rows = ({ page }: PanelPage) => page.locator('table.issues tbody tr');
    for (const at of [0, 2]) await rows(test).nth(at).locator('td').first().click();
    await redraw(test, () => test.page.getByRole('button', { name: 'Next' }).click());
    await rows(test).nth(40).click();
    await test.page.locator('.issue-detail h2').waitFor();
    const kept = await test.kept();
    const row = await rows(test).nth(40).innerText();
    const detail = await test.page.locator('.issue-detail').innerText();
    await ended(test);

    const back = await open({ kept });
    const picked = (count: number) => back.page.getByRole('button', { name: `Decide about ${count} selected…` });
    await back.page.locator('.issue-detail h2').waitFor();
    assert.equal(await back.page.locator('.issue-detail').innerText(), detail);
    assert.equal(await back.page.locator('tr.is-shown').innerText(), row);
    assert.equal(await back.page.locator('tr.is-shown').getAttribute('tabindex'), '0');
    assert.match(await position(back), /^Issues 101–200 of/);
    await picked(2).waitFor();
    await redraw(back, () => back.page.getByRole('button', { name: 'Previous' }).click());
    assert.equal(await rows(back).nth(2).getAttribute('aria-selected'), 'true');
    assert.equal(await back.page.locator('tr[aria-selected=true]').count(), 2);
    // What was closed and left out since is kept so.
    await back.page.getByRole('button', { name: 'Close the detail' }).click();
    await rows(back).nth(2).locator('td').first().click();
    const less = await back.kept();
    await ended(back);
    const again = await open({ kept: less });
    await again.page.getByRole('button', { name: 'Decide about 1 selected…' }).waitFor();
    assert.equal(await again.page.locator('.issue-detail').isVisible(), false);
    await ended(again);

    // The places were given by a core that has ended since.
    const earlier = new IssueRequests();
    const { version } = (await earlier.answer(root, { about: 'files' }, NEVER)) as IssueFiles;
    await earlier.close();
    const { page: state } = kept as { page: { lines: object } };
    const other = await open({ kept: { ...(kept as object), page: { ...state, lines: { ...state.lines, version } } } });
    await rows(other).first().waitFor();
    await other.page.getByRole('button', { name: /^Decide about all/ }).waitFor();
    await other.page.waitForTimeout(300);
    assert.equal(await other.page.getByRole('button', { name: / selected…$/ }).count(), 0);
    assert.equal(await other.page.locator('.issue-detail').isVisible(), false);
    await ended(other);
  });

  it('says what is missing, broken, or older than the contract', async function () {
    this.timeout(20_000);
    const overview = (await requests.answer(root, { about: 'overview' }, NEVER)) as object;
    const nothing = { ...overview, report: null, runs: [], stale: [], unreadable: null };
    const notices = ['reports/x.csv:1: the header lacks issue_key.'];
    const files = {
      version: 1,
      total: 0,
      files: [],
      rejected: null,
      notices,
      notes: ['The issues file holds only the first rows.'],
    };
    const cases = [
      [{ overview: () => nothing }, 'No quality report yet', 'no quality report yet'],
      [
        { overview: () => ({ ...nothing, unreadable: 'reports/x.json cannot be used.' }) },
        'The quality report cannot be used',
        'the quality report cannot be used',
      ],
      [
        { overview: () => ({ ...overview, stale: ['The contract changed after the rules were run.'] }) },
        'This report is older than what it is about.',
      ],
      [
        {
          overview: () => {
            throw new Error('The migration core stopped.');
          },
        },
        'The migration core stopped.',
      ],
    ] as const satisfies readonly (readonly [object, string, string?])[];
    for (const [index, [more, text, title]] of cases.entries()) {
      const test = await PanelPage.open(browser, 'quality', { ...answers, ...more }, {});
      await test.shown();
      await test.page.getByText(text).first().waitFor();
      if (title !== undefined) await test.page.getByText(`· ${title}`).waitFor();
      assert.deepEqual(await test.axe(), []);
      await test.picture(`quality-state-${index}`);
      await test.page.close();
    }
    const test = await PanelPage.open(
      browser,
      'quality',
      { ...answers, files: () => files, page: () => ({ version: 1, total: 0, found: 0, rows: [], ofRows: null }) },
      {},
    );
    await test.shown();
    await tab(test, 'Issue Explorer');
    await test.page.getByText('reports/x.csv:1: the header lacks issue_key.').waitFor();
    await test.page.getByText('No issue files yet').waitFor();
    await test.page.getByText('holds only the first rows').waitFor();
    await ended(test);
  });

  it('fits a narrow editor', async () => {
    const test = await open({ width: 600, height: 900 });
    await test.page.waitForTimeout(400);
    const wide = () => test.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok((await wide()) <= 0, `${await wide()} px too wide`);
    await test.picture('quality-dashboard-narrow');
    await tab(test, 'KPI Widgets');
    await test.picture('quality-kpis-narrow');
    await list(test);
    await test.page.locator('table.issues tbody tr').first().click();
    await test.page.locator('.issue-detail h2').waitFor();
    assert.ok((await wide()) <= 0, `${await wide()} px too wide`);
    await test.picture('quality-issues-narrow');
    const shades = await test.page
      .locator('.grid-scroll')
      .evaluate((grid) => [grid.scrollWidth > grid.clientWidth, getComputedStyle(grid).backgroundAttachment]);
    assert.deepEqual(shades, [true, 'local, local, scroll, scroll'], 'columns behind the edge are shown by a shade');
    await ended(test);
  });
});
