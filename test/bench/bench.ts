// npm run bench [-- --rows N --rounds N]: mock cohort, then the contract migration against plain SQL, alternating.
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadCatalog } from '../../src/core/catalog/loadCatalog.ts';
import { generateMockData } from '../../src/core/cohort/generateMockData.ts';
import { readContractText } from '../../src/core/contract/contractFile.ts';
import { readCrosswalks } from '../../src/core/crosswalk/crosswalk.ts';
import { runStage } from '../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../src/core/lifecycle/stage.ts';
import { runContractMigration } from '../../src/core/migration/runContractMigration.ts';
import { ARTEFACTS } from '../../src/core/project/layout.ts';
import { extractSpecs } from '../../src/core/spec/extractSpecs.ts';
import { realContext } from '../../src/host/realContext.ts';
import { runPlainSql } from './plainSql.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '3' } },
});
const rows = Number(values.rows);
const rounds = Number(values.rounds);
const root = await mkdtemp(join(tmpdir(), 'pas-bench-'));
const signal = new AbortController().signal;
const context = realContext({ project: root, signal, emit: () => undefined });

async function timed(label: string, work: () => Promise<string>): Promise<number> {
  const started = performance.now();
  const note = await work();
  const seconds = (performance.now() - started) / 1000;
  process.stdout.write(`${label.padEnd(22)} ${seconds.toFixed(1).padStart(7)} s  ${note}\n`);
  return seconds;
}

async function stage(definition: unknown, options: Record<string, unknown>): Promise<string> {
  const outcome = await runStage(context, definition as StageDefinition, options);
  if (outcome.status !== 'passed') throw new Error(outcome.error?.message ?? `${outcome.stage} ${outcome.status}`);
  return outcome.result?.text[0] ?? '';
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

try {
  await mkdir(join(root, 'reports'));
  for (const path of ['requirement_spec', 'schemas', ARTEFACTS.contract, ARTEFACTS.contractTables])
    await cp(path, join(root, path), { recursive: true });
  await stage(extractSpecs, {});
  await timed(`generate ${rows} patients`, () => stage(generateMockData, { rows, seed: 42 }));
  const contract = readContractText(
    await readFile(ARTEFACTS.contract, 'utf8'),
    'c',
    await readFile(ARTEFACTS.contractTables, 'utf8'),
    't',
  ).value;
  const plain = {
    ...contract,
    source: await loadCatalog(context.project, ARTEFACTS.sourceCatalog, 'source'),
    target: await loadCatalog(context.project, ARTEFACTS.targetCatalog, 'target'),
    crosswalks: (await readCrosswalks(context.project, ARTEFACTS.crosswalks)).value,
    sourceDir: join(root, ARTEFACTS.mockSource),
    outputDir: join(root, 'plain'),
  };
  const times = { contract: [] as number[], plain: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.contract.push(await timed('contract migration', () => stage(runContractMigration, { impute_mode: 'off' })));
    times.plain.push(
      await timed('plain SQL', async () => {
        const engine = await context.openEngine();
        const rejects = await runPlainSql(engine, plain);
        await engine.close();
        return `${rejects} rejects`;
      }),
    );
  }
  let different = 0;
  for (const table of plain.target.tables.keys()) {
    const [ours, theirs] = await Promise.all(
      [ARTEFACTS.targetContract, 'plain'].map((folder) => readFile(join(root, folder, `${table}.csv`))),
    );
    if (ours === undefined || theirs === undefined || !ours.equals(theirs)) different += 1;
  }
  process.stdout.write(
    `\n${plain.target.tables.size - different} of ${plain.target.tables.size} target files are byte-identical.\n`,
  );
  process.stdout.write(
    `ratio contract migration / plain SQL (medians of ${rounds}): ${(median(times.contract) / median(times.plain)).toFixed(2)} (aim: 1.3 or less)\n`,
  );
  process.stdout.write(`peak memory of the process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB\n`);
  if (different > 0) process.exitCode = 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
