import { statSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { type CommandOutcome, runCommand } from '../core/lifecycle/runCommand.ts';
import { LIFECYCLE } from '../core/lifecycle/runProductLifecycle.ts';
import type { StageDefinition } from '../core/lifecycle/stage.ts';
import { STAGES } from '../core/lifecycle/stages.ts';
import { TOOLS } from '../core/lifecycle/tools.ts';
import { UserError } from '../core/shared/errors.ts';
import { realContext } from '../host/realContext.ts';
import { addStageOptions, placedOptions, stageOptionsOf, wholeNumber } from './commandOptions.ts';
import { terminalSecrets } from './secrets.ts';
import { progressPrinter } from './terminal.ts';

/** Runs the terminal front and gives the exit code: 0 passed, 1 a check failed, 2 bad input or usage, 130 cancelled. */
export async function main(argv: readonly string[], version: string): Promise<number> {
  let exitCode = 0;
  // A reader that has seen enough (`| head`) is no failure of the run.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const program = new Command('pas-migration')
    .description(
      'Take a patient administration system migration from requirement specs to a release decision with evidence.',
    )
    .version(version)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'pas-migration: ')) })
    .showHelpAfterError('Run pas-migration <command> --help for the options and an example.');
  for (const command of [...STAGES, ...TOOLS, LIFECYCLE]) addCommand(program, command, (code) => (exitCode = code));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

/** Commands of two words stand in a group; what `--help` says of each. */
const GROUPS: Readonly<Record<string, string>> = {
  connectors: 'Configure, test and look into the systems that rows come from and go to.',
  contract: 'Review, compare, try and lock the mapping contract.',
  crosswalk: 'Look after the crosswalk files.',
  snapshot: 'Keep the project, compare with what was kept, go back.',
  audit: 'The log of who did what.',
  runs: 'Past runs, and what changed between two.',
  kpi: 'Key figures of data quality and their thresholds.',
  hazard: 'The clinical safety hazard log.',
  triage: 'Decisions about safety-critical rejects.',
  incident: 'The playbook for when something went wrong.',
  evidence: 'The signed evidence pack for a board.',
  rehearsal: 'Dress rehearsals of the cutover.',
};

type Described = Pick<StageDefinition, 'id' | 'summary' | 'example' | 'options' | 'positional' | 'paths'>;

/** The place of a command among the others, its group made when it is the first of it. */
function placeOf(program: Command, id: string): Command {
  const [group = '', name] = id.split(' ');
  if (name === undefined) return program.command(group);
  const parent =
    program.commands.find((known) => known.name() === group) ??
    program
      .command(group)
      .description(GROUPS[group] ?? '')
      .showHelpAfterError();
  return parent.command(name);
}

function addCommand(program: Command, described: Described, done: (exitCode: number) => void): void {
  const command = placeOf(program, described.id)
    .description(described.summary)
    .allowExcessArguments(false)
    .option('--project <DIR>', 'the project folder', '.')
    .option(
      '--as <PERSON>',
      'who you are, by a name or identity of governance/roles.json (default: git e-mail, then account)',
    )
    .option('--json', 'print one JSON object as the last line of stdout; the readable text goes to stderr')
    .addOption(new Option('--threads <N>', 'threads of the database (default: all cores)').argParser(wholeNumber))
    .addOption(
      new Option('--memory-limit <MB>', 'memory the database may use before it spills')
        .default(4096)
        .argParser(wholeNumber),
    )
    .addHelpText(
      'after',
      `\nExample:\n  ${described.example}\n\nExit codes: 0 passed, 1 a gate or check failed, 2 bad input or usage, 130 cancelled.`,
    );
  addStageOptions(command, described.options, described.positional ?? []);
  command.action(async () => {
    const given = command.opts<Record<string, unknown>>();
    const places = placedOptions(described.options, described.positional ?? [], command.processedArgs);
    const options = { ...stageOptionsOf(described.options, command), ...places };
    done(await perform(described.id, given, fromHere(options, described.paths ?? [])));
  });
}

/** A file that is in the folder the terminal stands in goes before one of that name in the project, as anywhere else. */
function fromHere(options: Readonly<Record<string, unknown>>, paths: readonly string[]): Record<string, unknown> {
  const named = paths.flatMap((name): [string, string][] => {
    const path = options[name];
    // A bare word may be the name of a version; a file is given with a folder or an ending.
    if (typeof path !== 'string' || isAbsolute(path) || !/[./\\]/.test(path)) return [];
    const here = resolve(path);
    return statSync(here, { throwIfNoEntry: false }) === undefined ? [] : [[name, here]];
  });
  return { ...options, ...Object.fromEntries(named) };
}

async function perform(
  id: string,
  given: Readonly<Record<string, unknown>>,
  options: Readonly<Record<string, unknown>>,
): Promise<number> {
  const json = given['json'] === true;
  const human = json ? process.stderr : process.stdout;
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  process.once('SIGINT', cancel);
  process.once('SIGTERM', cancel);
  let outcome: CommandOutcome;
  try {
    const directory = String(given['project']);
    requireFolder(directory);
    checkEngineOptions(given);
    const context = realContext({
      project: directory,
      threads: given['threads'] as number | undefined,
      memoryLimitMb: given['memoryLimit'] as number | undefined,
      as: given['as'] as string | undefined,
      signal: abort.signal,
      emit: progressPrinter(human),
      secret: terminalSecrets(process.env),
    });
    outcome = await runCommand(context, id, options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    outcome = { returnCode: 2, status: 'error', summary: {}, stages: [], text: [], error: error.message };
  } finally {
    process.removeListener('SIGINT', cancel);
    process.removeListener('SIGTERM', cancel);
  }
  for (const line of outcome.text) human.write(`${line}\n`);
  if (outcome.error !== null) process.stderr.write(`${outcome.error}\n`);
  if (json) {
    const { status, returnCode } = outcome;
    const message = outcome.error === null ? {} : { error: outcome.error };
    process.stdout.write(
      `${JSON.stringify({ ...outcome.summary, command: id, status, return_code: returnCode, ...message })}\n`,
    );
  }
  return outcome.returnCode;
}

function requireFolder(directory: string): void {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found?.isDirectory() !== true) {
    throw new UserError(`${directory}: is not a folder; name the project folder with --project DIR.`);
  }
}

function checkEngineOptions(given: Readonly<Record<string, unknown>>): void {
  const threads = given['threads'] as number | undefined;
  if (threads !== undefined && (threads < 1 || threads > 256))
    throw new UserError('--threads: must be between 1 and 256.');
  const memory = given['memoryLimit'] as number;
  if (memory < 256) throw new UserError('--memory-limit: must be at least 256 (MB).');
}
