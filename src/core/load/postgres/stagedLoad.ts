import type { TableLoad } from '../../connectors/loadReport.ts';
import type { Engine } from '../../engine/engine.ts';
import type { StageContext } from '../../lifecycle/stage.ts';
import { Cancelled, UserError } from '../../shared/errors.ts';
import { type Attempt, addLinks, enforceOwn, listBrokenLinks, validateLinks } from '../enforceConstraints.ts';
import { addMisfits, type ContractFile, type FileFacts, readFileFacts } from '../fileSide.ts';
import type { IssueList } from '../issueList.ts';
import { TargetError } from '../sqlSession.ts';
import { dropLoadSchema } from './loadSchemas.ts';
import { readBackHash } from './readBackHash.ts';
import type { ServerSession } from './serverSession.ts';
import { openStaging, type Progress, storedFacts, TableSender } from './staging.ts';

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
  readonly #misfits: ContractFile[] = [];
  #engine: Promise<Engine> | null = null;
  #reading: Promise<unknown> = Promise.resolve();
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
    await this.#withEngine(async () => {
      this.#resumed = await openStaging(this.#session(), staging, loadKey, context.runId);
      // Large tables first, so that no session waits long for another at the end.
      const bySize = [...files].sort((a, b) => b.bytes - a.bytes);
      await this.#eachSession(bySize, (session, file) => this.#table(session, file));
      if (this.#misfits.length > 0) await this.#addMisfits();
      else await this.#links(bySize);
    });
  }

  /** Whether a schema holds the rows of all files already, compared as staged rows are. */
  async heldBy(schema: string): Promise<boolean> {
    let all = true;
    await this.#withEngine(() =>
      this.#eachSession(this.#input.files, async (session, file) => {
        const held = await this.#agrees(session, schema, file).catch((error: unknown) => {
          // Somebody took the table or a column away.
          if (error instanceof TargetError && error.code.startsWith('42')) return false;
          throw error;
        });
        if (!held) all = false;
      }),
    );
    return all;
  }

  async #withEngine(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } finally {
      await this.#reading.catch(() => undefined);
      await this.#engine?.then((engine) => engine.close());
      this.#engine = null;
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
    if (!(await this.#send(session, file, there))) return;
    let agrees = await this.#agrees(session, staging, file);
    if (!agrees && there !== undefined) {
      // What an earlier attempt left is not what the file holds; once more, from the beginning.
      if (!(await this.#send(session, file, undefined))) return;
      agrees = await this.#agrees(session, staging, file);
    }
    if (!agrees)
      throw new UserError(
        `${file.name}: what the server stored is not what the file holds (row count or checksum differ); the table was not loaded.`,
      );
    if (!(await enforceOwn(session, staging, file.table, attempt, issues))) this.#keysHold = false;
    this.#done += 1;
    line.durationMs = context.now().getTime() - started;
    this.#input.progress(file.table.name, this.#done, file.rows);
  }

  /** False when cells of the file do not fit their columns. */
  async #send(session: ServerSession, file: ContractFile, there: Progress | undefined): Promise<boolean> {
    const line = this.#line(file);
    const sender = new TableSender(session, this.#input.staging, file, this.#input.batchBytes, () =>
      this.#input.progress(file.table.name, this.#done),
    );
    try {
      const now = await sender.send(there);
      line.rowsSent = now.rows - (there?.rows ?? 0);
      line.batches = now.batches - (there?.batches ?? 0);
      line.batchesResumed = there?.batches ?? 0;
      return true;
    } catch (error) {
      // A cell that does not fit stops COPY at once; the second reader then names all of them.
      const data = error instanceof TargetError && error.code.startsWith('22');
      if (!data || (await this.#facts(file)).misfits === 0) throw error;
      this.#misfits.push(file);
      return false;
    }
  }

  /**
   * Whether the server holds what the file does: it gives back the very bytes, or, when the file writes a value in another
   * way than the server prints it, the checksum over the values is the same.
   */
  async #agrees(session: ServerSession, schema: string, file: ContractFile): Promise<boolean> {
    const line = this.#line(file);
    const bytes = await readBackHash(session, schema, file);
    if (bytes === file.sha256) {
      line.checksumFile = `sha256:${file.sha256}`;
      line.checksumTarget = `sha256:${bytes}`;
      return true;
    }
    const facts = await this.#facts(file);
    const staged = await storedFacts(session, schema, file);
    line.checksumFile = facts.checksum;
    line.checksumTarget =
      staged.rows === facts.rows && facts.rows === file.rows ? staged.checksum : 'row count differs';
    return line.checksumTarget === facts.checksum;
  }

  /** Names the cells that do not fit their columns; the links are not looked at then. */
  async #addMisfits(): Promise<void> {
    for (const file of this.#input.files) {
      if ((await this.#facts(file)).misfits === 0) continue;
      await addMisfits(await this.#openEngine(), file, this.#input.issues);
    }
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

  /** What a second reader finds in a file; files are read one after the other, and only when they must be. */
  #facts(file: ContractFile): Promise<FileFacts> {
    const facts = this.#reading.then(async () => {
      if (this.#input.context.signal.aborted) throw new Cancelled();
      return readFileFacts(await this.#openEngine(), file);
    });
    this.#reading = facts.catch(() => undefined);
    return facts;
  }

  #openEngine(): Promise<Engine> {
    this.#engine ??= this.#input.context.openEngine();
    return this.#engine;
  }

  #line(file: ContractFile): TableProgress {
    const line = this.tables.find((candidate) => candidate.table === file.table.name);
    if (line === undefined) throw new Error('The table is not in the report.');
    return line;
  }
}
