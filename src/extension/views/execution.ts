import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ProjectState } from '../../core/review/projectState.ts';
import { age, icon, type Node, openAt } from './tree.ts';

/** Stages with state, duration and stale marks; the last run. */
export function executionNodes(root: string, state: ProjectState, running: string | null): Node[] {
  const stages = state.stages.map((stage): Node => {
    const isRunning = stage.id === running;
    const made =
      stage.madeAt === null
        ? 'not run yet'
        : `${age(stage.madeAt)}${stage.stale ? ' · stale: an input changed since' : ''}`;
    const duration = stage.durationMs === 0 ? '' : ` · ${(stage.durationMs / 1000).toFixed(1)} s`;
    return {
      id: `stage/${stage.id}`,
      stageId: stage.id,
      label: stage.title,
      description: isRunning ? 'running…' : `${made}${duration}`,
      tooltip: [stage.summary, stage.message].filter((text) => text !== '').join('\n'),
      icon: isRunning
        ? icon('sync~spin')
        : stage.madeAt === null
          ? icon('circle-outline')
          : stage.stale
            ? icon('history', 'problemsWarningIcon.foreground')
            : stage.status === 'failed' || stage.status === 'error'
              ? icon('error', 'testing.iconFailed')
              : icon('pass', 'testing.iconPassed'),
      context: 'stage',
    };
  });
  if (state.lastRun === null) return stages;
  const last: Node = {
    id: 'last-run',
    label: 'Last full run',
    description: `${state.lastRun.status} · ${age(state.lastRun.at)}`,
    icon: icon(state.lastRun.status === 'passed' ? 'pass' : 'error'),
    context: 'run',
    command: openAt(root, ARTEFACTS.lifecycleRun),
  };
  return [...stages, last];
}
