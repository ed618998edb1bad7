import { parentPort } from 'node:worker_threads';
import { isRecorded, recordContractChange } from '../core/audit/contractAudit.ts';
import { readContractLocks } from '../core/contract/lockFile.ts';
import { ruleScopes } from '../core/contract/ruleScopes.ts';
import type { Engine } from '../core/engine/engine.ts';
import { loadErd } from '../core/erd/loadErd.ts';
import { personOf } from '../core/governance/acting.ts';
import { lastAsked } from '../core/history/lastAsked.ts';
import { runCommand } from '../core/lifecycle/runCommand.ts';
import type { StageContext } from '../core/lifecycle/stage.ts';
import { readMatrixText } from '../core/mapping/mappingMatrix.ts';
import { ARTEFACTS, Project } from '../core/project/layout.ts';
import { withProjectLock } from '../core/project/lock.ts';
import { requireProjectFolder } from '../core/project/projectFolder.ts';
import { readOptionalText } from '../core/project/readText.ts';
import { Checking } from '../core/review/checking.ts';
import { type ContractEditPlan, ContractSheet, EVERY_ROW } from '../core/review/contractSheet.ts';
import { evidencePlaces } from '../core/review/evidencePlaces.ts';
import { mergeContracts } from '../core/review/mergeContracts.ts';
import { readOffers } from '../core/review/offers.ts';
import { projectProblems, unknownCodes } from '../core/review/projectProblems.ts';
import { readBusy, readProjectState } from '../core/review/projectState.ts';
import { renameColumn } from '../core/review/renameColumn.ts';
import { reviewerOf } from '../core/review/reviewer.ts';
import { rowDetail } from '../core/review/rowDetail.ts';
import { rowProblems } from '../core/review/rowProblems.ts';
import { sourceCodes } from '../core/review/sourceCodes.ts';
import { Cancelled, UserError } from '../core/shared/errors.ts';
import { contractVersion } from '../core/snapshots/contractVersion.ts';
import { realContext } from '../host/realContext.ts';
import { answerConnector, secretsFrom } from './connectorRequests.ts';
import { answerDiff, answerPlan } from './contractAnswers.ts';
import { answerPanel } from './corePanels.ts';
import { answerCrosswalk, isCrosswalkRequest } from './crosswalkSheets.ts';
import { IssueRequests } from './issueRequests.ts';
import type { CoreAnswers, CoreRequest, FromCore, RunAnswer, ToCore } from './protocol.ts';

/** The thread in which the migration core runs for the editor. One request at a time may be cancelled by its number. */
const port = parentPort;
const running = new Map<number, AbortController>();
const never = new AbortController().signal;
/** By project and name set in the editor. */
const contexts = new Map<string, StageContext>();
/** The contract as an open grid shows it, by project. */
const sheets = new Map<string, ContractSheet>();
/** The issues that a Quality panel looks at. */
const issues = new IssueRequests();
/** A small database for checking rules; opened with the first check and kept, because opening takes a tenth of a second. */
let checker: Promise<Checking> | null = null;

port?.on('message', (message: ToCore) => {
  if (message.type === 'cancel') running.get(message.id)?.abort();
  else if (message.type === 'close') void close();
  else void serve(message.id, message.request);
});

async function serve(id: number, request: CoreRequest): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    send({ type: 'answer', id, answer: await answer(id, request, abort.signal) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ type: 'failed', id, message, mendable: error instanceof UserError || error instanceof Cancelled });
  } finally {
    running.delete(id);
  }
}

/** Cancels what runs, waits until it has left its files whole, and ends the thread. */
async function close(): Promise<void> {
  for (const abort of running.values()) abort.abort();
  while (running.size > 0) await new Promise((resolve) => setTimeout(resolve, 10));
  await (await checker)?.engine.close();
  await issues.close();
  port?.close();
}

function send(message: FromCore): void {
  port?.postMessage(message);
}

/** Questions that a project of which nothing is there would answer as if nothing had been run yet. */
const OF_THE_FOLDER: ReadonlySet<CoreRequest['kind']> = new Set([
  'state',
  'dashboard',
  'decideProfiles',
  'lifecycle',
  'runs',
  'users',
  'quality',
  'erd',
  'connector',
  'problems',
] as const);

async function answer(id: number, request: CoreRequest, signal: AbortSignal): Promise<CoreAnswers[keyof CoreAnswers]> {
  const project = new Project(request.project);
  const closes = request.kind === 'quality' && request.ask.about === 'release';
  if (OF_THE_FOLDER.has(request.kind) && !closes) await requireProjectFolder(project);
  if (isCrosswalkRequest(request)) return answerCrosswalk(request, { checking: checkingFor, openEngine, signal });
  switch (request.kind) {
    case 'run':
      return run(id, request, signal);
    case 'state':
      return readProjectState(project);
    case 'busy':
      return readBusy(project);
    case 'lastAsked':
      return lastAsked(project);
    case 'sheetAhead': {
      const text = sheets.has(request.project) ? null : await readOptionalText(project, ARTEFACTS.contract);
      // The editor's own text may have come meanwhile; it is the one that counts.
      if (text === null || sheets.has(request.project)) return null;
      const sheet = new ContractSheet(text, 0);
      sheet.page(EVERY_ROW, 0, 1);
      sheets.set(request.project, sheet);
      return null;
    }
    case 'sheetText':
      if (sheets.get(request.project)?.adopt(request.text, request.version) !== true)
        sheets.set(request.project, new ContractSheet(request.text, request.version));
      return null;
    case 'sheetChanges':
      sheets.get(request.project)?.change(request.changes, request.version);
      return null;
    case 'sheetMarks':
      sheets.get(request.project)?.mark(request.marks);
      return null;
    case 'sheetPage':
      return sheets.get(request.project)?.page(request.query, request.offset, request.limit, request.facets) ?? null;
    case 'sheetPlan': {
      const sheet = sheets.get(request.project);
      if (sheet === undefined) return null;
      if (sheet.version === request.version) return planned(project, sheet, request);
      const index = request.row === null ? -1 : sheet.indexWith(request.row, request.row.was);
      return index < 0 ? null : planned(project, sheet, { ...request, selection: { indexes: [index] } });
    }
    case 'sheetCheck': {
      const sheet = sheets.get(request.project);
      if (sheet?.version !== request.version) return null;
      const { index, set } = request;
      const asked = { selection: { indexes: [index] }, set, editor: request.editor, comment: null };
      const [refused] = (await planned(project, sheet, asked)).plan.refused;
      const marks = await rowProblems(project, sheet, index, set, await checkingFor(project), request.tables);
      return { marks, refusal: refused?.reason ?? null };
    }
    case 'mergeContracts':
      return mergeContracts(request.base, request.mine, request.theirs, request.choices);
    case 'renameColumn': {
      const tables = (await readOptionalText(project, ARTEFACTS.contractTables)) ?? '';
      return renameColumn(request.text, request, ruleScopes(tables, ARTEFACTS.contractTables));
    }
    case 'sheetDetail': {
      const sheet = sheets.get(request.project);
      if (sheet?.version !== request.version) return null;
      const row = sheet.row(request.index);
      if (row === null) return null;
      const cells = sheet.cells(request.index);
      const sample = request.samples ? () => openForSample(project, signal) : null;
      return { row, detail: await rowDetail(project, cells, await checkingFor(project), sample) };
    }
    case 'sheetIndex':
      return sheets.get(request.project)?.indexOf(request.table, request.field, request.rowSet) ?? -1;
    case 'offers':
      return readOffers(project, await checkingFor(project));
    case 'recordContract': {
      // A look takes no lock, so that it never stands in the way of a run.
      if (request.reviews.length === 0 && (await isRecorded(project))) return 0;
      const at = new Date();
      try {
        return await withProjectLock(project, 'review', at, async () => {
          const { name } = await personOf(contextOf(request.project, request.editor));
          const who = request.found ? `not known; found by ${name}` : name;
          return (await recordContractChange(project, { who, at, reviews: request.reviews })).length;
        });
      } catch (error) {
        if (error instanceof UserError) return null;
        throw error;
      }
    }
    case 'dashboard':
    case 'decideProfiles':
    case 'lifecycle':
    case 'runs':
    case 'users':
    case 'compareRuns':
    case 'keptText':
    case 'restorePlan':
      return answerPanel(project, request, openEngine);
    case 'contractVersion':
      return contractVersion(project, request.snapshot);
    case 'contractDiff':
      return answerDiff(project, request.before, request.after);
    case 'contractLocks':
      return readContractLocks(project);
    case 'planContract':
      return answerPlan(
        realContext({ project: request.project, signal, emit: (event) => send({ type: 'event', id, event }) }),
        request.files,
      );
    case 'connector':
      return answerConnector(request.ask, (secret) =>
        realContext({ project: request.project, signal, emit: () => undefined, secret }),
      );
    case 'quality':
      return issues.answer(request.project, request.ask, signal);
    case 'erd':
      return loadErd(project);
    case 'problems':
      return projectProblems(project, request.open, await checkingFor(project));
    case 'candidates': {
      const text = await readOptionalText(project, ARTEFACTS.mappingMatrix);
      const rows = text === null ? [] : readMatrixText(text, ARTEFACTS.mappingMatrix).value;
      return rows
        .filter(
          (row) => row.targetTable === request.table && row.targetField === request.field && row.sourceField !== '',
        )
        .map(({ rank, sourceTable, sourceField, score, proposedClass, reasons }) => ({
          rank,
          sourceTable,
          sourceField,
          score,
          proposedClass,
          reasons,
        }));
    }
    case 'unknownCodes': {
      const codes = await unknownCodes(project, await checkingFor(project));
      return codes.filter((code) => code.crosswalk === request.crosswalk).map(({ code, rows }) => ({ code, rows }));
    }
    case 'sourceCodes':
      return sourceCodes(project, request.table, request.field, (await checkingFor(project)).engine);
    case 'evidence':
      return evidencePlaces(project, request.subject);
  }
}

/** Plans an edit for the person at the keyboard, by their role. */
async function planned(
  project: Project,
  sheet: ContractSheet,
  given: Pick<Extract<CoreRequest, { kind: 'sheetPlan' }>, 'selection' | 'set' | 'editor' | 'comment'>,
): Promise<{ plan: ContractEditPlan; who: string }> {
  const identity = await contextOf(project.root, given.editor).identity();
  const reviewer = await reviewerOf(project, identity, await checkingFor(project));
  const words = { comment: given.comment, mayNotDecide: reviewer.mayNotDecide };
  return { plan: sheet.plan(given.selection, given.set, reviewer.name, words), who: reviewer.name };
}

/** The world as the person at the keyboard has it; asked for once, because git is asked too. */
function contextOf(root: string, editor: string): StageContext {
  const key = `${root}\0${editor}`;
  const known = contexts.get(key) ?? realContext({ project: root, editor, signal: never, emit: () => undefined });
  contexts.set(key, known);
  return known;
}

function checkingFor(project: Project): Promise<Checking> {
  checker ??= openEngine(project)
    .then((engine) => new Checking(engine))
    .catch((error: unknown) => {
      checker = null;
      throw error;
    });
  return checker;
}

/** Longer than this nobody looks at a sample being made. */
const SAMPLE_MS = 15_000;

/** A database of its own for trying one row: it is thrown away, and stops by itself. */
function openForSample(project: Project, signal: AbortSignal): Promise<Engine> {
  return realContext({
    project: project.root,
    signal: AbortSignal.any([signal, AbortSignal.timeout(SAMPLE_MS)]),
    emit: () => undefined,
    memoryLimitMb: 1024,
  }).openEngine();
}

/** A small database beside the one that runs. */
function openEngine(project: Project): Promise<Engine> {
  const options = { project: project.root, signal: never, emit: () => undefined, threads: 1, memoryLimitMb: 512 };
  return realContext(options).openEngine();
}

async function run(
  id: number,
  request: Extract<CoreRequest, { kind: 'run' }>,
  signal: AbortSignal,
): Promise<RunAnswer> {
  const context = realContext({
    project: request.project,
    editor: request.editor,
    secret: secretsFrom(request.given),
    signal,
    emit: (event) => send({ type: 'event', id, event }),
  });
  const { status, returnCode, text, error, summary } = await runCommand(context, request.command, request.options);
  return { status, returnCode, text, error, summary };
}
