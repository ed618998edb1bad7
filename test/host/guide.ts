import assert from 'node:assert/strict';
import { readFile, rename, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RunAnswer } from '../../src/extension/protocol.ts';
import { STAGE_COMMANDS } from '../../src/extension/stageTable.ts';
import { hashes } from './hashes.ts';
import { api, codeOf, eventually, file, problemsOf, root } from './support.ts';

const CONTRACT = 'reports/mapping_contract.csv';
const ROLES = 'governance/roles.json';

/** The stages of §6.2 to §6.4 with every option that the guide gives them. */
const STAGES: readonly (readonly [section: string, id: string, options: Record<string, unknown>])[] = [
  ['§6.2.1', 'extract-specs', {}],
  ['§6.2.2', 'generate-mock-data', { rows: 20, seed: 42 }],
  ['§6.2.3', 'analyze-semantic-mapping', {}],
  ['§6.2.4', 'build-mapping-contract', {}],
  [
    '§6.3',
    'run-contract-migration',
    {
      source_dir: 'mock_data/source',
      output_dir: 'mock_data/target_contract',
      contract_file: CONTRACT,
      target_catalog_file: 'schemas/target_schema_catalog.csv',
      crosswalk_dir: 'schemas/crosswalks',
      impute_mode: 'pre_production',
    },
  ],
  ['§6.4.1', 'run-enterprise-pipeline', { min_patients: 20 }],
  ['§6.4.2', 'run-release-gates', { profile: 'pre_production' }],
];

const text = (path: string): Promise<string> => readFile(file(path).fsPath, 'utf8');
/** Runs the editor's command of a stage and says how it ended. */
async function command(id: string, options: Record<string, unknown> = {}): Promise<RunAnswer> {
  const found = STAGE_COMMANDS.find((stage) => stage.id === id);
  assert.ok(found !== undefined, id);
  return vscode.commands.executeCommand<RunAnswer>(found.command, options);
}
/** Verdict of a gate, decided anew for a profile. */
async function decided(profile: string, gate: string): Promise<string> {
  await command('run-release-gates', { profile });
  const report = JSON.parse(await text('reports/release_gate_report.json')) as {
    profile: string;
    gates: { id: string; verdict: string }[];
  };
  assert.equal(report.profile, profile);
  return report.gates.find(({ id }) => id === gate)?.verdict ?? 'not asked';
}
/** Changes a file for as long as the work takes. */
async function withChanged(path: string, change: (before: string) => string, work: () => Promise<void>): Promise<void> {
  const before = await text(path);
  const after = change(before);
  assert.notEqual(after, before, `${path} did not change`);
  await writeFile(file(path).fsPath, after);
  try {
    await work();
  } finally {
    await writeFile(file(path).fsPath, before);
  }
}

/** §9.3, §10, §11, §12.2 and §12.4 are in signing.ts and governance.ts; the panel's part of §9.1 and §9.2 in problems.ts. */
describe('the users’ guide by the commands of the editor', () => {
  it('§6.1.1 without requirement specs the first stage is refused with what to put where', async () => {
    await api();
    const away = `${root()}/../requirement_spec away`;
    await rename(file('requirement_spec').fsPath, away);
    try {
      const { status, error } = await command('extract-specs');
      assert.equal(status, 'error');
      assert.match(error ?? '', /requirement_spec\/source: the folder is missing; create it/);
    } finally {
      await rename(away, file('requirement_spec').fsPath);
    }
  });

  it('§6.1.2 a release profile that is none of the three is refused', async () => {
    const { status, error } = await command('run-release-gates', { profile: 'production' });
    assert.equal(status, 'error');
    assert.match(error ?? '', /profile.*development.*pre_production.*cutover_ready/s);
  });

  for (const [section, id, options] of STAGES)
    it(`${section} ${id} passes by its command`, async () => {
      const answer = await command(id, options);
      assert.equal(answer.status, 'passed', `${answer.error ?? answer.text.join('\n')}`);
    });

  it('§6.5 the one command writes what the stages wrote one by one', async () => {
    const before = await hashes(root());
    await vscode.commands.executeCommand('pasMigration.runAll', {
      rows: 20,
      seed: 42,
      min_patients: 20,
      release_profile: 'pre_production',
    });
    const run = JSON.parse(await text('reports/product_lifecycle_run.json')) as { status: string; stages: unknown[] };
    assert.deepEqual([run.status, run.stages.length], ['passed', STAGES.length]);
    assert.deepEqual(await hashes(root()), before);
  });

  it('§6.1.3 a cohort smaller than agreed fails, and so does the gate', async () => {
    assert.equal((await command('run-enterprise-pipeline', { min_patients: 21 })).status, 'failed');
    assert.equal(await decided('pre_production', 'min_patients'), 'FAIL');
    assert.equal((await command('run-enterprise-pipeline', { min_patients: 20 })).status, 'passed');
    assert.equal(await decided('pre_production', 'min_patients'), 'PASS');
  });

  it('§9.2 an unresolved mandatory mapping is an error of the Problems panel and fails the gate of both promotions', () =>
    withChanged(
      CONTRACT,
      (contract) => contract.replace(/(LOAD_PATIENT,SURNAME,[^,]*,Y),direct,PATMAST,SNM,/, '$1,unresolved,,,'),
      async () => {
        const problem = await eventually('the problem', () =>
          problemsOf(CONTRACT).find((found) => codeOf(found) === 'contract-unresolved-mandatory'),
        );
        assert.equal(problem.severity, vscode.DiagnosticSeverity.Error);
        for (const profile of ['pre_production', 'cutover_ready'])
          assert.equal(await decided(profile, 'contract_resolved'), 'FAIL', profile);
      },
    ));

  it('§9.4 a row of the patient chain without its patient fails the gate', async () => {
    await withChanged(
      'mock_data/source/ADMSPELL.csv',
      (spells) => {
        const [head = '', first = '', ...rest] = spells.split('\n');
        const cells = first.split(',');
        cells[head.split(',').indexOf('PAT_NO')] = '9999999';
        return [head, cells.join(','), ...rest].join('\n');
      },
      async () => {
        await command('run-contract-migration', { impute_mode: 'off' });
        for (const profile of ['development', 'pre_production', 'cutover_ready'])
          assert.equal(await decided(profile, 'patient_chain'), 'FAIL', profile);
      },
    );
    for (const [, id, options] of STAGES.slice(4)) assert.equal((await command(id, options)).status, 'passed', id);
  });

  it('§12.3 a high-risk domain without an owner is told in the Problems panel', async () => {
    assert.deepEqual(problemsOf(ROLES), []);
    await withChanged(
      ROLES,
      (roles) => roles.replace(/"OPD": \[[^\]]*\]/, '"OPD": []'),
      async () => {
        const problem = await eventually('the problem', () =>
          problemsOf(ROLES).find((found) => codeOf(found) === 'roles-domain-without-owner'),
        );
        assert.match(problem.message, /^OPD has no owner/);
      },
    );
    await eventually('no problem', () => (problemsOf(ROLES).length === 0 ? true : undefined));
  });
});
