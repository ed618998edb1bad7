import { parentPort } from 'node:worker_threads';
import type { Engine } from '../core/engine/engine.ts';
import { loadErd } from '../core/erd/loadErd.ts';
import { LIFECYCLE, runProductLifecycle } from '../core/lifecycle/runProductLifecycle.ts';
import { runStage } from '../core/lifecycle/runStage.ts';
import { STAGES, TOOLS } from '../core/lifecycle/stages.ts';
import { readMatrixText } from '../core/mapping/mappingMatrix.ts';
import { ARTEFACTS, Project } from '../core/project/layout.ts';
import { withProjectLock } from '../core/project/lock.ts';
import { readOptionalText } from '../core/project/readText.ts';
import { projectProblems, unknownCodes } from '../core/review/projectProblems.ts';
import { readProjectState } from '../core/review/projectState.ts';
import { Cancelled, UserError } from '../core/shared/errors.ts';
import { realContext } from '../host/realContext.ts';
import type { CoreAnswers, CoreRequest, FromCore, RunAnswer, ToCore } from './protocol.ts';

/** The thread in which the migration core runs for the editor. One request at a time may be cancelled by its number. */
const port = parentPort;
const running = new Map<number, AbortController>();
const never = new AbortController().signal;
/** A small database for checking rules; opened with the first check and kept, because opening takes a tenth of a second. */
let checker: Promise<Engine> | null = null;

port?.on('message', (message: ToCore) => {
  if (message.type === 'cancel') running.get(message.id)?.abort();
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

function send(message: FromCore): void {
  port?.postMessage(message);
}

async function answer(id: number, request: CoreRequest, signal: AbortSignal): Promise<CoreAnswers[keyof CoreAnswers]> {
  const project = new Project(request.project);
  switch (request.kind) {
    case 'run':
      return run(id, request, signal);
    case 'state':
      return readProjectState(project);
    case 'erd':
      return loadErd(project);
    case 'problems':
      return projectProblems(project, request.open, await checkingEngine(project));
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
      const codes = await unknownCodes(project, await checkingEngine(project));
      return codes.filter((code) => code.crosswalk === request.crosswalk).map(({ code, rows }) => ({ code, rows }));
    }
  }
}

function checkingEngine(project: Project): Promise<Engine> {
  checker ??= realContext({
    project: project.root,
    signal: never,
    emit: () => undefined,
    threads: 1,
    memoryLimitMb: 512,
  })
    .openEngine()
    .catch((error: unknown) => {
      checker = null;
      throw error;
    });
  return checker;
}

async function run(
  id: number,
  request: Extract<CoreRequest, { kind: 'run' }>,
  signal: AbortSignal,
): Promise<RunAnswer> {
  const context = realContext({
    project: request.project,
    signal,
    emit: (event) => send({ type: 'event', id, event }),
  });
  return withProjectLock(context.project, request.command, context.now(), async (): Promise<RunAnswer> => {
    if (request.command === LIFECYCLE.id) {
      const outcome = await runProductLifecycle(context, LIFECYCLE.options.parse(request.options));
      const error = outcome.outcomes.find((stage) => stage.error !== null)?.error ?? null;
      const text = outcome.outcomes.at(-1)?.result?.text ?? [];
      return { status: outcome.status, returnCode: outcome.returnCode, text, error: error?.message ?? null };
    }
    const stage = [...STAGES, ...TOOLS].find((known) => known.id === request.command);
    if (stage === undefined) throw new UserError(`There is no stage ${request.command}.`);
    const outcome = await runStage(context, stage, request.options);
    const text = outcome.result?.text ?? [];
    return { status: outcome.status, returnCode: outcome.returnCode, text, error: outcome.error?.message ?? null };
  });
}
