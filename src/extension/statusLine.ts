import { ARTEFACTS } from '../core/project/layout.ts';
import type { ProjectState } from '../core/review/projectState.ts';
import { staleMessage } from '../core/review/verdictDoubt.ts';

/** What the status bar says: shown, on hovering, and read out. */
export interface StatusLine {
  readonly text: string;
  readonly tooltip: string;
  readonly label: string;
}

/**
 * The current project in the status bar.
 *
 * @param fault why there is no state although a project is open
 * @param runningHere title of the stage that this window runs
 */
export function statusLine(state: ProjectState | null, fault: string | null, runningHere: string | null): StatusLine {
  const { gates = null, busy = null, unreadable = [], stages = [] } = state ?? {};
  const running = runningHere ?? busy;
  if (running !== null) return line('sync~spin', running, `${running} is running.`, running);
  const click = 'Click for the report.';
  if (fault !== null) return verdict('error', 'PAS gates', 'project cannot be read', fault);
  const problem = unreadable.find(({ place }) => place.file === ARTEFACTS.gateReport);
  if (problem !== undefined)
    return verdict('error', 'PAS gates', 'report cannot be used', `${problem.message} ${click}`);
  if (gates === null)
    return verdict('circle-outline', 'PAS gates', 'not decided', 'No gate report is there; run the release gates.');
  const { profile, status } = gates;
  // By the same rule as the dashboard: a verdict of an earlier state must not pass for one of these files.
  const stale = staleMessage(stages);
  if (stale !== null) return verdict('warning', profile, `${status}, out of date`, `${stale} ${click}`);
  return verdict(
    status === 'PASS' ? 'pass' : 'error',
    profile,
    status,
    `Release gates of the migration project. ${click}`,
  );
}

function verdict(icon: string, profile: string, words: string, tooltip: string): StatusLine {
  return line(icon, `${profile}: ${words}`, tooltip, `${profile} ${words}`);
}

function line(icon: string, text: string, tooltip: string, label: string): StatusLine {
  return { text: `$(${icon}) ${text}`, tooltip, label: `PAS Migration, ${label}` };
}
