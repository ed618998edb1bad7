import type { TableLoad } from '../../connectors/loadReport.ts';
import type { Engine } from '../../engine/engine.ts';
import type { StageContext } from '../../lifecycle/stage.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { type Attempt, addLinks, enforceOwn, listBrokenLinks, validateLinks } from '../enforceConstraints.ts';
import { addMisfits, type ContractFile, type FileFacts, readFileFacts } from '../fileSide.ts';
import type { IssueList } from '../issueList.ts';
import { dropLoadSchema } from './loadSchemas.ts';
import type { ServerSession } from './serverSession.ts';
import { openStaging, type Progress, stagedFacts, TableSender } from './staging.ts';

/** A table's line of the report, filled in as the load goes on. */
export type TableProgress = { -readonly [K in keyof TableLoad]: TableLoad[K] };

export interface StagedLoadInput {
  readonly context: StageContext;
  readonly sessions: readonly ServerSession[];
  readonly staging: string;
  readonly files: readonly ContractFile[];
  readonly loadKey: string;
  readonly batchBytes: number;
  readonly issues: IssueList;
  /** A table is being worked on, and so many are done. */
  readonly progress: (table: string, done: number, rows?: number) => void;
}

const attempt: Attempt = async (session, sql) => {
  await session.rows(sql);
};

/** Fills the staging schema, compares it with the files and adds the constraints; violations go to the issue list. */
export class StagedLoad {
  readonly tables: TableProgress[];
  readonly #input: StagedLoadInput;
  readonly #facts = new Map<string, Promise<FileFacts>>();
  #resumed: ReadonlyMap<string, Progress> = new Map();
  #keysHold = true;
  #done = 0;

  constructor(input: StagedLoadInput) {
    this.#input = input;
    this.tables = input.files.map(({ table, rows }) => ({
      table: table.name,
      rowsInFile: rows,
      rowsSent: 0,
      rowsInTarget: null,
      checksumFile: null,
      checksumTarget: null,
      batches: 0,
      batchesResumed: 0,
      durationMs: 0,
    }));
  }

  async run(): Promise<void> {
    const { context, staging, loadKey, files } = this.#input;
    const engine = await context.openEngine();
    try {
      this.#resumed = await openStaging(this.#session(), staging, loadKey, context.runId);
      // Large tables first, so that no session waits long for another at the end.
      const bySize = [...files].sort((a, b) => b.bytes - a.bytes);
      this.#startReading(engine, bySize);
      await this.#eachSession(bySize, (session, file) => this.#table(session, file));
      if (await this.#addMisfits(engine)) return;
      await this.#links(bySize);
    } finally {
      // A reading that still runs must not outlive its database.
      await Promise.allSettled(this.#facts.values());
      await engine.close();
    }
  }

  async drop(): Promise<void> {
    await dropLoadSchema(this.#session(), this.#input.staging);
  }

  #session(): ServerSession {
    const [session] = this.#input.sessions;
    if (session === undefined) throw new Error('There is no session.');
    return session;
  }

  /** The second reader goes through the files, one after the other, while they are sent. */
  #startReading(engine: Engine, files: readonly ContractFile[]): void {
    let before: Promise<unknown> = Promise.resolve();
    for (const file of files) {
      const facts = before.then(() => {
        if (this.#input.context.signal.aborted) throw new Cancelled();
        return readFileFacts(engine, file);
      });
      facts.catch(() => undefined);
      before = facts;
      this.#facts.set(file.table.name, facts);
    }
  }

  /** Work on all files, one file a session at a time. The first failure ends it once all sessions have stopped. */
  async #eachSession(
    files: readonly ContractFile[],
    work: (session: ServerSession, file: ContractFile) => Promise<void>,
  ): Promise<void> {
    const waiting = [...files];
    const { sessions, context } = this.#input;
    const failures: unknown[] = [];
    await Promise.all(
      sessions.map(async (session) => {
        try {
          for (let file = waiting.shift(); file !== undefined && failures.length === 0; file = waiting.shift()) {
            if (context.signal.aborted) throw new Cancelled();
            await work(session, file);
          }
        } catch (error) {
          failures.push(error);
          // The others need not send what will not be used.
          for (const other of sessions) if (other !== session) other.abort();
        }
      }),
    );
    if (failures.length > 0) throw failures[0];
  }

  async #table(session: ServerSession, file: ContractFile): Promise<void> {
    const { context, staging, issues } = this.#input;
    const line = this.#line(file);
    const started = context.now().getTime();
    this.#input.progress(file.table.name, this.#done);
    const there = this.#resumed.get(file.table.name);
    await this.#send(session, file, there);
    const facts = await this.#fact(file);
    if (facts.misfits > 0) return;
    if (!(await this.#agrees(session, file, facts)) && there !== undefined) {
      // What an earlier attempt left is not what the file holds; once more, from the beginning.
      await this.#send(session, file, undefined);
      await this.#agrees(session, file, facts);
    }
    if (line.checksumTarget !== facts.checksum)
      throw new UserError(
        `${file.name}: what the server stored is not what the file holds (row count or checksum differ); the table was not loaded.`,
      );
    if (!(await enforceOwn(session, staging, file.table, attempt, issues))) this.#keysHold = false;
    this.#done += 1;
    line.durationMs = context.now().getTime() - started;
    this.#input.progress(file.table.name, this.#done, facts.rows);
  }

  async #send(session: ServerSession, file: ContractFile, there: Progress | undefined): Promise<void> {
    const line = this.#line(file);
    const sender = new TableSender(session, this.#input.staging, file, this.#input.batchBytes, () =>
      this.#input.progress(file.table.name, this.#done),
    );
    try {
      const now = await sender.send(there);
      line.rowsSent = now.rows - (there?.rows ?? 0);
      line.batches = now.batches - (there?.batches ?? 0);
      line.batchesResumed = there?.batches ?? 0;
    } catch (error) {
      // A cell that does not fit stops COPY at once; the second reader then names all of them.
      if ((await this.#fact(file)).misfits === 0) throw error;
    }
  }

  async #agrees(session: ServerSession, file: ContractFile, facts: FileFacts): Promise<boolean> {
    const line = this.#line(file);
    const staged = await stagedFacts(session, this.#input.staging, file);
    line.checksumFile = facts.checksum;
    line.checksumTarget =
      staged.rows === facts.rows && facts.rows === file.rows ? staged.checksum : 'row count differs';
    return line.checksumTarget === facts.checksum;
  }

  /** Names cells that do not fit their column. True when there are any: the links are not looked at then. */
  async #addMisfits(engine: Engine): Promise<boolean> {
    let found = false;
    for (const file of this.#input.files) {
      if ((await this.#fact(file)).misfits === 0) continue;
      found = true;
      await addMisfits(engine, file, this.#input.issues);
    }
    return found;
  }

  async #links(files: readonly ContractFile[]): Promise<void> {
    const { staging, issues } = this.#input;
    if (!this.#keysHold) {
      await this.#eachSession(files, (session, file) => listBrokenLinks(session, staging, file.table, issues));
      return;
    }
    for (const file of files) await addLinks(this.#session(), staging, file.table);
    await this.#eachSession(files, async (session, file) => {
      await validateLinks(session, staging, file.table, attempt, issues);
    });
  }

  #fact(file: ContractFile): Promise<FileFacts> {
    const facts = this.#facts.get(file.table.name);
    if (facts === undefined) throw new Error('The file was not given to the second reader.');
    return facts;
  }

  #line(file: ContractFile): TableProgress {
    const line = this.tables.find((candidate) => candidate.table === file.table.name);
    if (line === undefined) throw new Error('The table is not in the report.');
    return line;
  }
}
