import { rename, rm } from 'node:fs/promises';
import type { Engine, Row } from '../../engine/engine.ts';
import { quoteIdentifier, quoteLiteral } from '../../engine/sqlText.ts';
import { readTriage, type TriageLine } from '../../governance/triage.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { readOptionalText } from '../../project/readText.ts';
import { Cancelled, throwIfCancelled, UserError } from '../../shared/errors.ts';
import { formatProblem } from '../../shared/problem.ts';
import { cutFiles } from './cutFiles.ts';
import { importIssues, issueFilesStamp } from './issueImport.ts';
import {
  ISSUE_FACETS,
  type IssueFacets,
  type IssueFiles,
  type IssueFilter,
  type IssueGrouping,
  type IssueGroups,
  type IssuePage,
  type IssueSort,
} from './issueQuery.ts';
import { groupsSql, readGroup, readIssueRow } from './issueRows.ts';
import {
  bucketRows,
  DECISION_TABLE,
  EXPORT_COLUMNS,
  filterSql,
  GROUP_DECISIONS,
  type IssueSource,
  isFormula,
  LINE_COLUMNS,
  MIXED_BUCKETS,
  OWN_DECISIONS,
  PLAIN_BUCKETS,
  rejectRowsSql,
  sortSql,
  textHits,
} from './issueSql.ts';
import { rejectedRows } from './rejectedRows.ts';
import { unlistedRows } from './unlistedRows.ts';

const MOST_VALUES = 500;
const DECISIONS_A_STATEMENT = 500;
export const MOST_ROWS_A_PAGE = 500;

/**
 * The issues of a project in the embedded database. Lines are kept in the order of their causes, so that a page is found
 * by counting causes (some thousands) instead of sorting lines (a million); only a text is looked for line by line, once.
 * Questions follow each other; one that is cancelled leaves the others as they are.
 */
export class IssueStore {
  readonly #project: Project;
  readonly #engine: Engine;
  readonly #now: () => Date;
  #queue: Promise<unknown> = Promise.resolve();
  #filesStamp = '';
  #decisions: string | null = null;
  #today = '';
  #files: IssueFiles;
  #triageNotices: readonly string[] = [];
  /** Some lines have decisions of their own. */
  #mixed = false;
  #closed = false;
  /** Rows that the rejects of the last filter are of. */
  #counted: { readonly key: string; readonly rows: number } | null = null;
  /** The text that the table `hits` holds the lines of. */
  #hitsOf: string | null = null;

  /**
   * @param engine a database of its own; the caller closes it
   * @param first versions of the list count on from it
   */
  constructor(project: Project, engine: Engine, now: () => Date, first = 0) {
    this.#project = project;
    this.#engine = engine;
    this.#now = now;
    this.#files = { version: first, total: 0, files: [], rejected: null, notices: [], notes: [] };
  }

  /** Stops what runs and refuses what comes; the database may be closed when this is done. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#engine.interrupt();
    await this.#queue;
  }

  /** What was read, after looking whether files or decisions changed. */
  files(signal: AbortSignal): Promise<IssueFiles> {
    return this.#ask(signal, async () => ({
      ...this.#files,
      rejected: await rejectedRows(this.#project),
      notices: [...this.#files.notices, ...this.#triageNotices],
      notes: [...(await cutFiles(this.#project, this.#engine, this.#files)), ...(await unlistedRows(this.#project))],
    }));
  }

  page(filter: IssueFilter, sort: IssueSort, offset: number, limit: number, signal: AbortSignal): Promise<IssuePage> {
    return this.#ask(signal, async () => {
      const source = await this.#source(filter);
      const most = Math.max(1, Math.min(limit, MOST_ROWS_A_PAGE));
      const ranges = await this.#engine.rows(
        `WITH o AS (SELECT start, n, sum(n) OVER (ORDER BY ${sortSql(sort)}) - n AS before, sum(n) OVER () AS found
          FROM ${source.buckets} WHERE ${filterSql(filter)})
         SELECT start::DOUBLE AS start, n::DOUBLE AS n, before::DOUBLE AS before, found::DOUBLE AS found FROM o
         WHERE before < ${offset + most} AND before + n > ${offset} ORDER BY before`,
      );
      const places = ranges.flatMap((range) => placesOf(range, offset, most));
      const found = ranges.length === 0 ? await this.#found(source, filter) : Number(ranges[0]?.['found'] ?? 0);
      return {
        version: this.#files.version,
        total: this.#files.total,
        found,
        rows: await this.#lines(source, places),
        ofRows: await this.#rowsOf(source, filter),
      };
    });
  }

  facets(filter: IssueFilter, signal: AbortSignal): Promise<IssueFacets> {
    return this.#ask(signal, async () => {
      const source = await this.#source(filter);
      const counts = ISSUE_FACETS.map(
        (facet) =>
          `SELECT '${facet}' AS facet, ${quoteIdentifier(facet)} AS value, sum(n)::DOUBLE AS rows FROM ${source.buckets}
           WHERE ${filterSql(filter, facet)} GROUP BY ALL`,
      );
      const rows = await this.#engine.rows(
        `SELECT facet, value, rows, of FROM (SELECT *, row_number() OVER (PARTITION BY facet ORDER BY rows DESC, value) AS place, count(*) OVER (PARTITION BY facet)::INTEGER AS of FROM (${counts.join(' UNION ALL ')}))
         WHERE place <= ${MOST_VALUES} ORDER BY facet, place`,
      );
      const facets = ISSUE_FACETS.map((facet) => {
        const own = rows.filter((row) => row['facet'] === facet);
        return [
          facet,
          {
            values: own.map((row) => [String(row['value']), Number(row['rows'])] as const),
            more: Math.max(0, Number(own[0]?.['of'] ?? 0) - own.length),
          },
        ];
      });
      return Object.fromEntries(facets) as IssueFacets;
    });
  }

  groups(
    filter: IssueFilter,
    by: IssueGrouping,
    offset: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<IssueGroups> {
    return this.#ask(signal, async () => {
      const source = await this.#source(filter);
      const rows = await this.#engine.rows(
        groupsSql(by, source.buckets, filterSql(filter), offset, Math.min(limit, MOST_ROWS_A_PAGE)),
      );
      return {
        version: this.#files.version,
        found: Number(rows[0]?.['of'] ?? 0),
        groups: rows.map((row) => readGroup(by, row)),
      };
    });
  }

  /** Lines by their places among all; those that are not there are left out. */
  rows(ordinals: readonly number[], signal: AbortSignal): Promise<IssuePage['rows']> {
    return this.#ask(signal, async () => {
      const whole = ordinals.filter((ordinal) => Number.isSafeInteger(ordinal)).slice(0, MOST_ROWS_A_PAGE);
      if (whole.length === 0) return [];
      const source = await this.#source({ only: {}, text: '' });
      return this.#lines(source, whole, 'ordinal');
    });
  }

  /** Runs a query over buckets and lines that another module wrote, with the text of the filter already looked for. */
  over<T>(
    filter: IssueFilter,
    signal: AbortSignal,
    work: (engine: Engine, source: IssueSource, version: number) => Promise<T>,
  ): Promise<T> {
    return this.#ask(signal, async () => work(this.#engine, await this.#source(filter), this.#files.version));
  }

  /**
   * Writes what the filter finds to a CSV file, by the database itself. A cell that a spreadsheet would run as a formula
   * gets an apostrophe in front.
   *
   * @param path absolute; replaced only when the whole list is written
   * @throws UserError when it cannot be written, or is a file that the project works with
   */
  export(
    filter: IssueFilter,
    sort: IssueSort,
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly rows: number; readonly guarded: number }> {
    return this.#ask(signal, async () => {
      const name = this.#project.name(path);
      if (Object.values(ARTEFACTS).some((own) => name === own || name.startsWith(`${own}/`)))
        throw new UserError(`${name} is a file that the project works with; choose another place for the list.`);
      const source = await this.#source(filter);
      const temporary = `${path}.tmp-${process.pid}`;
      const lines = `SELECT ${LINE_COLUMNS}, r.place, l.n FROM ${source.lines} l
        JOIN (SELECT *, row_number() OVER (ORDER BY ${sortSql(sort)}) AS place FROM ${source.buckets} WHERE ${filterSql(filter)}) r ON r.bucket = l.bucket
        JOIN issue i ON i.ordinal = l.ordinal JOIN message m ON m.message_id = i.message_id`;
      const safe = EXPORT_COLUMNS.map(
        (column) => `CASE WHEN ${isFormula(column)} THEN '''' || ${column} ELSE ${column} END AS ${column}`,
      );
      const any = EXPORT_COLUMNS.map((column) => `(${isFormula(column)})::INTEGER`).join(' + ');
      try {
        const rows = await this.#engine.run(
          `COPY (SELECT ${safe.join(', ')} FROM (${lines}) ORDER BY place, n) TO ${quoteLiteral(temporary)} (FORMAT csv, HEADER, QUOTE '"', ESCAPE '"')`,
        );
        const [guarded] = await this.#engine.rows(`SELECT coalesce(sum(${any}), 0)::DOUBLE AS n FROM (${lines})`);
        throwIfCancelled(signal);
        await rename(temporary, path);
        return { rows, guarded: Number(guarded?.['n'] ?? 0) };
      } catch (error) {
        if (error instanceof Cancelled) throw error;
        throw new UserError(
          `The list cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); choose another place.`,
        );
      } finally {
        await rm(temporary, { force: true });
      }
    });
  }

  async #found(source: IssueSource, filter: IssueFilter): Promise<number> {
    const [row] = await this.#engine.rows(
      `SELECT coalesce(sum(n), 0)::DOUBLE AS n FROM ${source.buckets} WHERE ${filterSql(filter)}`,
    );
    return Number(row?.['n'] ?? 0);
  }

  /** Rows that rejects are of; asked once for a filter, whatever page of it is shown. */
  async #rowsOf(source: IssueSource, filter: IssueFilter): Promise<number | null> {
    if (filter.only.origin?.join() !== 'reject') return null;
    const key = JSON.stringify([this.#files.version, this.#today, filter]);
    if (this.#counted?.key === key) return this.#counted.rows;
    const [row] = await this.#engine.rows(rejectRowsSql(source, filter));
    const rows = Number(row?.['n'] ?? 0);
    this.#counted = { key, rows };
    return rows;
  }

  /** The lines at these places of a source, in that order. */
  async #lines(source: IssueSource, places: readonly number[], by: 'n' | 'ordinal' = 'n'): Promise<IssuePage['rows']> {
    if (places.length === 0) return [];
    const span = `l.${by} BETWEEN ${Math.min(...places)} AND ${Math.max(...places)}`;
    const found = await this.#engine.rows(
      `SELECT l.${by}::DOUBLE AS place, ${LINE_COLUMNS} FROM (SELECT * FROM ${source.lines} l WHERE ${span} AND l.${by} IN (${places.join(', ')})) l
       JOIN issue i ON i.ordinal = l.ordinal JOIN message m ON m.message_id = i.message_id JOIN bucket_row r ON r.bucket = l.bucket`,
    );
    const byPlace = new Map<number, Row>(found.map((row) => [Number(row['place']), row]));
    return places.flatMap((place) => {
      const row = byPlace.get(place);
      return row === undefined ? [] : [readIssueRow(row)];
    });
  }

  /** Buckets and lines of a filter's text, which is looked for when it is another than the last. */
  async #source(filter: IssueFilter): Promise<IssueSource> {
    const text = filter.text.trim();
    if (text === '')
      return {
        buckets: 'bucket_row',
        lines: this.#mixed ? 'base' : '(SELECT ordinal AS n, ordinal, cause AS bucket FROM issue)',
      };
    if (this.#hitsOf !== text) {
      this.#hitsOf = null;
      for (const statement of textHits(text, this.#mixed)) await this.#engine.run(statement);
      this.#hitsOf = text;
    }
    return { buckets: 'hit_row', lines: 'hits' };
  }

  /** One question after the other; a cancel stops its own query and nothing else. */
  #ask<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const answer = this.#queue.then(async () => {
      throwIfCancelled(signal);
      this.#goOn();
      const interrupt = (): void => this.#engine.interrupt();
      // Reading the files serves every question, so one that is given up does not stop it.
      await this.#refresh();
      this.#goOn();
      throwIfCancelled(signal);
      signal.addEventListener('abort', interrupt);
      try {
        return await work();
      } finally {
        signal.removeEventListener('abort', interrupt);
      }
    });
    this.#queue = answer.catch(() => undefined);
    return answer;
  }

  #goOn(): void {
    if (this.#closed) throw new Cancelled();
  }

  async #refresh(): Promise<void> {
    const stamp = await issueFilesStamp(this.#project);
    const imported = stamp !== this.#filesStamp;
    if (imported) {
      this.#filesStamp = '';
      this.#decisions = null;
      const read = await importIssues(this.#engine, this.#project, () => this.#goOn());
      this.#filesStamp = stamp;
      this.#files = { ...read, rejected: null, notes: [], version: this.#files.version + 1 };
    }
    const today = this.#now().toISOString().slice(0, 10);
    const text = (await readOptionalText(this.#project, ARTEFACTS.triage).catch(() => null)) ?? '';
    if (text !== this.#decisions) {
      this.#decisions = null;
      this.#hitsOf = null;
      await this.#importDecisions();
      if (!imported) this.#files = { ...this.#files, version: this.#files.version + 1 };
      this.#decisions = text;
      this.#today = '';
    }
    if (today !== this.#today) {
      await this.#engine.run(bucketRows(today));
      this.#hitsOf = null;
      this.#today = today;
    }
  }

  async #importDecisions(): Promise<void> {
    const { value, problems } = await readTriage(this.#project).catch((error: unknown) => {
      if (error instanceof UserError) return { value: [], problems: [], error: error.message };
      throw error;
    });
    this.#triageNotices = problems.slice(0, 3).map(formatProblem);
    const lines = [...new Map(value.map((line) => [line.key, line])).values()];
    await this.#engine.run(DECISION_TABLE);
    for (let at = 0; at < lines.length; at += DECISIONS_A_STATEMENT) {
      const values = lines.slice(at, at + DECISIONS_A_STATEMENT).map((line, index) => decisionValues(line, at + index));
      await this.#engine.run(`INSERT INTO decision VALUES ${values.join(', ')}`);
    }
    await this.#engine.run(OWN_DECISIONS);
    await this.#engine.run(GROUP_DECISIONS);
    const [own] = await this.#engine.rows('SELECT count(*)::DOUBLE AS n FROM own');
    this.#mixed = Number(own?.['n'] ?? 0) > 0;
    for (const statement of this.#mixed ? MIXED_BUCKETS : PLAIN_BUCKETS) await this.#engine.run(statement);
  }
}

function decisionValues(line: TriageLine, id: number): string {
  const texts = [line.key, line.disposition, line.owner, line.dueDate, line.comment];
  const quoted = texts.map((text) => quoteLiteral(text.replaceAll('\0', '')));
  return `(${id + 1}, ${quoted.join(', ')}, ${line.decidedRows ?? 'NULL'})`;
}

/** Places of the lines of one bucket that stand on the page. */
function placesOf(range: Row, offset: number, limit: number): number[] {
  const [start, n, before] = ['start', 'n', 'before'].map((name) => Number(range[name]));
  if (start === undefined || n === undefined || before === undefined) return [];
  const from = Math.max(0, offset - before);
  const to = Math.min(n, offset + limit - before);
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => start + from + index);
}
