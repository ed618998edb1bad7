import { filePlace, type Place } from './place.ts';
import type { StageState } from './projectState.ts';
import type { Report } from './readReport.ts';
import type { GateReport } from './reports.ts';

const GATES = 'run-release-gates';
const MOCK_DATA = 'generate-mock-data';

/** Why the verdict of the gate report does not stand for the files as they are, and who sees to it. */
export interface VerdictDoubt {
  readonly id: 'unreadable' | 'undecided' | 'stale';
  readonly title: string;
  /** What is wrong and what to run. */
  readonly message: string;
  /** Title of the role that answers for the gates. */
  readonly ownerRole: string;
  readonly place: Place;
}

/** The one list of what makes a verdict doubtful, for every panel; null when the verdict stands. */
export function verdictDoubt(
  { value: report, problem }: Report<GateReport>,
  stages: readonly StageState[],
): VerdictDoubt | null {
  const ownerRole = stages.find(({ id }) => id === GATES)?.owner ?? '';
  if (problem !== null) {
    const { file, line } = problem.place;
    const title = 'The gate report cannot be used';
    return { id: 'unreadable', title, message: problem.message, ownerRole, place: filePlace(file, line) };
  }
  const place: Place = { kind: 'lifecycle' };
  if (report === null) {
    const message = 'No gate report is there; run the release gates.';
    return { id: 'undecided', title: 'Nothing is decided', message, ownerRole, place };
  }
  const message = staleMessage(stages);
  if (message === null) return null;
  return { id: 'stale', title: 'The verdict is older than what it judges', message, ownerRole, place };
}

/** Which stages have inputs that changed since, and what to run; null when none has. */
export function staleMessage(stages: readonly Pick<StageState, 'id' | 'title' | 'stale'>[]): string | null {
  const stale = stages.filter((stage) => stage.stale);
  const [first, next] = stale;
  if (first === undefined) return null;
  // Mock data made anew may not hold the very values that are rejected now.
  const from =
    first.id === MOCK_DATA && next !== undefined
      ? `Run again from ${next.title}, which judges the same data; from ${first.title} on they are made anew, and what is wrong with these may not show`
      : `Run again from ${first.title}`;
  return `Inputs changed since: ${stale.map(({ title }) => title).join(', ')}. ${from}. Until then the verdict is of an earlier state.`;
}
