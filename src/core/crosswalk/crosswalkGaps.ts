import { rename, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { csvLine, csvText } from '../csv/csvText.ts';
import { defineStage, progressOf } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { compareText } from '../shared/order.ts';
import { hasErrors } from '../shared/problem.ts';
import { columnsWithoutCodes, columnsWithoutCodesText, noCode } from './codeLooks.ts';
import { codesMet } from './codesMet.ts';
import { type CodesMet, type Coverage, coverageOf } from './coverage.ts';
import type { Crosswalk } from './crosswalk.ts';
import { lastSourceDir } from './lastSourceDir.ts';
import { type LineNotes, lineNotes } from './lineNotes.ts';

/** Codes told on the terminal, and in the machine summary, of each crosswalk. The CSV has all. */
const MOST_TOLD = 20;
const MOST_SUMMED = 500;
/** A longer code is cut where it is told. */
const LONGEST_CODE = 40;

export const GAP_COLUMNS = ['crosswalk', 'safety_critical', 'source_code', 'rows', 'reason', 'target_fields'] as const;

/** What each crosswalk leaves untranslated in the project's data. */
export const crosswalkGaps = defineStage({
  id: 'crosswalk gaps',
  title: 'Crosswalk gaps',
  owner: 'data_quality_lead',
  summary:
    'Count the codes of the source data that no line of their crosswalk maps, safety-critical crosswalks first; exit code 1 when one of those leaves rows unmapped.',
  example: 'pas-migration crosswalk gaps --out gaps.csv',
  options: z.object({
    name: z.string().trim().min(1).optional().describe('only this crosswalk'),
    source_dir: z
      .string()
      .min(1)
      .optional()
      .describe('folder with one CSV per source table; without it that of the last run, else mock_data/source'),
    out: z.string().min(1).optional().describe('write all unmapped codes with their rows to this CSV'),
  }),
  readOnly: true,
  reads: [
    ARTEFACTS.contract,
    ARTEFACTS.contractTables,
    ARTEFACTS.sourceCatalog,
    ARTEFACTS.targetCatalog,
    ARTEFACTS.crosswalks,
    ARTEFACTS.mockSource,
  ],
  writes: [],
  async run(context, options) {
    const { project, signal } = context;
    const sourceDir = options.source_dir ?? (await lastSourceDir(project));
    const names = options.name === undefined ? null : new Set([options.name]);
    const told = progressOf(context, 'crosswalk gaps');
    const progress = (table: string, done: number, total: number): void => told(table, done, total);
    const engine = await context.openEngine();
    const found = await codesMet(project, { sourceDir, names, signal, progress }, engine).finally(() => engine.close());
    if (hasErrors(found.problems)) throw UserError.from(found.problems.filter(({ severity }) => severity === 'error'));
    if (options.name !== undefined && !found.crosswalks.has(options.name))
      throw new UserError(
        `${ARTEFACTS.crosswalks}/${options.name}.csv: there is no such crosswalk; see the folder for their names.`,
      );
    const wanted = [...found.crosswalks.values()].filter(({ name }) => names === null || names.has(name));
    const today = context.now().toISOString().slice(0, 10);
    const gaps = (
      await Promise.all(
        wanted.map(async (crosswalk) =>
          gapsOf(crosswalk, found.met.get(crosswalk.name), await lineNotes(project, crosswalk, today)),
        ),
      )
    ).sort((a, b) => Number(b.safetyCritical) - Number(a.safetyCritical) || compareText(a.name, b.name));
    const outputs = options.out === undefined ? [] : [await writeGaps(project, options.out, gaps)];
    const unmapped = gaps.reduce((sum, gap) => sum + gap.unmappedRows, 0);
    const strays = gaps.reduce((sum, gap) => sum + (gap.safetyCritical ? gap.notes.strayLines : 0), 0);
    const dangerous = gaps.reduce((sum, gap) => sum + (gap.safetyCritical ? gap.unmappedRows : 0), 0);
    return {
      status: dangerous === 0 && strays === 0 ? 'passed' : 'failed',
      summary: {
        source_dir: project.name(sourceDir),
        unmapped_rows: unmapped,
        safety_critical_unmapped_rows: dangerous,
        safety_critical_stray_lines: strays,
        crosswalks: gaps.map(summaryOf),
      },
      text: textOf(gaps, dangerous, strays),
      inputs: [],
      outputs,
    };
  },
});

interface Gaps {
  readonly name: string;
  readonly safetyCritical: boolean;
  readonly rowPolicy: string;
  readonly met: CodesMet;
  readonly coverage: Coverage;
  readonly unmappedRows: number;
  readonly notes: LineNotes;
  /** Why the values of a use are not shown, by its index. */
  readonly hidden: ReadonlyMap<number, string>;
}

function gapsOf(crosswalk: Crosswalk, met: CodesMet | undefined, notes: LineNotes): Gaps {
  const given = met ?? { uses: [], met: [], notSeen: [] };
  const coverage = coverageOf(crosswalk.lines, given);
  const { name, safetyCritical, rowPolicy } = crosswalk;
  const unmappedRows = coverage.rows - coverage.mappedRows;
  const hidden = columnsWithoutCodes(given);
  return { name, safetyCritical, rowPolicy, met: given, coverage, unmappedRows, notes, hidden };
}

type Unmapped = Coverage['unmapped'][number];

/** True for a value that may be told: it looks like a code, and comes from a column that does. */
function isShown({ code, uses }: Unmapped, hidden: Gaps['hidden']): boolean {
  return noCode(code) === null && uses.every((use) => !hidden.has(use));
}

/** What is not shown of a crosswalk, and why. */
function hiddenText({ met, coverage, hidden }: Gaps): string[] {
  const columns = columnsWithoutCodesText(met, hidden);
  const single = coverage.unmapped.filter(
    (gap) => noCode(gap.code) !== null && gap.uses.every((use) => !hidden.has(use)),
  );
  const rows = single.reduce((sum, gap) => sum + gap.rows, 0);
  if (single.length > 0)
    columns.push(
      `${single.length} value${single.length === 1 ? '' : 's'} that look${single.length === 1 ? 's' : ''} like no code (${rows} row${rows === 1 ? '' : 's'}; ${[...new Set(single.map(({ code }) => noCode(code)))].join(', ')}) ${single.length === 1 ? 'is' : 'are'} not shown.`,
    );
  return columns;
}

function summaryOf(gaps: Gaps): Record<string, unknown> {
  const { name, safetyCritical, rowPolicy, met, coverage, unmappedRows, notes, hidden } = gaps;
  return {
    crosswalk: name,
    safety_critical: safetyCritical,
    row_policy: rowPolicy,
    codes: coverage.codes,
    mapped_codes: coverage.mappedCodes,
    rows: coverage.rows,
    mapped_rows: coverage.mappedRows,
    unmapped_codes: coverage.unmapped.length,
    unmapped_rows: unmappedRows,
    unused_lines: coverage.unusedLines,
    uses: met.uses.map((use) => ({
      target_table: use.targetTable,
      target_field: use.targetField,
      row_set: use.rowSet,
      source_table: use.sourceTable,
      source_field: use.sourceField,
    })),
    not_shown: hiddenText(gaps),
    stray_lines: notes.strayLines,
    notes: notes.sentences,
    unmapped: coverage.unmapped
      .filter((gap) => isShown(gap, hidden))
      .slice(0, MOST_SUMMED)
      .map(({ code, rows, otherTime }) => ({ code: shown(code), rows, reason: reasonOf(otherTime) })),
    not_seen: met.notSeen,
  };
}

function textOf(gaps: readonly Gaps[], dangerous: number, strays: number): string[] {
  const used = gaps.filter(({ met }) => met.uses.length > 0 || met.notSeen.length > 0);
  const open = used.filter(
    ({ unmappedRows, met, notes }) => unmappedRows > 0 || met.notSeen.length > 0 || notes.sentences.length > 0,
  );
  const whole = used.length - open.length;
  const idleNotes = gaps.filter((gap) => !used.includes(gap) && gap.notes.sentences.length > 0);
  const idle = gaps.filter(({ met }) => met.uses.length === 0 && met.notSeen.length === 0);
  return [
    ...open.flatMap(gapText),
    ...idleNotes.flatMap(({ name, notes }) => [`${name}:`, ...notes.sentences.map((sentence) => `  ${sentence}`)]),
    `${whole} crosswalk${whole === 1 ? '' : 's'} with every code of the data mapped${whole === 0 ? '.' : `: ${listed(used, open)}.`}`,
    ...(idle.length === 0 ? [] : [`No contract row uses: ${idle.map(({ name }) => name).join(', ')}.`]),
    dangerous === 0
      ? 'No row of a safety-critical crosswalk is unmapped.'
      : `${dangerous} rows of safety-critical crosswalks are unmapped: map or correct them before a load.`,
    ...(strays === 0
      ? []
      : [
          `${strays} line${strays === 1 ? '' : 's'} of safety-critical crosswalks give${strays === 1 ? 's' : ''} a target code that the target's list does not have.`,
        ]),
  ];
}

function listed(used: readonly Gaps[], open: readonly Gaps[]): string {
  const names = used.filter((gap) => !open.includes(gap)).map(({ name }) => name);
  const more = names.length - MOST_TOLD;
  return more <= 0 ? names.join(', ') : `${names.slice(0, MOST_TOLD).join(', ')} and ${more} more`;
}

function gapText(gaps: Gaps): string[] {
  const { name, safetyCritical, rowPolicy, met, coverage, notes, hidden } = gaps;
  const { codes, mappedCodes, rows, mappedRows, unusedLines } = coverage;
  const unmapped = coverage.unmapped.filter((gap) => isShown(gap, hidden));
  const told = unmapped.slice(0, MOST_TOLD);
  const unused = unusedLines === 0 ? '' : `; ${unusedLines} line${unusedLines === 1 ? ' is' : 's are'} used by no row`;
  return [
    `${name}${safetyCritical ? ' (safety-critical)' : ''}: ${mappedCodes} of ${codes} codes, ${percent(mappedRows, rows)} of ${rows} rows mapped; a row with an unknown code is ${rowPolicy === 'hold' ? 'held' : 'loaded without it'}${unused}.`,
    ...told.map(
      ({ code, rows: number, otherTime }) =>
        `  "${shown(code)}"  ${number} row${number === 1 ? '' : 's'}${otherTime ? ', mapped at another time' : ''}`,
    ),
    ...(unmapped.length > told.length
      ? [`  and ${unmapped.length - told.length} more codes; --out FILE.csv has all`]
      : []),
    ...[...hiddenText(gaps), ...notes.sentences, ...met.notSeen].map((sentence) => `  ${sentence}`),
  ];
}

/** Whole numbers are not shown for what is not whole: 99.96 % is not 100 %. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const tenths = Math.floor((part / whole) * 1000) / 10;
  return `${part === whole ? '100' : tenths.toFixed(1)} %`;
}

/** A code as it is told: without characters that steer a terminal, and not a whole text. */
function shown(code: string): string {
  const plain = code.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return plain.length > LONGEST_CODE ? `${plain.slice(0, LONGEST_CODE)}…` : plain;
}

function reasonOf(otherTime: boolean): string {
  return otherTime ? 'mapped_at_another_time' : 'no_line';
}

/** Written beside its place and moved there, so that nobody reads a half; the run's own publications are not touched. */
async function writeGaps(project: Project, path: string, gaps: readonly Gaps[]): Promise<string> {
  const name = project.name(path);
  const there = (await readOptionalText(project, path))?.split(/\r?\n/)[0] ?? null;
  if (there !== null && there !== csvLine(GAP_COLUMNS))
    throw new UserError(`${name}: is there already and holds something else; name another file with --out.`);
  const lines = gaps.flatMap(({ name: crosswalk, safetyCritical, met, coverage, hidden }) =>
    coverage.unmapped.map((gap) => {
      const { rows, otherTime, uses } = gap;
      const reason = isShown(gap, hidden) ? reasonOf(otherTime) : 'no_code_not_shown';
      const code = isShown(gap, hidden) ? gap.code : '';
      const fields = uses.flatMap((use) => met.uses[use] ?? []).map((use) => `${use.targetTable}.${use.targetField}`);
      return [crosswalk, safetyCritical, code, rows, reason, [...new Set(fields)].join(' ')];
    }),
  );
  const temporary = project.at(`${path}.${process.pid}.tmp`);
  try {
    await writeFile(temporary, csvText(GAP_COLUMNS, lines));
    await rename(temporary, project.at(path));
  } catch (error) {
    await rm(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new UserError(`${name}: cannot be written (${code}); name a file in a folder that you may write with --out.`);
  }
  return name;
}
