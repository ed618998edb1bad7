// npm run bench:mapping: accuracy of the proposed mapping over labelled pairs, with and without data, and its speed at scale.
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parse } from 'csv-parse/sync';
import { generateMockData } from '../../src/core/cohort/generateMockData.ts';
import { runStage } from '../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../src/core/lifecycle/stage.ts';
import { analyzeSemanticMapping } from '../../src/core/mapping/analyzeSemanticMapping.ts';
import { PROPOSAL_SCORE } from '../../src/core/mapping/mappingMatrix.ts';
import { profileSource } from '../../src/core/profile/profileSource.ts';
import { ARTEFACTS } from '../../src/core/project/layout.ts';
import { extractSpecs } from '../../src/core/spec/extractSpecs.ts';
import { realContext } from '../../src/host/realContext.ts';

const FOLDER = 'test/bench/labels';
type Records = Record<string, string>[];

interface Scenario {
  readonly name: string;
  readonly source: string;
  readonly target: string;
  /** Labels: `pairs_<labels>.csv` and `none_<labels>.csv`. */
  readonly labels: string;
  /** Measured again with a profile of mock data: needs the sample's crosswalks. */
  readonly data?: true;
}

const SAMPLE = 'requirement_spec/source';
const SCENARIOS: readonly Scenario[] = [
  {
    name: 'US EHR (DDL) to research model (CSV)',
    source: 'us_ehr_source.sql',
    target: 'omop_like_target.csv',
    labels: 'us_to_omop',
  },
  {
    name: 'sample PAS (XLSX) to EPR model (JSON)',
    source: SAMPLE,
    target: 'epr_fhir_like.json',
    labels: 'samplepas_to_epr',
    data: true,
  },
  {
    name: 'sample PAS (XLSX) to research model (CSV)',
    source: SAMPLE,
    target: 'omop_like_target.csv',
    labels: 'samplepas_to_omop',
    data: true,
  },
];

async function records(path: string): Promise<Records> {
  return parse(await readFile(path, 'utf8'), { columns: true, bom: true, skip_empty_lines: true }) as Records;
}

async function stage(root: string, definition: unknown, options: Record<string, unknown> = {}): Promise<void> {
  const context = realContext({ project: root, signal: new AbortController().signal, emit: () => undefined });
  const outcome = await runStage(context, definition as StageDefinition, options);
  if (outcome.error !== null) throw outcome.error;
}

async function measure(scenario: Scenario, withData: boolean): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'pas-mapping-'));
  try {
    for (const [side, spec] of [
      ['source', scenario.source],
      ['target', scenario.target],
    ] as const) {
      const folder = join(root, 'requirement_spec', side);
      await mkdir(folder, { recursive: true });
      if (spec.includes('/')) await cp(spec, folder, { recursive: true });
      else await cp(join(FOLDER, spec), join(folder, spec));
    }
    await stage(root, extractSpecs);
    if (withData) {
      for (const path of [ARTEFACTS.crosswalks, ARTEFACTS.crosswalkIndex, ARTEFACTS.codeSets])
        await cp(path, join(root, path), { recursive: true });
      await stage(root, generateMockData, { rows: 200, seed: 42 });
      await stage(root, profileSource);
    }
    await stage(root, analyzeSemanticMapping);
    return await score(root, scenario);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

async function score(root: string, scenario: Scenario): Promise<string> {
  const truth = new Map<string, Set<string>>();
  for (const pair of await records(join(FOLDER, `pairs_${scenario.labels}.csv`))) {
    const key = `${pair['target_table']}.${pair['target_field']}`;
    truth.set(key, (truth.get(key) ?? new Set()).add(`${pair['source_table']}.${pair['source_field']}`));
  }
  const none = new Set(
    (await records(join(FOLDER, `none_${scenario.labels}.csv`))).map(
      (line) => `${line['target_table']}.${line['target_field']}`,
    ),
  );
  const candidates = new Map<string, { name: string; score: number }[]>();
  for (const row of await records(join(root, ARTEFACTS.mappingMatrix))) {
    const key = `${row['target_table']}.${row['target_field']}`;
    const list = candidates.get(key) ?? [];
    if (row['source_field'] !== '')
      list.push({ name: `${row['source_table']}.${row['source_field']}`, score: Number(row['score']) });
    candidates.set(key, list);
  }
  const at = [1, 3, 5].map((depth) => {
    let hits = 0;
    for (const [key, wanted] of truth)
      if ((candidates.get(key) ?? []).slice(0, depth).some(({ name }) => wanted.has(name))) hits += 1;
    return hits / truth.size;
  });
  let proposed = 0;
  let right = 0;
  for (const [key, list] of candidates) {
    const best = list[0];
    if (best === undefined || best.score < PROPOSAL_SCORE || !(truth.has(key) || none.has(key))) continue;
    proposed += 1;
    if (truth.get(key)?.has(best.name) === true) right += 1;
    else if (process.env['MAPPING_DIFF'] === '1')
      process.stdout.write(
        `    wrong ${key} <- ${best.name} ${best.score} (${[...(truth.get(key) ?? ['nothing'])].join(', ')})\n`,
      );
  }
  if (process.env['MAPPING_DIFF'] === '2')
    for (const [key, wanted] of truth) {
      const best = candidates.get(key)?.[0];
      if (best === undefined || !wanted.has(best.name))
        process.stdout.write(`    miss ${key} <- ${best?.name} ${best?.score} (${[...wanted].join(', ')})\n`);
    }
  const share = (value: number): string => `${(100 * value).toFixed(1).padStart(5)} %`;
  return `@1 ${share(at[0] ?? 0)}  @3 ${share(at[1] ?? 0)}  @5 ${share(at[2] ?? 0)}  precision ${share(proposed === 0 ? 0 : right / proposed)} of ${proposed} proposed (labels: ${truth.size} pairs, ${none.size} without)`;
}

for (const scenario of SCENARIOS) {
  const there = await readdir(FOLDER);
  if (!there.includes(`pairs_${scenario.labels}.csv`))
    throw new Error(`${FOLDER}/pairs_${scenario.labels}.csv is missing.`);
  process.stdout.write(`${scenario.name}\n  without data  ${await measure(scenario, false)}\n`);
  if (scenario.data !== undefined) process.stdout.write(`  with data     ${await measure(scenario, true)}\n`);
}
await scale();

/** 5,400 source and 900 target columns: the sample's, repeated with other names. */
async function scale(): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'pas-mapping-'));
  try {
    const sizes: number[] = [];
    for (const [side, wanted] of [
      ['source', 5400],
      ['target', 900],
    ] as const) {
      const fields = await records(join(side === 'source' ? ARTEFACTS.sourceCatalog : ARTEFACTS.targetCatalog));
      const lines = ['Table,Field,Type,Length,Key,Description'];
      for (let round = 1; lines.length <= wanted; round += 1)
        for (const field of fields.slice(0, wanted + 1 - lines.length))
          lines.push(
            [
              `${field['table_name']}_${round}`,
              field['field_name'],
              field['data_type'],
              field['length'],
              field['primary_key'],
              `"${(field['description'] ?? '').replaceAll('"', '')} ${round}"`,
            ].join(','),
          );
      await mkdir(join(root, 'requirement_spec', side), { recursive: true });
      const { writeFile } = await import('node:fs/promises');
      await writeFile(join(root, 'requirement_spec', side, 'fields.csv'), lines.join('\n'));
      sizes.push(lines.length - 1);
    }
    await stage(root, extractSpecs);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const started = performance.now();
    await stage(root, analyzeSemanticMapping);
    delay.disable();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(
      `${sizes[0]} source x ${sizes[1]} target columns: ${seconds} s (aim: below 20), longest block of the event loop ${Math.round(delay.max / 1e6)} ms (aim: below 50)\n`,
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
