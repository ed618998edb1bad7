import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import mermaid from 'mermaid';
import type { Browser } from 'playwright-core';
import type { CatalogField } from '../../src/core/catalog/catalog.ts';
import { Catalog } from '../../src/core/catalog/catalog.ts';
import type { ErdModel } from '../../src/core/erd/model.ts';
import { FIRST_SETTINGS, FIRST_TABLES } from '../../src/core/erd/view.ts';
import type { ErdContent, SavedView } from '../../src/extension/panels/erdProtocol.ts';
import { smallCatalog } from '../support/catalog.ts';
import { HOSTILE_NAMES, largeModel, modelOf } from '../unit/erd/sampleModel.ts';
import { ErdTestPage } from './erdPage.ts';
import { launchBrowser, THEME_NAMES } from './panelPage.ts';

const SHOTS = process.env['ERD_SHOTS'];

const content = (source: ErdModel | null, more: Partial<ErdContent> = {}): ErdContent => ({
  source,
  target: null,
  problems: [],
  views: [],
  ...more,
});
const small = modelOf(
  smallCatalog(
    'source',
    `
  PATIENT
    PATIENT_ID INTEGER key
    NHS_NUMBER VARCHAR
    GP_ID INTEGER ->GP.GP_ID
  GP
    GP_ID INTEGER key
    GP_NAME VARCHAR
  EPISODE
    EPISODE_ID INTEGER key
    PATIENT_ID INTEGER ->PATIENT.PATIENT_ID
  WARD_STAY
    STAY_ID INTEGER key
    EPISODE_ID INTEGER`,
  ),
);

describe('ERD page', () => {
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(() => browser.close());

  const opened: ErdTestPage[] = [];
  const open = async (...given: Parameters<typeof ErdTestPage.open> extends [Browser, ...infer R] ? R : never) => {
    const page = await ErdTestPage.open(browser, ...given);
    opened.push(page);
    return page;
  };
  afterEach(async () => {
    for (const { page, faults } of opened.splice(0)) {
      await page.close();
      assert.deepEqual(faults, []);
    }
  });

  it('draws a small schema with mermaid and says so', async () => {
    const test = await withPage(content(small));
    const { page } = test;
    assert.match(await test.status(), /^4 of 4 tables · 3 links, 1 inferred · drawn by mermaid/);
    assert.deepEqual((await page.locator('.erd-mermaid g.label.name').allTextContents()).sort(), [
      'EPISODE',
      'GP',
      'PATIENT',
      'WARD_STAY',
    ]);
    await page.getByLabel('Drawing').selectOption('boxes');
    await page.locator('.erd-table').first().waitFor();
    assert.equal(await page.locator('.erd-table').count(), 4);
    assert.equal(await page.locator('.erd-link').count(), 3);
    assert.equal(await page.locator('.erd-link.inferred').count(), 1);
  });

  it('shows more or less of a table, and declared or inferred links', async () => {
    const test = await withPage(content(small), { renderer: 'boxes' });
    const rows = (): Promise<number> => test.page.locator('.erd-table .column').count();
    assert.equal(await rows(), 7);
    await test.redraw(() => test.page.getByLabel('Show', { exact: true }).selectOption('all'));
    assert.equal(await rows(), 9);
    await test.redraw(() => test.page.getByLabel('Show', { exact: true }).selectOption('names'));
    assert.equal(await rows(), 0);
    await test.redraw(() => test.page.getByLabel('Inferred', { exact: true }).uncheck());
    assert.match(await test.status(), /2 links, 0 inferred/);
    await test.redraw(() => test.page.getByRole('button', { name: 'Back' }).click());
    assert.match(await test.status(), /3 links, 1 inferred/);
  });

  it('finds a table and shows it with its neighbours, from the keyboard', async () => {
    const test = await withPage(content(largeModel(1000)));
    const { page } = test;
    assert.match(await test.status(), new RegExp(`^${FIRST_TABLES} of 1,000 tables`));
    await page.locator('.canvas').focus();
    await page.keyboard.press('/');
    await page.keyboard.type('table 0815');
    await page.locator('.results li').first().waitFor();
    assert.equal(await page.locator('.results .name').first().textContent(), 'REF_TABLE_0815');
    await page.keyboard.press('ArrowDown');
    await test.redraw(() => page.keyboard.press('Enter'));
    assert.match(await test.status(), /^[2-5] of 1,000 tables/);
    assert.equal(await page.locator('.details h2').textContent(), 'REF_TABLE_0815');
    assert.equal(await page.getByLabel('Hops').inputValue(), '1');
    const before = Number.parseInt(await test.status(), 10);
    await test.redraw(() => page.getByLabel('Hops').selectOption('2'));
    assert.ok(Number.parseInt(await test.status(), 10) > before);
    await page.locator('.canvas').focus();
    await page.keyboard.press('Shift+ArrowUp');
    await page.keyboard.press('Shift+ArrowLeft');
    assert.notEqual(await page.locator('.details h2').textContent(), '');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.details').isVisible(), false);
  });

  it('filters by domain and says when nothing is left', async () => {
    const test = await withPage(content(largeModel(60)));
    const { page } = test;
    await test.redraw(() => page.getByLabel('Tables', { exact: true }).selectOption('all'));
    await test.redraw(() => page.locator('.domains label', { hasText: 'PMI' }).locator('input').uncheck());
    assert.match(await test.status(), /^54 of 60 tables/);
    await page.getByRole('button', { name: 'None' }).click();
    assert.match((await page.locator('.notice').textContent()) ?? '', /No table to show/);
    await test.redraw(() => page.getByRole('button', { name: 'Start anew' }).click());
    assert.match(await test.status(), new RegExp(`^${FIRST_TABLES} of 60 tables`));
  });

  it('keeps place, scale and filter through a redraw, a change of the files and a reload', async () => {
    const model = largeModel(80);
    const test = await withPage(content(model), { renderer: 'boxes', selected: 'ADT_TABLE_0001' });
    const { page } = test;
    await page.locator('.canvas').focus();
    for (const key of ['+', '+', 'ArrowLeft', 'ArrowUp']) await page.keyboard.press(key);
    await page.waitForTimeout(100);
    const place = async (): Promise<{ x: number; y: number }> => {
      const box = await page.locator('.erd-table.is-selected .outline').boundingBox();
      assert.ok(box !== null);
      return { x: Math.round(box.x), y: Math.round(box.y) };
    };
    await page.getByRole('button', { name: 'Zoom in' }).click();
    // On a busy machine the last step of the zoom may still be to come.
    let before = await place();
    for (let again: typeof before | null = null; JSON.stringify(again) !== JSON.stringify(before); ) {
      again = before;
      await page.waitForTimeout(300);
      before = await place();
    }
    await test.redraw(() => page.getByLabel('Hops').selectOption('1'));
    assert.deepEqual(await place(), before);
    await test.redraw(() => page.getByLabel('Show', { exact: true }).selectOption('all'));
    assert.deepEqual(await place(), before);
    const changed = { ...model, tables: model.tables.slice(0, 70) };
    await test.redraw(() =>
      test.send(
        content({
          ...changed,
          links: changed.links.filter(({ from }) => changed.tables.some(({ name }) => name === from)),
        }),
      ),
    );
    assert.deepEqual(await place(), before);
    assert.equal(await page.getByLabel('Hops').inputValue(), '1');
    const kept = await test.kept();
    const again = await open(content(model), { kept });
    await again.drawn();
    assert.deepEqual((await again.kept())['position'], kept['position']);
    assert.equal(await again.page.getByLabel('Show', { exact: true }).inputValue(), 'all');
  });

  it('draws and searches 1,000 tables; the times are printed (aims: first view 1,000 ms, search 200 ms)', async () => {
    const test = await open(null);
    const { page } = test;
    const drawn = page.evaluate(async () => {
      const began = await new Promise<number>((done) =>
        window.addEventListener('message', ({ data }) => data.type === 'answer' && done(performance.now())),
      );
      while (document.querySelector('.page[data-drawn]') === null) await new Promise((done) => setTimeout(done, 5));
      return Math.round(performance.now() - began);
    });
    await test.send(content(largeModel(1000)));
    const first = await drawn;
    const search = await page.evaluate(async () => {
      const input = document.querySelector<HTMLInputElement>('#search');
      const times: number[] = [];
      for (const text of ['t', 'ta', 'column_2', 'pmi 0010']) {
        const began = performance.now();
        if (input !== null) input.value = text;
        input?.dispatchEvent(new Event('input'));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        times.push(performance.now() - began);
      }
      return Math.max(...times);
    });
    const all = await test.redraw(() => page.getByLabel('Tables', { exact: true }).selectOption('all'));
    const columns = await test.redraw(() => page.getByLabel('Show', { exact: true }).selectOption('all'));
    await page.getByRole('button', { name: 'Fit the whole diagram in' }).click();
    await page.waitForTimeout(300);
    const frame = (): Promise<number> =>
      page.evaluate(async () => {
        const canvas = document.querySelector('.canvas');
        const times: number[] = [];
        for (let step = 0; step < 12; step += 1) {
          const began = performance.now();
          canvas?.dispatchEvent(new KeyboardEvent('keydown', { key: step % 2 === 0 ? '+' : 'ArrowLeft' }));
          await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          times.push(performance.now() - began);
        }
        return Math.round(times.sort((a, b) => a - b)[6] ?? 0);
      });
    const far = await frame();
    const seen = await page.locator('.erd-table').count();
    await page.getByRole('button', { name: 'Fit the whole diagram in' }).click();
    for (let step = 0; step < 15; step += 1) await page.getByRole('button', { name: 'Zoom in' }).click();
    const near = await frame();
    const links = await page.locator('.erd-link').evaluateAll((all) => ({
      // Long curves out of sight cost a browser as much as those in sight, and their dashes seconds.
      painted: all.filter((path) => getComputedStyle(path).display !== 'none').length,
      all: all.length,
      dashed: all.filter((path) => path.matches('.long') && getComputedStyle(path).strokeDasharray !== 'none').length,
    }));
    console.log(
      `      1,000 tables: first view ${first} ms, search ${Math.round(search)} ms, all names ${all} ms, all columns ${columns} ms, a move ${far} ms with ${seen} tables in sight, ${near} ms near`,
    );
    assert.ok(links.painted > 0 && links.painted < links.all / 2, `${links.painted} of ${links.all} links are painted`);
    assert.equal(links.dashed, 0);
    assert.ok(seen > 100, `${seen} tables are in sight`);
  });

  it('exports SVG, PNG and mermaid text', async () => {
    for (const renderer of ['mermaid', 'boxes']) {
      const test = await withPage(content(small), { renderer });
      const { page } = test;
      await page.getByRole('button', { name: 'Export as SVG' }).click();
      const svg = (await test.asked<{ data: string }>('export')).data;
      assert.match(svg, /^<\?xml[\s\S]*<svg xmlns[\s\S]*PATIENT[\s\S]*<\/svg>\n$/);
      assert.doesNotMatch(svg, /var\(--|<script|foreignObject/);
      const wellFormed = await page.evaluate(
        (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null,
        svg,
      );
      assert.ok(wellFormed);
      await page.getByRole('button', { name: 'Export as PNG' }).click();
      await page.waitForFunction(() => JSON.stringify((window as never as { sent: unknown }).sent).includes('"png"'));
      const png = Buffer.from((await test.asked<{ data: string }>('export')).data, 'base64');
      assert.equal(png.subarray(1, 4).toString(), 'PNG');
      assert.ok(png.readUInt32BE(16) > 300 && png.length > 4000);
      await page.getByRole('button', { name: 'Export as mermaid text' }).click();
      await page.waitForFunction(() =>
        JSON.stringify((window as never as { sent: unknown }).sent).includes('"mermaid"'),
      );
      assert.equal((await mermaid.parse((await test.asked<{ data: string }>('export')).data)).diagramType, 'er');
    }
  });

  it('saves, opens and deletes views', async () => {
    const view = {
      name: 'Two <b>',
      side: 'source' as const,
      settings: { ...FIRST_SETTINGS, roots: ['GP', 'PATIENT'] },
    };
    const test = await withPage(content(small, { views: [view] }));
    const { page } = test;
    await test.redraw(() => page.locator('.views button.row').click());
    assert.match(await test.status(), /^2 of 4 tables/);
    await page.getByLabel('Name of the new view').fill('Mine');
    await page.keyboard.press('Enter');
    const { views } = await test.asked<{ views: SavedView[] }>('saveViews');
    assert.match(await test.status(), /View Mine saved/);
    assert.deepEqual(
      views.map(({ name, settings }) => [name, settings.roots]),
      [
        ['Two <b>', ['GP', 'PATIENT']],
        ['Mine', ['GP', 'PATIENT']],
      ],
    );
    await page.getByRole('button', { name: 'Delete view Two <b>' }).click();
    assert.deepEqual(
      (await test.asked<{ views: SavedView[] }>('saveViews')).views.map(({ name }) => name),
      ['Mine'],
    );
  });

  it('replaces a view of the same name only when the button says so', async () => {
    const mine = { name: 'Mine', side: 'source' as const, settings: { ...FIRST_SETTINGS, roots: ['GP'] } };
    const test = await withPage(content(small, { views: [mine] }));
    const name = test.page.getByLabel('Name of the new view');
    await name.fill('Mine again');
    assert.equal(await test.page.getByRole('button', { name: 'Replace' }).count(), 0);
    await name.fill(' Mine ');
    await test.page.getByText('A view has this name').waitFor();
    await test.page.getByRole('button', { name: 'Replace' }).click();
    const { views } = await test.asked<{ views: SavedView[] }>('saveViews');
    assert.deepEqual(
      views.map((view) => [view.name, view.settings.roots]),
      [['Mine', FIRST_SETTINGS.roots]],
    );
    assert.match(await test.status(), /View Mine replaced/);
    assert.equal(await test.page.getByText('A view has this name').count(), 0);
  });

  it('shows the whole of another kind of drawing and of a saved view, wherever it looked before', async () => {
    const model = largeModel(30);
    const roots = [model.tables[7]?.name ?? ''];
    const far = { name: 'Far', side: 'source' as const, settings: { ...FIRST_SETTINGS, roots } };
    const test = await withPage(content(model, { views: [far] }), { renderer: 'boxes' }, { roots: 'all' });
    const { page } = test;
    const inSight = () =>
      page.evaluate(() => {
        const room = document.querySelector('.canvas')?.getBoundingClientRect() ?? new DOMRect();
        const drawing = document.querySelector('.canvas > svg > g')?.getBoundingClientRect() ?? new DOMRect();
        const offset = (drawing.left + drawing.right - room.left - room.right) / 2;
        return {
          inside: drawing.left >= room.left - 1 && drawing.right <= room.right + 1,
          centred: Math.abs(offset) < 2,
          scale: Number(
            /scale\(([\d.]+)/.exec(document.querySelector('.canvas > svg > g')?.getAttribute('transform') ?? '')?.[1],
          ),
        };
      });
    await page.locator('.canvas').focus();
    for (const key of ['-', '-', '-', '-', '-', '-', 'ArrowLeft', 'ArrowLeft']) await page.keyboard.press(key);
    await test.redraw(() => page.getByLabel('Drawing').selectOption('mermaid'));
    const mermaidLook = await inSight();
    assert.ok(mermaidLook.scale >= 0.6 || (mermaidLook.inside && mermaidLook.centred), JSON.stringify(mermaidLook));
    for (const key of ['-', '-', '-', '-', '-', '-']) await page.keyboard.press(key);
    await test.redraw(() => page.locator('.views button.row').click());
    assert.deepEqual(await inSight(), { inside: true, centred: true, scale: 1 });
  });

  it('says that a catalog gave no table, and why', async () => {
    const long = `schemas/source_schema_catalog.csv:1: a quoted value is not closed; ${'mend the quoting '.repeat(20)}END`;
    const empty = { ...small, tables: [], links: [] };
    const test = await open(content(empty, { problems: [long] }));
    await test.page.getByText(/END$/).waitFor();
    await test.page.getByRole('heading', { name: 'The source catalog gave no table' }).waitFor();
    await test.page.getByText('stands above and in the Problems panel').waitFor();
    await test.page.getByRole('button', { name: 'Open catalog' }).click();
    assert.deepEqual(await test.asked('reveal'), { side: 'source', table: null });
    await test.send(content(empty));
    await test.page.getByText('It lists no field').waitFor();
  });

  it('keeps every control in sight in a narrow panel', async () => {
    const test = await open(content(largeModel(30)), { width: 400, kept: { listShown: false } });
    await test.drawn();
    const cut = await test.page.evaluate(() =>
      [...document.querySelectorAll('.toolbar select, .toolbar button, .toolbar input, .toolbar label')]
        .filter((control) => control.getBoundingClientRect().right > window.innerWidth)
        .map((control) => control.outerHTML.slice(0, 80)),
    );
    assert.deepEqual(cut, []);
  });

  it('draws a long or a wide drawing in the middle of its minimap', async () => {
    const test = await open(content(largeModel(30)));
    await test.drawn();
    const ink = await test.page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('.minimap canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height);
      if (pixels === undefined) throw new Error('no minimap');
      const { width, height, data } = pixels;
      const [xs, ys]: [number[], number[]] = [[], []];
      for (let at = 0; at < width * height; at++)
        if ((data[at * 4 + 3] ?? 0) > 0) {
          xs.push(at % width);
          ys.push(Math.floor(at / width));
        }
      return { xs, ys, width, height };
    });
    for (const [places, end] of [
      [ink.xs, ink.width],
      [ink.ys, ink.height],
    ] as const) {
      const [least, most] = places.reduce(([a, b], one) => [Math.min(a, one), Math.max(b, one)], [end, 0]);
      const [before, after] = [least / end, (end - most) / end];
      assert.ok(Math.abs(before - after) < 0.12, `the boxes leave ${before} before and ${after} after them`);
    }
  });

  it('shows a table that the extension asks for, and asks the extension for its catalog lines', async () => {
    const test = await withPage(content(largeModel(100), { target: small }));
    await test.redraw(() => test.panel.notify('focus', { side: 'target', table: 'GP' }));
    assert.match(await test.status(), /^2 of 4 tables/);
    await test.page.getByRole('button', { name: 'Open catalog' }).click();
    assert.deepEqual(await test.asked('reveal'), { side: 'target', table: 'GP' });
  });

  it('says what to do when there is no schema, and what went wrong', async () => {
    const test = await open(content(null));
    await test.page.getByRole('button', { name: 'Extract Specs' }).click();
    await test.asked('extractSpecs');
    await test.send(new Error('schemas/x.csv: is not <b>UTF-8</b> text'));
    await test.page.getByText('is not <b>UTF-8</b> text').waitFor();
    await test.send(content(small, { problems: ['schemas/x.csv:3: one line is <i>wrong</i>'] }));
    await test.drawn();
    await test.page.getByText('one line is <i>wrong</i>').waitFor();
  });

  it('keeps hostile names as text everywhere', async () => {
    const fields = HOSTILE_NAMES.filter((name) => name !== '').flatMap((table) =>
      ['ID', table].map((field, index) => ({ ...hostileField, table, field, family: table, primaryKey: index === 0 })),
    );
    const model = modelOf(new Catalog('source', fields));
    const linked: ErdModel = {
      ...model,
      links: model.tables.slice(1, 12).map(({ name }) => ({
        from: name,
        fromField: name,
        to: model.tables[0]?.name ?? '',
        toField: 'ID',
        origin: 'inferred',
        score: 0.7,
        reason: '<img src=x onerror=alert(2)>',
        mandatory: false,
        unique: false,
      })),
    };
    for (const renderer of ['mermaid', 'boxes']) {
      const test = await withPage(content(linked), { renderer }, { roots: 'all', density: 'all' });
      const { page } = test;
      let dialogs = 0;
      page.on('dialog', (dialog) => {
        dialogs += 1;
        void dialog.dismiss();
      });
      await page.locator('.results button.row').first().click();
      await page.waitForTimeout(300);
      assert.equal(await page.locator('img, iframe, object, embed, foreignObject, .page script, .page a').count(), 0);
      assert.equal(dialogs, 0);
      const text = (await page.locator('.canvas svg').first().textContent()) ?? '';
      for (const part of ['onerror=alert(1)', '%%{init', '[U+202E]', '</text><script>', '#quot;', '&lt;script&gt;'])
        assert.ok(text.replace(/\s/g, '').includes(part), `${renderer}: ${part}`);
      assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /[\u202e\u200f]/);
      assert.match(await test.status(), new RegExp(renderer === 'mermaid' ? 'by mermaid' : 'as boxes'));
      if (SHOTS !== undefined) await page.screenshot({ path: join(SHOTS, `erd-hostile-${renderer}.png`) });
    }
  });

  it('does not move by itself when less motion is wanted', async () => {
    const test = await open(content(largeModel(60)), { reducedMotion: 'reduce', kept: { renderer: 'boxes' } });
    await test.drawn();
    const places = await test.page.evaluate(async () => {
      const stage = document.querySelector('.canvas > svg > g');
      const seen = new Set<string | null>();
      const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === '+');
      button?.click();
      await new Promise((done) => setTimeout(done, 100));
      [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Fit')?.click();
      seen.add(stage?.getAttribute('transform') ?? null);
      for (let frame = 0; frame < 20; frame += 1) {
        await new Promise(requestAnimationFrame);
        seen.add(stage?.getAttribute('transform') ?? null);
      }
      return seen.size;
    });
    assert.equal(places, 2);
  });

  for (const theme of THEME_NAMES)
    it(`has no accessibility faults in ${theme}`, async () => {
      for (const [name, renderer, model] of [
        ['mermaid', 'auto', small],
        ['boxes', 'boxes', largeModel(80)],
      ] as const) {
        const test = await open(
          content(model, { views: [{ name: 'Mine', side: 'source', settings: FIRST_SETTINGS }] }),
          {
            theme,
            kept: { renderer, selected: model.tables[0]?.name },
          },
        );
        await test.drawn();
        const { page } = test;
        assert.deepEqual(await test.panel.axe(), []);
        if (SHOTS !== undefined) {
          mkdirSync(resolve(SHOTS), { recursive: true });
          await page.screenshot({ path: join(SHOTS, `erd-${name}-${theme}.png`) });
        }
      }
    });

  /** A page with its first drawing. */
  async function withPage(sent: ErdContent, state: object = {}, settings: object = {}): Promise<ErdTestPage> {
    const source = { ...FIRST_SETTINGS, ...settings };
    const test = await open(sent, { kept: { side: 'source', settings: { source, target: FIRST_SETTINGS }, ...state } });
    await test.drawn();
    return test;
  }
});

const hostileField: Omit<CatalogField, 'table' | 'field' | 'family' | 'primaryKey'> = {
  ordinal: 1,
  dataType: 'VARCHAR',
  length: null,
  precision: null,
  scale: null,
  mandatory: false,
  foreignKey: null,
  codeSet: '',
  description: '',
  specFile: 'd',
  specLocation: '',
  parseConfidence: 1,
  declaredType: '',
  format: '',
  concept: '',
};
