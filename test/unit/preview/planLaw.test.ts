import assert from 'node:assert/strict';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { runCommand } from '../../../src/core/lifecycle/runCommand.ts';
import type { ContractPlan } from '../../../src/core/preview/contractPlan.ts';
import { planContract } from '../../../src/core/preview/planContract.ts';
import { type TestProject, withProject } from '../../support/project.ts';
import { withSample } from '../../support/sampleProject.ts';
import { EDIT_KINDS, randomEdit, type Stock, seeded } from './randomEdits.ts';

/** `npm run test:plan-law` tries all 200; an edit takes two runs of three stages, so a test run tries few. */
const EDITS = Number(process.env['PLAN_LAW_EDITS'] ?? 6);
const SEED = Number(process.env['PLAN_LAW_SEED'] ?? 20261125);
/** For looking at some kinds of edits only. */
const KINDS = (process.env['PLAN_LAW_KINDS'] ?? EDIT_KINDS.join()).split(',');
const PROFILE = 'pre_production';

describe('the preview of a contract change', () => {
  it(`equals the later real run, for ${EDITS} random edits of the sample project (seed ${SEED})`, () =>
    withSample((base) =>
      withProject({}, async (work) => {
        const context = base.context();
        const made = await runCommand(context, 'run-product-lifecycle', {
          rows: 20,
          seed: 42,
          min_patients: 20,
          release_profile: PROFILE,
        });
        assert.equal(made.returnCode, 0, made.error ?? '');
        await cp(base.root, work.root, { recursive: true });
        const stock = await stockOf(base);
        const random = seeded(SEED);
        const told = { effects: 0, invalid: 0, rejects: 0, gates: 0, patients: 0 };
        for (let number = 0; number < EDITS; number += 1) {
          const kind = KINDS[number % KINDS.length] as string;
          const pending = randomEdit(kind, await textsOf(work, stock), random, stock);
          const name = `edit ${number} (${kind})`;
          const plan = await planContract(work.context(), pending).catch((error: Error) => error);
          assert.deepEqual(await readdir(join(work.root, '.pas-migration', 'tmp')).catch(() => []), [], name);
          const before = await outcomeOf(work);
          for (const [path, text] of pending) await work.write(path, text);
          const failure = await realRun(work);
          if (plan instanceof Error) {
            assert.equal(plan.message, failure, name);
            told.invalid += 1;
          } else {
            assert.equal(failure, null, name);
            const wanted = differenceOf(before, await outcomeOf(work));
            assert.deepEqual(toldBy(plan), wanted, name);
            assert.equal(plan.basis.before, 'current outputs', name);
            told.effects += wanted.tables.length > 0 ? 1 : 0;
            told.rejects += wanted.rejects.length > 0 ? 1 : 0;
            told.gates += wanted.gates.length > 0 ? 1 : 0;
            told.patients += wanted.patients > 0 ? 1 : 0;
          }
          // Half of the edits stand on an earlier one, so that the present has rejects too.
          if (failure !== null || random() < 0.5) await restore(base, work);
          if ((number + 1) % 20 === 0) console.log(`      ${number + 1} edits: ${JSON.stringify(told)}`);
        }
        console.log(`      ${EDITS} edits: ${JSON.stringify(told)}`);
        assert.ok(told.effects > 0 && told.gates > 0, 'no edit had an effect: nothing was shown');
      }),
    )).timeout(200 * 60_000);
});

/** The three stages as a person runs them; the sentence of the one that could not, or null. */
async function realRun(project: TestProject): Promise<string | null> {
  const runs: [string, Record<string, unknown>][] = [
    ['run-contract-migration', { impute_mode: PROFILE }],
    ['run-enterprise-pipeline', { min_patients: 20 }],
    ['run-release-gates', { profile: PROFILE }],
  ];
  for (const [command, options] of runs) {
    const { error } = await runCommand(project.context(), command, options);
    if (error !== null) return error;
  }
  return null;
}

async function restore(base: TestProject, work: TestProject): Promise<void> {
  for (const folder of ['reports', 'schemas', 'mock_data/target_contract']) {
    await rm(join(work.root, folder), { recursive: true, force: true });
    await cp(join(base.root, folder), join(work.root, folder), { recursive: true });
  }
}

async function textsOf(project: TestProject, stock: Stock): Promise<Map<string, string>> {
  const paths = ['reports/mapping_contract.csv', 'reports/mapping_contract_tables.csv', ...stock.crosswalks];
  return new Map(await Promise.all(paths.map(async (path) => [path, await project.read(path)] as const)));
}

async function stockOf(project: TestProject): Promise<Stock> {
  const sources = new Map<string, string[]>();
  for (const row of records(await project.read('schemas/source_schema_catalog.csv')))
    sources.set(row['table_name'] ?? '', [...(sources.get(row['table_name'] ?? '') ?? []), row['field_name'] ?? '']);
  const crosswalks = (await readdir(join(project.root, 'schemas/crosswalks'))).sort();
  return { sources, crosswalks: crosswalks.map((name) => `schemas/crosswalks/${name}`) };
}

interface Outcome {
  /** Target table → its rows as text, with how often each is there. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly rejects: readonly Record<string, string>[];
  readonly gates: readonly { readonly id: string; readonly verdict: string }[];
  readonly rules: readonly { readonly id: string; readonly status: string; readonly numerator: number }[];
  readonly totals: Record<string, number>;
  /** Target table → the fields that hold a patient's number. */
  readonly patientFields: ReadonlyMap<string, readonly string[]>;
}

/** What a project's outputs hold, read without anything of the code under test. */
async function outcomeOf(project: TestProject): Promise<Outcome> {
  const json = async (path: string) => JSON.parse(await readFile(join(project.root, path), 'utf8'));
  const report = await json('reports/contract_migration_report.json');
  const tables = new Map<string, Map<string, number>>();
  for (const { path } of report.outputs as { path: string }[]) {
    const rows = new Map<string, number>();
    for (const row of records(await project.read(path))) {
      const text = JSON.stringify(row);
      rows.set(text, (rows.get(text) ?? 0) + 1);
    }
    tables.set(path.replace(/^.*\/|\.csv$/g, ''), rows);
  }
  const catalog = records(await project.read('schemas/target_schema_catalog.csv'));
  const named = new Set(
    catalog.filter((row) => row['concept'] === 'patient_id').map((row) => `${row['table_name']}.${row['field_name']}`),
  );
  const patientFields = new Map<string, string[]>();
  for (const row of catalog) {
    const [table = '', field = ''] = [row['table_name'], row['field_name']];
    if (!named.has(`${table}.${field}`) && !named.has(row['foreign_key'] ?? '')) continue;
    patientFields.set(table, [...(patientFields.get(table) ?? []), field]);
  }
  return {
    tables,
    rejects: records(await project.read('reports/contract_migration_rejects.csv')),
    gates: (await json('reports/release_gate_report.json')).gates,
    rules: (await json('reports/enterprise_pipeline_report.json')).rules,
    totals: Object.fromEntries(
      ['read', 'written', 'rejected', 'excluded', 'merged'].map((fate) => [fate, report[`rows_${fate}`]]),
    ),
    patientFields,
  };
}

/** The part of a plan that can be counted in the outputs. */
function toldBy(plan: ContractPlan) {
  return {
    tables: plan.tables.map(({ table, rowsGone, rowsNew, patients }) => ({ table, rowsGone, rowsNew, patients })),
    patients: plan.patients,
    rejects: plan.rejects.map(({ reason, before, after, added, gone }) => ({ reason, before, after, added, gone })),
    gates: plan.gates
      .filter((gate) => gate.before !== gate.after)
      .map(({ id, before, after }) => `${id}: ${before} → ${after}`)
      .sort(),
    rules: plan.rules.map(({ id, before, after }) => `${id}: ${before} → ${after}`).sort(),
    rows: plan.rows,
  };
}

function differenceOf(before: Outcome, after: Outcome): ReturnType<typeof toldBy> {
  const everyone = new Set<string>();
  const tables = [...new Set([...before.tables.keys(), ...after.tables.keys()])].sort().flatMap((table) => {
    const fields = after.patientFields.get(table);
    const patients = new Set<string>();
    const less = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number => {
      let rows = 0;
      for (const [text, times] of a) {
        const more = Math.max(0, times - (b.get(text) ?? 0));
        rows += more;
        if (more > 0)
          for (const field of fields ?? []) if (JSON.parse(text)[field]) patients.add(JSON.parse(text)[field]);
      }
      return rows;
    };
    const [old, now] = [before.tables.get(table) ?? new Map(), after.tables.get(table) ?? new Map()];
    const [rowsGone, rowsNew] = [less(old, now), less(now, old)];
    for (const patient of patients) everyone.add(patient);
    return rowsGone + rowsNew === 0
      ? []
      : [{ table, rowsGone, rowsNew, patients: fields === undefined ? null : patients.size }];
  });
  const keyOf = (row: Record<string, string>): string =>
    [row['target_table'], row['target_field'], row['source_table'], row['source_row']].join('|');
  const reasons = [...new Set([...before.rejects, ...after.rejects].map((row) => row['reason'] ?? ''))].sort();
  const rejects = reasons.flatMap((reason) => {
    const [old, now] = [before, after].map(({ rejects }) =>
      rejects.filter((row) => row['reason'] === reason).map(keyOf),
    );
    const added = surplus(now ?? [], old ?? []);
    const gone = surplus(old ?? [], now ?? []);
    return added + gone === 0 ? [] : [{ reason, before: old?.length ?? 0, after: now?.length ?? 0, added, gone }];
  });
  const verdicts = (outcome: Outcome) => new Map(outcome.gates.map((gate) => [gate.id, gate.verdict]));
  const [was, is] = [verdicts(before), verdicts(after)];
  const rule = (outcome: Outcome) => new Map(outcome.rules.map((one) => [one.id, one]));
  const [ruleWas, ruleIs] = [rule(before), rule(after)];
  return {
    tables,
    patients: everyone.size,
    rejects,
    gates: [...is.keys()]
      .filter((id) => was.get(id) !== is.get(id))
      .map((id) => `${id}: ${was.get(id)} → ${is.get(id)}`)
      .sort(),
    rules: [...ruleIs.values()]
      .filter(({ id, status, numerator }) => {
        const old = ruleWas.get(id);
        return old?.status !== status || old.numerator !== numerator;
      })
      .map(({ id, status }) => `${id}: ${ruleWas.get(id)?.status} → ${status}`)
      .sort(),
    rows: Object.fromEntries(
      Object.keys(after.totals).map((fate) => [
        fate,
        { before: before.totals[fate] as number, after: after.totals[fate] as number },
      ]),
    ) as ContractPlan['rows'],
  };
}

/** Items of `a` beyond those that `b` has too. */
function surplus(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const item of b) left.set(item, (left.get(item) ?? 0) + 1);
  return a.filter((item) => {
    const times = left.get(item) ?? 0;
    left.set(item, times - 1);
    return times <= 0;
  }).length;
}

function records(text: string): Record<string, string>[] {
  return parse(text, { columns: true, bom: true });
}
