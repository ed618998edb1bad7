import * as vscode from 'vscode';
import type { OptionName, StageCommand } from './stageTable.ts';

interface Question {
  readonly prompt: string;
  /** Setting that remembers the answer. */
  readonly setting: string;
  readonly choices?: readonly { readonly value: string; readonly detail: string }[];
  /** Least whole number. */
  readonly least?: number;
}

const PROFILES = [
  { value: 'development', detail: 'Measures everything, blocks little' },
  { value: 'pre_production', detail: 'What a dress rehearsal must pass' },
  { value: 'cutover_ready', detail: 'What cutover must pass; never on mock data' },
];

const QUESTIONS: Readonly<Record<OptionName, Question>> = {
  rows: { prompt: 'Patients in the mock cohort', setting: 'rows', least: 1 },
  seed: { prompt: 'Seed: the same seed gives the same data', setting: 'seed', least: 0 },
  min_patients: { prompt: 'Least number of patients that must be loaded', setting: 'minPatients', least: 0 },
  profile: { prompt: 'Gate profile to decide for', setting: 'releaseProfile', choices: PROFILES },
  release_profile: { prompt: 'Gate profile to decide for', setting: 'releaseProfile', choices: PROFILES },
  impute_mode: {
    prompt: 'May missing mandatory values be filled?',
    setting: 'imputeMode',
    choices: [{ value: 'off', detail: 'Never: what is missing is rejected' }, ...PROFILES],
  },
};

/** Asks for a command's options, with the last answers first. Null when the user steps back. */
export async function askOptions(stage: StageCommand, scope: vscode.Uri): Promise<Record<string, unknown> | null> {
  const answers: Record<string, unknown> = {};
  for (const [index, name] of stage.asks.entries()) {
    const title = `${stage.title} (${index + 1}/${stage.asks.length})`;
    const answer = await askOne(QUESTIONS[name], title, scope);
    if (answer === undefined) return null;
    answers[name] = answer;
  }
  await remember(stage, answers, scope);
  return answers;
}

/** The remembered answers, for runs that ask nothing (tasks, the API, rerun). */
export function rememberedOptions(stage: StageCommand, scope: vscode.Uri): Record<string, unknown> {
  const settings = vscode.workspace.getConfiguration('pasMigration', scope);
  return Object.fromEntries(stage.asks.map((name) => [name, settings.get(QUESTIONS[name].setting)]));
}

async function askOne(question: Question, title: string, scope: vscode.Uri): Promise<string | number | undefined> {
  const last = vscode.workspace.getConfiguration('pasMigration', scope).get<string | number>(question.setting);
  if (question.choices !== undefined) {
    const items = question.choices.map(({ value, detail }) => ({
      label: value,
      detail,
      description: value === last ? 'last used' : '',
    }));
    items.sort((a, b) => Number(b.label === last) - Number(a.label === last));
    return (await vscode.window.showQuickPick(items, { title, placeHolder: question.prompt, ignoreFocusOut: true }))
      ?.label;
  }
  const least = question.least ?? 0;
  const text = await vscode.window.showInputBox({
    title,
    prompt: question.prompt,
    value: String(last ?? least),
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^\d{1,9}$/.test(value.trim()) && Number(value) >= least ? null : `Enter a whole number from ${least}.`,
  });
  return text === undefined ? undefined : Number(text);
}

async function remember(
  stage: StageCommand,
  answers: Readonly<Record<string, unknown>>,
  scope: vscode.Uri,
): Promise<void> {
  const settings = vscode.workspace.getConfiguration('pasMigration', scope);
  for (const name of stage.asks) {
    const { setting } = QUESTIONS[name];
    if (settings.get(setting) === answers[name]) continue;
    const target = vscode.ConfigurationTarget.WorkspaceFolder;
    // A folder that cannot be written (read-only disk) forgets; the run goes on.
    await settings.update(setting, answers[name], target).then(undefined, () => undefined);
  }
}
