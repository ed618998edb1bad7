// npm run bench:check: how long the Problems panel's check takes for a contract of 5,000 rows, the first time and while typing.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { csvText, parseCsvText } from '../../src/core/csv/csvText.ts';
import { ARTEFACTS } from '../../src/core/project/layout.ts';
import { Checking } from '../../src/core/review/checking.ts';
import { projectProblems } from '../../src/core/review/projectProblems.ts';
import { realContext } from '../../src/host/realContext.ts';

const ROWS = 5000;
const root = await mkdtemp(join(tmpdir(), 'check-'));
try {
  for (const folder of ['schemas', 'reports']) await cp(resolve(folder), join(root, folder), { recursive: true });
  const context = realContext({
    project: root,
    threads: 1,
    signal: new AbortController().signal,
    emit: () => undefined,
  });
  const contract = context.project.at(ARTEFACTS.contract);
  const tables = context.project.at(ARTEFACTS.contractTables);
  await multiply(contract, context.project.at(ARTEFACTS.targetCatalog), tables);
  const text = await readFile(contract, 'utf8');
  const checking = new Checking(await context.openEngine());
  const times: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    const typed = text.replace(',DRAFT,', `,DRAFT,${'x'.repeat(round)}`);
    const started = performance.now();
    await projectProblems(context.project, new Map([[ARTEFACTS.contract, typed]]), checking);
    times.push(performance.now() - started);
  }
  const [first = 0, ...later] = times;
  const usual = later.sort((a, b) => a - b)[5] ?? 0;
  console.log(
    `a contract of ${text.split('\n').length - 2} rows: first check ${Math.round(first)} ms, while typing ${Math.round(usual)} ms (aim: below 200), ratio ${(usual / first).toFixed(2)}`,
  );
  await checking.engine.close();
} finally {
  await rm(root, { recursive: true, force: true });
}

/** Copies of the sample's target tables under other names, in contract, table file and catalog, until there are enough rows. */
async function multiply(...files: string[]): Promise<void> {
  const [contract = '', catalog = '', tables = ''] = files;
  const rows = parseCsvText(await readFile(contract, 'utf8'), '', []).value.records.length;
  const copies = Math.ceil(ROWS / rows);
  for (const [file, column] of [
    [contract, 'target_table'],
    [tables, 'target_table'],
    [catalog, 'table_name'],
  ] as const) {
    const { columns, records } = parseCsvText(await readFile(file, 'utf8'), '', []).value;
    const lines = Array.from({ length: copies }, (_, copy) =>
      records.map(({ cells }) =>
        columns.map((name) => {
          const value = cells[name] ?? '';
          return name === column && copy > 0 && value !== '' ? `${value}_${copy}` : value;
        }),
      ),
    ).flat();
    await writeFile(file, csvText(columns, lines.slice(0, file === contract ? ROWS : lines.length)));
  }
}
