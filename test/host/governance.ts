import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ProjectState } from '../../src/core/review/projectState.ts';
import { api, eventually, file } from './support.ts';

const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('pasMigration');
/** Runs a command as one of the sample's made-up people. */
async function as(person: string, command: string, ...given: unknown[]): Promise<ProjectState['governance']> {
  await settings().update('reviewer', person, vscode.ConfigurationTarget.Workspace);
  await vscode.commands.executeCommand(`pasMigration.${command}`, ...given);
  const state = await (await api()).readState();
  assert.ok(state);
  return state.governance;
}

describe('governance', () => {
  after(() => settings().update('reviewer', undefined, vscode.ConfigurationTarget.Workspace));

  it('walks the incident playbook by its next steps, each by who may, and ends with cutover free again', async () => {
    const started = await as('Kofi Brandt', 'incident', 'host test');
    assert.deepEqual(started.incident?.next, ['freeze_evidence']);
    await as('Eleri Vaughan', 'incident', 'freeze_evidence');
    await as('Eleri Vaughan', 'incident', 'restore');
    await as('Eleri Vaughan', 'incident', 'compare');
    await as('Eleri Vaughan', 'incident', 'root_cause', 'A test.');
    await as('Eleri Vaughan', 'incident', 'mitigation', 'None is needed.');
    const refused = await as('Eleri Vaughan', 'incident', 'approve_root_cause');
    assert.deepEqual(refused.incident?.next, ['approve_root_cause']);
    await as('Quentin Osei', 'incident', 'approve_root_cause');
    await as('Dr Celia Marchetti', 'incident', 'approve_mitigation');
    const closed = await as('Dana Whitfield', 'incident', 'close');
    assert.equal(closed.incident, null);
    const log = await readFile(file('governance/audit.jsonl').fsPath, 'utf8');
    assert.equal(log.split('\n').filter((line) => line.includes('"event":"incident"')).length, 10);
  });

  it('builds and verifies an evidence pack', async () => {
    await as('Dana Whitfield', 'buildEvidence', 'evidence/host');
    const report = await eventually('the report of the pack', () =>
      readFile(file('evidence/host/report.html').fsPath, 'utf8').catch(() => undefined),
    );
    assert.match(report, /<h1>Migration evidence<\/h1>/);
    await as('Dana Whitfield', 'verifyEvidence', 'evidence/host.zip');
    await rm(file('evidence').fsPath, { recursive: true });
  });

  it('refuses a signature by the wrong role', async () => {
    const before = await readFile(file('governance/sign_offs.json').fsPath, 'utf8').catch(() => '');
    const { steps } = await as('Kofi Brandt', 'signOff', 'technical_qa');
    assert.notEqual(steps[0]?.state, 'signed');
    assert.equal(await readFile(file('governance/sign_offs.json').fsPath, 'utf8').catch(() => ''), before);
  });
});
