import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { DISPOSITIONS } from '../../src/core/governance/dispositions.ts';
import { STEP_TITLES, type Step } from '../../src/core/governance/signOffs.ts';
import { api, canType, dialog, eventually, file } from './support.ts';

/** The made-up people of the sample's roles file, by what they sign. */
const SIGNERS: readonly (readonly [Step, string])[] = [
  ['technical_qa', 'Eleri Vaughan'],
  ['data_quality', 'Quentin Osei'],
  ['clinical_safety', 'Dr Celia Marchetti'],
  ['governance_board', 'Dana Whitfield'],
];
const REPORT = 'reports/release_gate_report.json';

interface Report {
  readonly profile: string;
  readonly verdict: string;
  readonly gates: readonly { readonly id: string; readonly verdict: string; readonly message: string }[];
}
const text = (path: string): Promise<string> => readFile(file(path).fsPath, 'utf8');
const report = async (): Promise<Report> => JSON.parse(await text(REPORT)) as Report;
const be = (person: string | undefined): Thenable<void> =>
  vscode.workspace.getConfiguration('pasMigration').update('reviewer', person, vscode.ConfigurationTarget.Workspace);
async function run(id: string, options: Record<string, unknown> = {}): Promise<void> {
  const { error } = await (await api()).runStage(id, options);
  assert.equal(error, null, id);
}

/** Beside the first migration, before other tests change what is signed. */
describe('governance in the dialogs of the editor', () => {
  before(async function () {
    if (!canType) this.skip();
    const lifecycle = { rows: 20, seed: 42, min_patients: 20, release_profile: 'pre_production' };
    await run('run-product-lifecycle', lifecycle);
  });
  after(() => be(undefined));

  it('§12.2, §12.4 four people sign in order, each by the dialog; out of order is refused, and cutover says what it asks for', async () => {
    const sign = async (step: Step, person: string): Promise<void> => {
      await be(person);
      const signing = vscode.commands.executeCommand('pasMigration.signOff');
      await dialog('The step you sign, in this order', STEP_TITLES[step]);
      await signing;
    };
    const states = async (): Promise<readonly string[]> =>
      ((await (await api()).readState())?.governance.steps ?? []).map(({ state }) => state);
    await sign('data_quality', 'Quentin Osei');
    assert.equal(await text('governance/sign_offs.json').catch(() => ''), '', 'nobody signed the step before');
    for (const [step, person] of SIGNERS) await sign(step, person);
    await eventually('four signatures', async () =>
      (await states()).every((state) => state === 'signed') ? true : undefined,
    );
    const { sign_offs: signed } = JSON.parse(await text('governance/sign_offs.json')) as {
      sign_offs: { step: Step; person: string }[];
    };
    assert.deepEqual(
      signed.map(({ step, person }) => [step, person]),
      SIGNERS,
    );
    await be('Dana Whitfield');
    await vscode.commands.executeCommand('pasMigration.lockContract', 'signed in the editor');
    await run('run-release-gates', { profile: 'cutover_ready' });
    const { gates } = await report();
    const verdict = (id: string): string | undefined => gates.find((gate) => gate.id === id)?.verdict;
    console.log(
      `      cutover_ready: ${gates
        .filter((gate) => gate.verdict !== 'PASS')
        .map(({ id, verdict: is }) => `${id} ${is}`)
        .join(', ')}`,
    );
    assert.equal(verdict('contract_lock'), 'PASS');
    assert.equal(verdict('contract_approved'), 'PASS');
    assert.notEqual(verdict('patient_data'), 'PASS', 'cutover is not decided on invented people');
    assert.notEqual(verdict('sign_offs'), 'PASS', 'the signatures are of the pre-production candidate');
    await run('run-release-gates', { profile: 'pre_production' });
    await eventually('the signatures stand again', async () =>
      (await states()).every((state) => state === 'signed') ? true : undefined,
    );
  });

  it('§9.3 a cause of safety-critical rejects is decided about: cause, disposition, owner and due date', async () => {
    const source = 'mock_data/source/PATMAST.csv';
    const before = await text(source);
    const [head = '', first = '', ...rest] = before.split('\n');
    const cells = first.split(',');
    cells[head.split(',').indexOf('SEX_CD')] = 'Q9';
    await writeFile(file(source).fsPath, [head, cells.join(','), ...rest].join('\n'));
    try {
      await run('run-contract-migration', { impute_mode: 'off' });
      await run('run-release-gates', { profile: 'pre_production' });
      const gate = (await report()).gates.find(({ id }) => id === 'safety_critical_rejects');
      assert.equal(gate?.verdict, 'FAIL');
      await be('Quentin Osei');
      const triage = async (
        owner: string,
        disposition: keyof typeof DISPOSITIONS = 'fix_source',
        comment = '',
      ): Promise<{ text: string; before: string }> => {
        const deciding = vscode.commands.executeCommand('pasMigration.triageRejects');
        await dialog('The cause to decide about', 'SEX_CD');
        await dialog('What is to become of these rejects?', DISPOSITIONS[disposition]);
        await dialog('Who sees to it?', owner);
        const due = await dialog('By when?', '2099-01-31');
        if (comment !== '') await dialog('Why may they stay', comment);
        await deciding;
        return due;
      };
      assert.match((await triage('Nobody Known')).text, /PATMAST\.SEX_CD/);
      assert.equal(await text('governance/triage.csv').catch(() => ''), '', 'an owner nobody knows is refused');
      await triage('Eleri Vaughan');
      const [columns = '', line = ''] = (await text('governance/triage.csv')).split('\n');
      const cell = (name: string): string | undefined => line.split(',')[columns.split(',').indexOf(name)];
      assert.deepEqual(
        [cell('disposition'), cell('owner'), cell('due_date'), cell('decided_by')],
        ['fix_source', 'Eleri Vaughan', '2099-01-31', 'Quentin Osei'],
      );
      assert.match(await text('governance/audit.jsonl'), /"event":"triage"/);
      await triage('Eleri Vaughan', 'exclude', 'a test patient');
      assert.match(
        await text('governance/triage.csv'),
        /,exclude,Eleri Vaughan,2099-01-31,a test patient,Quentin Osei,/,
      );
    } finally {
      await writeFile(file(source).fsPath, before);
      await rm(file('governance/triage.csv').fsPath, { force: true });
      await rm(file('governance/sign_offs.json').fsPath, { force: true });
      await rm(file('governance/contract_locks.json').fsPath, { force: true });
      for (const [id, options] of [
        ['run-contract-migration', { impute_mode: 'off' }],
        ['run-enterprise-pipeline', { min_patients: 20 }],
        ['run-release-gates', { profile: 'pre_production' }],
      ] as const)
        await run(id, options);
    }
  });
});
