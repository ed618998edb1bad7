import * as vscode from 'vscode';
import type { CoreClient } from './coreClient.ts';
import type { OptionName, StageCommand } from './stageTable.ts';

interface Question {
  readonly prompt: string;
  /** Setting that counts until a run of the project tells. */
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

/** Asks for a command's options, with those of the last run first. Null when the user steps back. */
export async function askOptions(
  stage: StageCommand,
  core: CoreClient,
  root: string,
): Promise<Record<string, unknown> | null> {
  const last = await lastOptions(stage, core, root);
  // Where the source tables are is not asked: it stays as it was.
  const answers: Record<string, unknown> = last['source_dir'] === undefined ? {} : { source_dir: last['source_dir'] };
  for (const [index, name] of stage.asks.entries()) {
    const title = `${stage.title} (${index + 1}/${stage.asks.length})`;
    const answer = await askOne(QUESTIONS[name], title, last[name]);
    if (answer === undefined) return null;
    answers[name] = answer;
  }
  return answers;
}

/**
 * The options of a command for runs that ask nothing (tasks, tests, rerun): what the project's last runs were asked for; what
 * none of them tells is as the settings say.
 */
export async function lastOptions(
  stage: StageCommand,
  core: CoreClient,
  root: string,
): Promise<Record<string, string | number | undefined>> {
  const {
    release_profile: profile,
    source_dir: source,
    ...last
  } = await core.ask({ kind: 'lastAsked', project: root });
  const told: Readonly<Partial<Record<OptionName, string | number | undefined>>> = {
    ...last,
    profile,
    release_profile: profile,
  };
  const settings = vscode.workspace.getConfiguration('pasMigration', vscode.Uri.file(root));
  return {
    ...Object.fromEntries(
      stage.asks.map((name) => [name, told[name] ?? settings.get<string | number>(QUESTIONS[name].setting)]),
    ),
    ...(stage.id === 'run-contract-migration' && source !== undefined ? { source_dir: source } : {}),
  };
}

async function askOne(
  question: Question,
  title: string,
  last: string | number | undefined,
): Promise<string | number | undefined> {
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
