import { PROFILE_NAMES } from '../gates/profiles.ts';
import type { Roles } from '../governance/roles.ts';
import type { PastRun } from '../history/runHistory.ts';
import { ARTEFACTS } from '../project/layout.ts';
import type { DashboardBlocker, DashboardGates } from './dashboardModel.ts';
import { peopleFor } from './owners.ts';
import { filePlace } from './place.ts';
import type { StageState } from './projectState.ts';
import type { Report } from './readReport.ts';
import type { GateReport } from './reports.ts';

/** Each profile's last verdict. Only the report's is in force, and only while its evidence did not change. */
export function gateStandings(
  { value: report, problem }: Report<GateReport>,
  history: readonly PastRun[],
  stages: readonly StageState[],
): DashboardGates[] {
  const stale = stages.some((stage) => stage.stale);
  return PROFILE_NAMES.map((profile): DashboardGates => {
    // An earlier run's verdict must not stand in for one that cannot be read.
    if (problem !== null) return { ...UNDECIDED, profile, standing: 'UNKNOWN', place: filePlace(ARTEFACTS.gateReport) };
    if (report?.profile === profile) {
      const ids = (verdict: string): string[] =>
        report.gates.filter((gate) => gate.verdict === verdict).map((gate) => gate.id);
      return {
        profile,
        standing: report.status,
        decidedAt: report.run_at_utc,
        current: !stale,
        passed: ids('PASS').length,
        failed: ids('FAIL'),
        notProven: ids('NOT_PROVEN'),
        place: filePlace(ARTEFACTS.gateReport),
      };
    }
    const past = history.find((run) => run.gates?.profile === profile);
    if (past?.gates == null) return { ...UNDECIDED, profile };
    return {
      profile,
      standing: past.gates.status === 'PASS' ? 'PASS' : 'FAIL',
      decidedAt: past.started_at_utc,
      current: false,
      passed: past.gates.passed.length,
      failed: past.gates.failed,
      notProven: past.gates.not_proven,
      place: { kind: 'runs', before: null, after: past.run_id },
    };
  });
}

const UNDECIDED: Omit<DashboardGates, 'profile'> = {
  standing: 'NOT_DECIDED',
  decidedAt: null,
  current: false,
  passed: 0,
  failed: [],
  notProven: [],
  place: null,
};

/** What blocks promotion to the profile last asked for, with who owns it. */
export function blockers(
  { value: report, problem }: Report<GateReport>,
  stages: readonly StageState[],
  roles: Roles | null,
): DashboardBlocker[] {
  const gatekeeper = stages.find((stage) => stage.id === 'run-release-gates')?.owner ?? '';
  const unproven = (id: string, title: string, message: string): DashboardBlocker => ({
    id,
    title,
    verdict: 'NOT_PROVEN',
    message,
    ownerRole: gatekeeper,
    people: peopleFor(roles, gatekeeper),
    place: { kind: 'lifecycle' },
  });
  if (problem !== null) {
    const { file, line } = problem.place;
    const told = unproven('unreadable', 'The gate report cannot be used', problem.message);
    return [{ ...told, place: filePlace(file, line) }];
  }
  if (report === null)
    return [unproven('undecided', 'Nothing is decided', 'No gate report is there; run the release gates.')];
  const open = report.gates
    .filter((gate) => gate.verdict !== 'PASS')
    .map(
      (gate): DashboardBlocker => ({
        id: gate.id,
        title: gate.title,
        verdict: gate.verdict === 'FAIL' ? 'FAIL' : 'NOT_PROVEN',
        message: gate.message,
        ownerRole: gate.owner_role,
        people: peopleFor(roles, gate.owner_role),
        place: { kind: 'gate', id: gate.id },
      }),
    );
  const stale = stages.filter((stage) => stage.stale).map((stage) => stage.title);
  if (stale.length === 0) return open;
  const message = `Inputs changed since: ${stale.join(', ')}. Run again from the first of them; until then the verdict is of an earlier state.`;
  return [unproven('stale', 'The verdict is older than what it judges', message), ...open];
}
