import type { Progress } from '../../core/history/progressFile.ts';
import type { PastRun } from '../../core/history/runHistory.ts';
import { runName } from '../../core/history/runName.ts';
import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ProjectState, StageState } from '../../core/review/projectState.ts';
import { age, icon, type Node, openAt } from './tree.ts';

/** Stages with state, duration and stale marks, the running one live whoever started it; past runs. */
export function executionNodes(root: string, state: ProjectState, running: string | null): Node[] {
  const live = running ?? state.progress?.stage ?? state.busy;
  const stages = state.stages.map((stage) => stageNode(stage, live, state.progress));
  const tool =
    live !== null && !state.stages.some((stage) => stage.id === live)
      ? [{ id: 'running', label: live, description: progressText(state.progress), icon: icon('sync~spin') }]
      : [];
  const runs: Node = {
    id: 'runs',
    label: 'Past runs',
    description: state.runs.length === 0 ? 'none yet' : `${state.runs.length}`,
    icon: icon('history'),
    children: () => state.runs.map((run, index) => runNode(root, run, index === 0)),
  };
  return [...stages, ...tool, runs];
}

function stageNode(stage: StageState, live: string | null, progress: Progress | null): Node {
  const isRunning = stage.id === live;
  const made =
    stage.madeAt === null
      ? 'not run yet'
      : `${age(stage.madeAt)}${stage.restored === null ? '' : ` · restored ${age(stage.restored.at)}`}${stage.stale ? ' · stale: an input changed since' : ''}`;
  const duration = stage.durationMs === 0 ? '' : ` · ${seconds(stage.durationMs)}`;
  return {
    id: `stage/${stage.id}`,
    stageId: stage.id,
    label: stage.title,
    description: isRunning ? progressText(progress) : `${made}${duration}`,
    tooltip: [stage.summary, stage.message].filter((text) => text !== '').join('\n'),
    icon: isRunning
      ? icon('sync~spin')
      : stage.madeAt === null
        ? icon('circle-outline')
        : stage.stale
          ? icon('history', 'problemsWarningIcon.foreground')
          : stage.status === 'failed' || stage.status === 'error' || stage.status === 'unreadable'
            ? icon('error', 'testing.iconFailed')
            : icon('pass', 'testing.iconPassed'),
    context: 'stage',
  };
}

/** A past run with what it decided. Only the newest one's reports are still on disk. */
function runNode(root: string, run: PastRun, newest: boolean): Node {
  const facts: Node[] = [];
  const add = (label: string, description: string, path: string | null): void => {
    const open = path === null || !newest ? {} : { command: openAt(root, path) };
    facts.push({ id: `run/${run.run_id}/${label}`, label, description, icon: icon('circle-small-filled'), ...open });
  };
  add('Return code', String(run.return_code), null);
  if (run.gates !== null) {
    const { profile, status, failed, not_proven } = run.gates;
    add('Gates', `${profile}: ${status}`, ARTEFACTS.gateReport);
    if (failed.length > 0) add('Failed gates', failed.join(', '), ARTEFACTS.gateReport);
    if (not_proven.length > 0) add('Not proven', not_proven.join(', '), ARTEFACTS.gateReport);
  }
  if (run.rows !== null) {
    const { read, written, rejected, excluded } = run.rows;
    const counts = [`${count(read)} read`, `${count(written)} written`, `${count(excluded)} excluded`].join(', ');
    add('Rows', counts, ARTEFACTS.migrationReport);
    add('Rejected rows', count(rejected), ARTEFACTS.migrationRejects);
  }
  if (run.quality !== null)
    add('Quality rules', `${run.quality.failed} of ${run.quality.rules} failed`, ARTEFACTS.qualityReport);
  for (const [name, value] of Object.entries(run.options)) add(`Option ${name}`, String(value), null);
  if (run.message !== '') add('Message', run.message, null);
  const verdict = run.gates === null ? '' : ` · ${run.gates.profile} ${run.gates.status}`;
  return {
    id: `run/${run.run_id}`,
    label: runName(run),
    description: `${run.status}${verdict} · ${age(run.started_at_utc)} · ${seconds(run.duration_ms)}`,
    tooltip: `${run.started_at_utc}\n${run.message}`,
    icon:
      run.status === 'passed'
        ? icon('pass', 'testing.iconPassed')
        : run.status === 'cancelled'
          ? icon('circle-slash')
          : icon('error', 'testing.iconFailed'),
    context: 'run',
    children: () => facts,
  };
}

function progressText(progress: Progress | null): string {
  if (progress === null || progress.total === 0) return 'running…';
  const rows = progress.rows === null ? '' : ` · ${count(progress.rows)} rows`;
  return `${progress.done}/${progress.total} ${progress.item}${rows}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function count(rows: number): string {
  return rows.toLocaleString('en-GB');
}
