import assert from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { RunAnswer } from '../../src/extension/protocol.ts';
import { api, eventually, file } from './support.ts';

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('pasMigration');
/** Runs a command as one of the sample's made-up people. */
async function as(person: string, command: string, ...given: unknown[]): Promise<void> {
  await settings().update('reviewer', person, vscode.ConfigurationTarget.Workspace);
  await vscode.commands.executeCommand(`pasMigration.${command}`, ...given);
}
/** What the incident asks for next, once the views know; `null` when none is open. */
const next = (wanted: string | null): Promise<true> =>
  eventually(`the incident at ${wanted ?? 'its end'}`, async () => {
    const { incident } = (await (await api()).readState())?.governance ?? {};
    return (wanted === null ? incident === null : incident?.next.includes(wanted)) ? true : undefined;
  });

/** The files of the users' guide, §11. */
const EIGHT = [
  'product_lifecycle_run.json',
  'contract_migration_report.json',
  'enterprise_pipeline_report.json',
  'release_gate_report.json',
  'contract_migration_issues.csv',
  'enterprise_pipeline_issues.csv',
  'contract_migration_rejects.csv',
  'mapping_contract.csv',
] as const;

describe('governance', () => {
  after(() => settings().update('reviewer', undefined, vscode.ConfigurationTarget.Workspace));

  it('§10.1–§10.5 walks the incident playbook by its next steps, each by who may, and ends with cutover free again', async () => {
    await vscode.commands.executeCommand('pasMigration.createSnapshot', 'before the incident');
    await as('Kofi Brandt', 'incident', 'host test');
    await next('freeze_evidence');
    await as('Eleri Vaughan', 'incident', 'freeze_evidence');
    await as('Eleri Vaughan', 'incident', 'restore', 'latest');
    await as('Eleri Vaughan', 'incident', 'compare');
    await as('Eleri Vaughan', 'incident', 'root_cause', 'A test.');
    await as('Eleri Vaughan', 'incident', 'mitigation', 'None is needed.');
    // By the person who wrote it, who has not the role either.
    await as('Eleri Vaughan', 'incident', 'approve_root_cause');
    await next('approve_root_cause');
    await as('Quentin Osei', 'incident', 'approve_root_cause');
    await as('Dr Celia Marchetti', 'incident', 'approve_mitigation');
    await as('Dana Whitfield', 'incident', 'close');
    await next(null);
    const log = await readFile(file('governance/audit.jsonl').fsPath, 'utf8');
    assert.equal(
      log
        .split('\n')
        .filter((line) => line.includes('"event":"incident"'))
        .filter((line) => line.includes('"status":"passed"')).length,
      9,
    );
  });

  it('§11 builds and verifies an evidence pack', async () => {
    await vscode.commands.executeCommand('pasMigration.runAll', {
      release_profile: 'development',
      from: 'run-release-gates',
    });
    await as('Dana Whitfield', 'buildEvidence', 'evidence/host');
    const report = await eventually('the report of the pack', () =>
      readFile(file('evidence/host/report.html').fsPath, 'utf8').catch(() => undefined),
    );
    assert.match(report, /<h1>Migration evidence<\/h1>/);
    for (const name of EIGHT)
      assert.deepEqual(
        await readFile(file(`evidence/host/reports/${name}`).fsPath),
        await readFile(file(`reports/${name}`).fsPath),
        name,
      );
    const verify = async (pack: string): Promise<string | undefined> =>
      (await vscode.commands.executeCommand<RunAnswer | undefined>('pasMigration.verifyEvidence', pack))?.status;
    assert.equal(await verify('evidence/host'), 'passed');
    assert.equal(await verify('evidence/host.zip'), 'passed');
    await writeFile(file('evidence/host/reports/release_gate_report.json').fsPath, '{}');
    assert.equal(await verify('evidence/host'), 'failed');
    await rm(file('evidence').fsPath, { recursive: true });
  });

  it('refuses a signature by the wrong role', async () => {
    const before = await readFile(file('governance/sign_offs.json').fsPath, 'utf8').catch(() => '');
    await as('Kofi Brandt', 'signOff', 'technical_qa');
    assert.equal(await readFile(file('governance/sign_offs.json').fsPath, 'utf8').catch(() => ''), before);
  });
});
