import * as vscode from 'vscode';
import { DISPOSITIONS, type Disposition, reasonMissing } from '../core/governance/dispositions.ts';
import type { RejectGroup } from '../core/governance/triageTools.ts';
import { counted } from '../core/shared/counted.ts';
import type { SnapshotHead } from '../core/snapshots/snapshot.ts';
import { chooseProject } from './commands.ts';
import type { Log } from './log.ts';
import type { ProjectModel } from './projectModel.ts';
import type { Projects } from './projects.ts';
import type { RunAnswer } from './protocol.ts';
import type { Runner } from './runner.ts';

interface Parts {
  readonly projects: Projects;
  readonly model: ProjectModel;
  readonly runner: Runner;
  readonly log: Log;
}

/** What each step of an incident asks for, as a person reads it. */
const INCIDENT_WORDS: Readonly<Record<string, string>> = {
  freeze_evidence: 'Freeze the evidence as a read-only snapshot',
  restore: 'Restore the last known-good snapshot',
  rerun: 'Run everything again as it ran when it last passed',
  compare: 'Compare with the frozen state',
  root_cause: 'Write down the root cause',
  mitigation: 'Write down the mitigation',
  approve_root_cause: 'Approve the root cause',
  approve_mitigation: 'Approve the mitigation',
};

/** Commands around sign-off, triage, hazards, incidents and evidence: they ask, and the core decides who may. */
export function registerGovernanceCommands(parts: Parts): vscode.Disposable {
  const { projects, model, runner, log } = parts;

  const run = async (root: string, id: string, title: string, options: Record<string, unknown>): Promise<RunAnswer> => {
    const answer = await runner.run(root, id, title, options);
    for (const line of answer.text) log.info(line);
    if (answer.error !== null) void vscode.window.showErrorMessage(answer.error);
    return answer;
  };
  const tell = (answer: RunAnswer, text = answer.text.join(' ')): void => {
    if (answer.error !== null) return;
    const show = answer.status === 'passed' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    void show(text, 'Show Log').then((chosen) => {
      if (chosen !== undefined) log.show();
    });
  };
  const inProject =
    <T>(work: (root: string, given?: unknown, more?: unknown) => Promise<T>) =>
    async (given?: unknown, more?: unknown): Promise<T | undefined> => {
      const root = await chooseProject(projects);
      return root === null ? undefined : work(root, given, more);
    };

  const signOff = async (root: string, given?: unknown): Promise<void> => {
    const steps = (await model.loadNow())?.governance.steps ?? [];
    if (steps.length === 0) {
      void vscode.window.showInformationMessage(
        'There is nothing to sign yet: run the stages and the release gates first.',
      );
      return;
    }
    const items = steps.map((step) => ({
      label: step.title,
      description: step.state === 'signed' ? `signed by ${step.person}` : step.state,
      detail: step.why,
      step: step.step,
    }));
    const step =
      typeof given === 'string'
        ? given
        : (
            await vscode.window.showQuickPick(items, {
              title: 'Sign Off',
              placeHolder: 'The step you sign, in this order',
            })
          )?.step;
    if (step !== undefined) tell(await run(root, 'sign-off', 'Sign Off', { step }));
  };

  const triage = async (root: string): Promise<void> => {
    const listed = await run(root, 'triage list', 'List Triage', {});
    if (listed.error !== null) return;
    const groups = listed.summary['groups'];
    if (!Array.isArray(groups) || groups.length === 0) {
      void vscode.window.showInformationMessage('No safety-critical reject is open.');
      return;
    }
    const chosen = await vscode.window.showQuickPick(
      (groups as RejectGroup[]).map((group) => ({
        label: group.about,
        description: counted(group.rows - group.decidedApart, 'row'),
        detail: [group.codes.length === 0 ? '' : `codes ${group.codes.join(' ')}`, group.open ?? '']
          .filter(Boolean)
          .join(' · '),
        key: group.key,
      })),
      { title: 'Triage Safety-Critical Rejects', placeHolder: 'The cause to decide about', matchOnDetail: true },
    );
    if (chosen === undefined) return;
    const decision = await vscode.window.showQuickPick(
      (Object.keys(DISPOSITIONS) as Disposition[]).map((disposition) => ({
        label: DISPOSITIONS[disposition],
        disposition,
      })),
      { title: chosen.label, placeHolder: 'What is to become of these rejects?' },
    );
    if (decision === undefined) return;
    const owner = await vscode.window.showInputBox({
      title: chosen.label,
      prompt: 'Who sees to it? A person of the roles file, or a role.',
    });
    if (owner === undefined) return;
    const due = await vscode.window.showInputBox({
      title: chosen.label,
      prompt: 'By when? CCYY-MM-DD, or leave it empty.',
      validateInput: (text) => (/^(\d{4}-\d{2}-\d{2})?$/.test(text) ? null : 'A day as CCYY-MM-DD.'),
    });
    if (due === undefined) return;
    const reason = reasonMissing(decision.disposition, '');
    const comment =
      reason === null
        ? ''
        : await vscode.window.showInputBox({
            title: chosen.label,
            prompt: 'Why may they stay as they are? Write no patient’s details.',
            validateInput: (text) => reasonMissing(decision.disposition, text),
          });
    if (comment === undefined) return;
    const options = {
      key: chosen.key,
      disposition: decision.disposition,
      owner,
      due_date: due,
      ...(comment === '' ? {} : { comment }),
    };
    tell(await run(root, 'triage set', 'Set Triage', options));
  };

  /** The snapshots that a person may call good: neither what an incident froze nor what a restore replaced. */
  const chooseGoodSnapshot = async (root: string): Promise<string | undefined> => {
    const listed = await run(root, 'snapshot list', 'List Snapshots', {});
    if (listed.error !== null) return undefined;
    const good = ((listed.summary['snapshots'] ?? []) as SnapshotHead[]).filter(
      ({ kind }) => kind !== 'incident' && kind !== 'before_restore',
    );
    if (good.length === 0) {
      void vscode.window.showInformationMessage('There is no snapshot to go back to: run everything again instead.');
      return undefined;
    }
    const items = good.map(({ snapshot_id: id, created_at_utc: at, gates, reason }) => ({
      label: reason === '' ? id : reason,
      description: at,
      detail: gates === null ? 'gates not run' : `gates ${gates.status} for ${gates.profile}`,
      id,
    }));
    const title = 'Restore the Last Known-Good Snapshot';
    return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Which state was good?' }))?.id;
  };

  const incident = async (root: string, given?: unknown, text?: unknown): Promise<void> => {
    const open = (await model.loadNow())?.governance.incident ?? null;
    if (open === null) {
      const reason =
        typeof given === 'string'
          ? given
          : await vscode.window.showInputBox({
              title: 'Start Incident',
              prompt:
                'What was seen? No patient’s details. Cutover runs and sign-offs are refused until the incident is closed.',
              validateInput: (typed) => (typed.trim() === '' ? 'An incident needs a reason.' : null),
            });
      if (reason !== undefined) tell(await run(root, 'incident start', 'Start Incident', { reason }));
      return;
    }
    const next = open.next.length === 0 ? ['close'] : open.next;
    const items = next.map((step) => ({
      label: INCIDENT_WORDS[step] ?? 'Close the incident',
      description: step,
      step,
    }));
    const step =
      typeof given === 'string'
        ? given
        : (
            await vscode.window.showQuickPick(items, {
              title: `${open.id}: ${open.reason}`,
              placeHolder: 'What comes next',
            })
          )?.step;
    if (step === undefined) return;
    if (step === 'close') {
      tell(await run(root, 'incident close', 'Close Incident', {}));
      return;
    }
    if (step === 'restore') {
      const snapshot = typeof text === 'string' ? text : await chooseGoodSnapshot(root);
      if (snapshot !== undefined) tell(await run(root, 'incident step', 'Incident Step', { name: step, snapshot }));
      return;
    }
    const asked = step === 'root_cause' || step === 'mitigation';
    const written = !asked
      ? ''
      : typeof text === 'string'
        ? text
        : await vscode.window.showInputBox({ title: INCIDENT_WORDS[step] ?? step });
    if (written !== undefined)
      tell(await run(root, 'incident step', 'Incident Step', { name: step, ...(asked ? { text: written } : {}) }));
  };

  const buildEvidence = async (root: string, out?: unknown): Promise<void> => {
    const answer = await run(root, 'evidence build', 'Build Evidence Pack', typeof out === 'string' ? { out } : {});
    if (answer.error !== null) return;
    const report = vscode.Uri.joinPath(vscode.Uri.file(root), String(answer.summary['folder']), 'report.html');
    void vscode.window.showInformationMessage(answer.text.join(' '), 'Open Report', 'Show Log').then((chosen) => {
      if (chosen === 'Open Report') void vscode.env.openExternal(report);
      if (chosen === 'Show Log') log.show();
    });
  };

  /** Gives its outcome to whoever runs it as a command. */
  const verifyEvidence = async (root: string, given?: unknown): Promise<RunAnswer | undefined> => {
    const pack =
      typeof given === 'string'
        ? given
        : (
            await vscode.window.showOpenDialog({
              title: 'Evidence Pack to Verify',
              openLabel: 'Verify',
              canSelectFolders: true,
              canSelectFiles: true,
              filters: { 'Evidence packs': ['zip'] },
              defaultUri: vscode.Uri.joinPath(vscode.Uri.file(root), 'evidence'),
            })
          )?.[0]?.fsPath;
    if (pack === undefined) return undefined;
    const answer = await run(root, 'evidence verify', 'Verify Evidence Pack', { pack });
    tell(answer);
    return answer;
  };

  const hazardStatus = async (root: string): Promise<void> => {
    const answer = await run(root, 'hazard status', 'Hazard Status', {});
    tell(answer, answer.text.at(-1));
  };

  const register = vscode.commands.registerCommand;
  return vscode.Disposable.from(
    register('pasMigration.signOff', inProject(signOff)),
    register('pasMigration.triageRejects', inProject(triage)),
    register('pasMigration.incident', inProject(incident)),
    register('pasMigration.buildEvidence', inProject(buildEvidence)),
    register('pasMigration.verifyEvidence', inProject(verifyEvidence)),
    register('pasMigration.hazardStatus', inProject(hazardStatus)),
  );
}
