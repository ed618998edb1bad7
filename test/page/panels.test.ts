import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import type { Difference } from '../../src/core/review/runsModel.ts';
import { type Answers, launchBrowser, type PageOptions, PanelPage, THEME_NAMES } from './panelPage.ts';
import {
  COMPARISON,
  DIFFERENCE,
  dashboardContent,
  EMPTY_DASHBOARD,
  HOSTILE,
  lifecycleContent,
  RUNS_CONTENT,
  SAFETY,
  USERS_CONTENT,
} from './samples/panelContent.ts';

const done = () => ({});
const ANSWERS: Readonly<Record<string, Answers>> = {
  dashboard: {
    content: () => dashboardContent(),
    open: done,
    run: done,
    decide: () => [{ profile: 'cutover_ready', status: 'FAIL', passed: 12, failed: ['sign_offs'], notProven: [] }],
  },
  lifecycle: { content: lifecycleContent, open: done, run: done, runStage: done, cancel: done, restore: done },
  runs: { content: () => RUNS_CONTENT, compare: () => COMPARISON, openKept: done, open: done },
  users: { content: () => USERS_CONTENT, open: done, create: done },
};
const CONTENT: Readonly<Record<string, unknown>> = {
  dashboard: dashboardContent(),
  lifecycle: lifecycleContent(),
  runs: RUNS_CONTENT,
  users: USERS_CONTENT,
};
/** What the page kept, so that everything it can show is shown. */
const KEPT: Readonly<Record<string, unknown>> = {
  runs: { project: '/projects/trust', page: { before: 'r2', after: 'r3', shown: 'r3' } },
};

describe('panels', () => {
  let browser: Browser;
  const opened: PanelPage[] = [];
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());
  afterEach(async () => {
    for (const test of opened.splice(0)) await test.page.close();
  });
  const open = async (name: string, options: PageOptions = {}, answers: Answers = {}): Promise<PanelPage> => {
    const test = await PanelPage.open(browser, name, { ...ANSWERS[name], ...answers }, options);
    opened.push(test);
    await test.shown();
    return test;
  };

  for (const name of Object.keys(ANSWERS))
    for (const theme of THEME_NAMES)
      it(`${name} has no accessibility faults and shows hostile names as text in ${theme}`, async () => {
        const test = await open(name, { theme, kept: KEPT[name], width: 1440, height: 900 });
        const { page } = test;
        // The charts are drawn after the numbers.
        await page.waitForTimeout(300);
        assert.deepEqual(await test.axe(), []);
        assert.deepEqual(test.faults, []);
        assert.equal(await page.locator('img, a[href]').count(), 0);
        // What turns the direction of text is spelt out.
        assert.ok(
          (await page.locator('main').innerText()).includes(
            '<img src=x onerror=alert(1)> javascript:alert(1) [U+202E]gnp',
          ),
        );
        await test.picture(`${name}-${theme}`);
        await page.setViewportSize({ width: 600, height: 900 });
        await page.waitForTimeout(200);
        const [wide, narrow] = await page.evaluate(() => [document.body.scrollWidth, innerWidth]);
        assert.ok(Number(wide) <= Number(narrow), `${name} is ${wide} wide in an editor of ${narrow}`);
        await test.picture(`${name}-${theme}-narrow`);
      });

  it('every panel says that no project is open, that it reads, and what went wrong, with a way to try again', async () => {
    for (const name of Object.keys(ANSWERS)) {
      let broken = true;
      const content = () => {
        if (broken) throw new Error('The contract cannot be read; build it first.');
        return CONTENT[name];
      };
      const test = await open(name, {}, { content });
      await test.page.getByText('The contract cannot be read; build it first.').waitFor();
      assert.deepEqual(await test.axe(), []);
      broken = false;
      await test.page.getByRole('button', { name: 'Try again' }).click();
      await test.page.locator('.card:visible').first().waitFor();
      await test.setProject(null);
      await test.page.getByText('No migration project is open').waitFor();
      assert.deepEqual(test.faults, []);
    }
  });

  it('the dashboard opens what is behind its numbers, by mouse and by keyboard', async () => {
    const test = await open('dashboard');
    const { page } = test;
    await page.getByRole('button', { name: '467 of 505 (92.5%)' }).click();
    await page.getByRole('row', { name: /^PMI/ }).getByRole('button', { name: '21' }).press('Enter');
    await page.getByRole('button', { name: 'No safety-critical reject is open' }).press('Space');
    await page.getByRole('button', { name: '20 open safety-critical rejects' }).press('Enter');
    await page.getByTitle('Open: rules fail').click();
    await page.getByRole('row', { name: /^PMI/ }).getByRole('button', { name: '2 of 88' }).click();
    await page.getByTitle('Open: unknown codes').click();
    await page.getByRole('button', { name: 'Compare the two runs' }).click();
    assert.deepEqual(await test.asked('open'), [
      { kind: 'contract', only: { status: ['APPROVED'] } },
      { kind: 'issues', domain: 'PMI', severity: 'ERROR', rule: null },
      { kind: 'gate', id: 'safety_critical_rejects' },
      SAFETY,
      { kind: 'rules', statuses: ['failed', 'error'], domain: null },
      { kind: 'rules', statuses: ['failed', 'error'], domain: 'PMI' },
      { kind: 'explorer', only: { origin: ['reject'], rule_id: ['UNKNOWN_CODE'] } },
      { kind: 'runs', before: 'r1', after: 'r2' },
    ]);
    await page.getByRole('button', { name: 'Decide for all profiles' }).press('Enter');
    await page.getByText(': sign_offs').waitFor();
    // The person stays where they were when the project changes.
    await page.getByRole('button', { name: '467 of 505 (92.5%)' }).focus();
    await test.notify('changed', {});
    await page.getByText(': sign_offs').waitFor({ state: 'detached' });
    assert.deepEqual(test.faults, []);
  });

  it('the dashboard of a project in which nothing was run says what to do first', async () => {
    const test = await open('dashboard', {}, { content: () => EMPTY_DASHBOARD });
    for (const text of ['The specs were not read yet', 'There is no contract yet', 'Nothing was migrated yet'])
      await test.page.getByText(text).waitFor();
    assert.deepEqual(await test.axe(), []);
    await test.picture('dashboard-empty');
  });

  it('a report that cannot be used is told at its part with its file, and no verdict stands in for it', async () => {
    const message = `reports/release_gate_report.json cannot be used. It is cut short or is no JSON. ${HOSTILE}`;
    const place = { kind: 'file', path: 'reports/release_gate_report.json', line: 7 } as const;
    const parts = ['schema', 'mapping', 'etl', 'tables', 'quality', 'gates'] as const;
    const unknown = {
      standing: 'UNKNOWN',
      decidedAt: null,
      current: false,
      passed: 0,
      failed: [],
      notProven: [],
    } as const;
    const whole = dashboardContent();
    const broken = {
      ...whole,
      schema: null,
      mapping: null,
      quality: null,
      gates: whole.gates.map((gate) => ({ ...gate, ...unknown })),
      unreadable: parts.map((part) => ({ part, message, place })),
    };
    const test = await open('dashboard', {}, { content: () => broken });
    const { page } = test;
    assert.equal(await page.getByText('This report cannot be used').count(), 5);
    assert.equal(await page.getByText('Not known').count(), 3);
    for (const text of ['The specs were not read yet', 'There is no contract yet', 'The rules did not run yet'])
      assert.equal(await page.getByText(text).count(), 0);
    await page.getByRole('button', { name: 'Open the file' }).first().click();
    assert.deepEqual(await test.asked('open'), [place]);
    assert.deepEqual(await test.axe(), []);
    await test.picture('dashboard-unreadable');
    const noRows = await open('dashboard', {}, { content: () => ({ ...broken, etl: null }) });
    assert.equal(await noRows.page.getByText('Nothing was migrated yet').count(), 0);
    const users = await open('users', {}, { content: () => ({ ...USERS_CONTENT, gatesUnknown: message }) });
    await users.page.getByText('Open gates are not known.').waitFor();
    assert.deepEqual(await users.axe(), []);
  });

  it('a roles file that cannot be read is told with its place, where owners would stand', async () => {
    const place = { kind: 'file', path: 'governance/roles.json', line: 3 } as const;
    const message = 'governance/roles.json:3:5: The file is not valid JSON; mend it here.';
    const whole = dashboardContent();
    const blockers = whole.blockers.map((blocker) => ({ ...blocker, people: [] }));
    const unreadable = [{ part: 'roles', message, place }];
    const test = await open('dashboard', {}, { content: () => ({ ...whole, blockers, unreadable }) });
    const { page } = test;
    const card = page.locator('.card', { hasText: 'What blocks promotion' }).first();
    await card.getByText('The roles file cannot be read, so owners are not known').waitFor();
    await card.getByText(message).waitFor();
    assert.equal(await card.getByText('(who is not known)').count(), blockers.length);
    assert.equal(await card.getByText('nobody named').count(), 0);
    await card.getByRole('button', { name: 'Open the file' }).click();
    assert.deepEqual(await test.asked('open'), [place]);
    assert.deepEqual(await test.axe(), []);
    await test.picture('dashboard-roles-unreadable');
  });

  it('a refusal is told to eyes and ears, and can be put away', async () => {
    const refuse = () => {
      throw new Error('reports/x.csv is not there yet. Run the stage that writes it.');
    };
    const test = await open('dashboard', {}, { open: refuse });
    await test.page.getByRole('button', { name: '467 of 505 (92.5%)' }).click();
    const notice = test.page.getByRole('alert').filter({ hasText: 'reports/x.csv is not there yet' });
    await notice.waitFor();
    await notice.getByRole('button', { name: 'Close' }).press('Enter');
    await notice.waitFor({ state: 'hidden' });
  });

  it('the lifecycle runs, reruns, restores and cancels; what runs elsewhere is shown but not cancelled', async () => {
    let now: object = { command: null, progress: null, here: false };
    const test = await open('lifecycle', {}, { content: () => ({ ...lifecycleContent(), now }) });
    const { page } = test;
    const tell = async (next: object): Promise<void> => {
      now = next;
      await test.notify('now', next);
    };
    await page.getByRole('button', { name: 'Rerun from here' }).nth(4).press('Enter');
    await page.getByRole('button', { name: 'Run this stage…' }).first().click();
    await page.getByLabel('Restore puts back').selectOption({ index: 5 });
    await page.getByRole('button', { name: 'Restore…' }).click();
    assert.deepEqual(await test.asked('run'), [{ from: 'run-contract-migration' }]);
    assert.deepEqual(await test.asked('runStage'), [{ stage: 'extract-specs' }]);
    const snapshot = '20261125T090000Z-1a2b3c4d';
    assert.deepEqual(await test.asked('restore'), [{ snapshot, stage: 'run-contract-migration' }]);
    const progress = { stage: 'run-contract-migration', item: 'LOAD_PATIENT', done: 3, total: 35, rows: 1200 };
    // A button that cannot be pressed during a run has the focus again after it.
    const said = () => page.evaluate(() => (document.activeElement as HTMLElement).innerText);
    for (const name of ['Run lifecycle…', 'Rerun from here']) {
      await page.getByRole('button', { name }).first().focus();
      await tell({ command: 'run-contract-migration', progress, here: true });
      await page.getByText('3 of 35: LOAD_PATIENT, 1,200 rows').waitFor();
      assert.notEqual(await said(), name);
      await tell({ command: null, progress: null, here: false });
      await page.getByText('3 of 35: LOAD_PATIENT, 1,200 rows').waitFor({ state: 'hidden' });
      assert.equal(await said(), name);
    }
    await tell({ command: 'run-contract-migration', progress, here: true });
    await page.getByText('3 of 35: LOAD_PATIENT, 1,200 rows').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).press('Enter');
    assert.equal((await test.asked('cancel')).length, 1);
    await tell({ command: 'run-contract-migration', progress, here: false });
    await page.getByText('it is cancelled there').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Cancel' }).count(), 0);
    await test.notify('log', { at: '2026-11-25T09:00:02Z', level: 'info', text: 'a line of the run' });
    await page.getByText('a line of the run').waitFor();
    assert.deepEqual(test.faults, []);
  });

  it('one of a thing is one', async () => {
    const { lifecycle, ...rest } = lifecycleContent();
    const stages = lifecycle.stages.slice(0, 1).map((stage) => ({ ...stage, durations: stage.durations.slice(0, 1) }));
    const { page } = await open('lifecycle', {}, { content: () => ({ ...rest, lifecycle: { ...lifecycle, stages } }) });
    await page.getByText('usually 1.2 s (1 run)').waitFor();
    await page.getByText('1 of 1 stage has run').waitFor();
    const one = { ...RUNS_CONTENT, runs: RUNS_CONTENT.runs.slice(0, 1), more: 0 };
    await (await open('runs', {}, { content: () => one })).page.getByText('1 run on record').waitFor();
  });

  it('lines of the file of runs that cannot be read are told and opened', async () => {
    const message =
      '1 line of .pas-migration/runs.jsonl could not be read (line 7); the runs of the other lines are listed.';
    const place = { kind: 'file', path: '.pas-migration/runs.jsonl', line: 7 } as const;
    const unread = { message, place };
    const test = await open('runs', {}, { content: () => ({ ...RUNS_CONTENT, unread }) });
    await test.page.getByText(message).waitFor();
    await test.page.getByRole('button', { name: 'Open the file at the line' }).press('Enter');
    assert.deepEqual(await test.asked('open'), [place]);
    assert.deepEqual(await test.axe(), []);
    await test.picture('runs-unread');
    const none = { runs: [], others: [], more: 0, moreOthers: 0, last: null, unread };
    const { page } = await open('runs', {}, { content: () => none });
    await page.getByText(message).waitFor();
    assert.equal(await page.getByText('Nothing was run yet').count(), 0);
  });

  it('a restore is told with its snapshot: by both panels, at the stages it covers, and the list shows the same names', async () => {
    const snapshot = '20261125T090000Z-1a2b3c4d';
    const { page } = await open('lifecycle');
    const told = page.getByText(/^The whole project was restored/);
    assert.match(
      await told.innerText(),
      new RegExp(`from the snapshot “.*”, made 25 Nov 2026, .* \\(${snapshot}\\)\\.$`),
    );
    assert.match(
      await page.getByRole('region', { name: 'Run data quality rules' }).innerText(),
      /Failed .*, restored /,
    );
    assert.doesNotMatch(await page.getByRole('region', { name: 'Extract specs' }).innerText(), /restored/);
    assert.match(await page.getByRole('row').filter({ hasText: 'made by hand' }).innerText(), new RegExp(snapshot));
    const dashboard = await open('dashboard');
    await dashboard.page.getByText(/^The whole project was restored by Kofi Brandt/).waitFor();
  });

  it('the lifecycle tells what changed since a snapshot: verdicts and rejects then and now', async () => {
    const verdict = {
      before: { profile: 'development', status: 'PASS' },
      after: { profile: 'development', status: 'FAIL' },
    };
    const changes = {
      ...{ title: HOSTILE, files: 36, contractRows: 0, breaking: 0, verdict, issues: [] },
      gates: [{ gate: 'row_reject_rate', before: 'PASS', after: 'FAIL' }],
      readRows: { before: 1478, after: 8064 },
      rejectedRows: { before: 0, after: 6768 },
      otherInput: true,
      rejects: [{ name: 'sex', before: 0, after: 200, added: 200, gone: 0 }],
    };
    const test = await open('lifecycle', {}, { compare: () => ({ changes }) });
    const { page } = test;
    await page.getByRole('button', { name: 'Compare' }).first().click();
    const card = page.locator('.card', { has: page.getByRole('heading', { name: /^Changed since/ }) });
    await card.waitFor();
    const text = await card.innerText();
    const note = 'The later migration read 8,064 rows, the earlier 1,478: more issues may only mean more rows.';
    const rejected = '0 of 1,478 (0%) → 6,768 of 8,064 (83.9%)';
    for (const told of ['development PASS → FAIL', rejected, note, 'row_reject_rate', '36'])
      assert.ok(text.includes(told), told);
    assert.equal(await card.getByText('Contract side by side').count(), 0);
    assert.deepEqual(await test.axe(), []);
    assert.deepEqual(test.faults, []);
    await test.picture('lifecycle-changes');
    await card.getByRole('button', { name: 'Close' }).click();
    await card.waitFor({ state: 'detached' });
  });

  it('runs are chosen, compared and opened; the choice is there again after a reload', async () => {
    const test = await open('runs');
    const { page } = test;
    await page.getByRole('button', { name: 'Compare the last two' }).press('Enter');
    await page.getByText('issues back').waitFor();
    assert.deepEqual(await test.asked('compare'), [{ before: 'r2', after: 'r3' }]);
    const row = page.getByRole('row', { name: /SAF-01/ });
    assert.match(await row.innerText(), /WARN → ERROR\s+1\s+5\s+3\s+1\s+0\s+!?✕?\s*Worse/);
    assert.deepEqual(await test.kept(), {
      project: '/projects/trust',
      page: { before: 'r2', after: 'r3', shown: null, others: false },
    });
    await page.getByRole('button', { name: 'run-product-lifecycle' }).first().click();
    await page.getByRole('button', { name: 'reports/enterprise_pipeline_issues.csv' }).click();
    assert.deepEqual(await test.asked('openKept'), [{ run: 'r3', path: 'reports/enterprise_pipeline_issues.csv' }]);
    await test.notify('show', { before: null, after: 'r2' });
    await page.getByText('run-product-lifecycle, 24 Nov 2026', { exact: false }).waitFor();
    assert.deepEqual(test.faults, []);
  });

  it('dashboard and runs say alike that two runs were judged for other profiles, and which gates differ', async () => {
    for (const test of [await open('dashboard'), await open('runs', { kept: KEPT['runs'] })]) {
      await test.page
        .getByText('The runs were judged for different profiles: development, then pre_production.')
        .waitFor();
      const gates = test.page.getByRole('table', { name: 'Gates whose verdict differs' });
      assert.match(await gates.getByRole('row').nth(1).innerText(), /row_reject_rate.*Passes.*Fails/s);
    }
  });

  it('fewer issues of fewer rows are not marked as better, in runs and dashboard alike', async () => {
    const fewer = 'The second run read 740 rows, the first 1,482: fewer issues may only mean fewer rows.';
    const less: Difference = { ...DIFFERENCE, read: [1482, 740], rejected: [100, 20], otherInput: true };
    const { changes } = dashboardContent();
    const { previous } = changes;
    assert.ok(previous !== null);
    const runs = await open('runs', { kept: KEPT['runs'] }, { compare: () => ({ ...COMPARISON, ...less }) });
    const dashboard = await open(
      'dashboard',
      {},
      {
        content: () => dashboardContent({ changes: { ...changes, previous: { ...previous, ...less } } }),
      },
    );
    for (const { page } of [runs, dashboard]) {
      await page.getByText(fewer).waitFor();
      const rejected = page
        .getByRole('table', { name: 'Rows of the two runs' })
        .getByRole('row', { name: /^Rejected/ });
      assert.match(await rejected.innerText(), /100 of 1,482 \(6\.7%\) → 20 of 740 \(2\.7%\)\s+−80/);
    }
    const causes = runs.page.getByRole('table', { name: /^Issues by cause/ });
    assert.equal(await causes.locator('.verdict.good, .verdict.bad').count(), 0);
    assert.match(await causes.innerText(), /Gone/);
    await runs.page.getByText('issues gone').waitFor();
    assert.equal(await runs.page.getByText('issues fixed').count(), 0);
    await runs.picture('runs-fewer-rows');
    await dashboard.picture('dashboard-fewer-rows');
  });

  it('runs of one minute show their seconds; other commands are listed when they are asked for', async () => {
    const test = await open('runs');
    const { page } = test;
    assert.equal(await page.getByText('kpi set').count(), 0);
    await page.getByLabel('Show the 1 other command too').click();
    await page.getByRole('row', { name: /kpi set.*Could not run/ }).waitFor();
    const text = await page.locator('main').innerText();
    assert.match(text, /24 Nov 2026, 09:00:00/);
    assert.match(text, /24 Nov 2026, 09:00:30/);
    assert.doesNotMatch(text, /25 Nov 2026, 09:00:00/);
    assert.deepEqual(await test.axe(), []);
    await test.picture('runs-others');
  });

  it('users tell what waits for a role that nobody holds, and the work opens', async () => {
    const test = await open('users');
    await test.page.getByText('Nobody is named as Information Governance Lead').waitFor();
    await test.page.getByRole('button', { name: '1 gate does not pass: patient_data' }).press('Enter');
    assert.deepEqual(await test.asked('open'), [{ kind: 'gate', id: 'patient_data' }]);
  });

  it('users see what waits for whom in a narrow editor too', async () => {
    const test = await open('users', { width: 500 });
    const waits = await test.page.getByRole('columnheader', { name: 'Waits for them' }).boundingBox();
    assert.ok(waits !== null && waits.x + waits.width < 500, `the column ends at ${waits && waits.x + waits.width} px`);
    await test.picture('users-narrow');
  });

  it('keep the focus and what was unfolded when the files change', async () => {
    const users = await open('users');
    const { page } = users;
    await page.locator('summary').first().click();
    await page.getByRole('button', { name: 'Edit roles file' }).focus();
    await users.notify('changed', {});
    await page.waitForTimeout(300);
    assert.equal(await page.locator('details[open]').count(), 1);
    assert.equal(
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText),
      'Edit roles file',
    );
  });

  it('users without a roles file are offered one; a broken file is told', async () => {
    const without = await open('users', {}, { content: () => ({ ...USERS_CONTENT, hasRoles: false, people: [] }) });
    await without.page.getByRole('button', { name: 'Write a roles file…' }).press('Enter');
    assert.equal((await without.asked('create')).length, 1);
    await without.picture('users-none');
    const problem = `governance/roles.json:3: ${HOSTILE}`;
    const broken = await open('users', {}, { content: () => ({ ...USERS_CONTENT, hasRoles: false, problem }) });
    await broken.page.getByText('governance/roles.json:3').waitFor();
    const text = await broken.page.locator('body').innerText();
    assert.match(text, /· the roles file cannot be read\n/);
    assert.doesNotMatch(text, /people in the roles file|Nobody is named as|^nobody$/m);
    await broken.page.getByRole('button', { name: 'Open the file at the place' }).press('Enter');
    assert.deepEqual(await broken.asked('open'), [USERS_CONTENT.file]);
    assert.deepEqual(await broken.axe(), []);
    await broken.picture('users-broken');
  });
});
