import { PROFILE_NAMES } from '../gates/profiles.ts';
import type { Roles } from '../governance/roles.ts';
import type { PastRun } from '../history/runHistory.ts';
import { ARTEFACTS } from '../project/layout.ts';
import type { DashboardBlocker, DashboardGates } from './dashboardModel.ts';
import { type CountedReports, gateRows } from './gateRows.ts';
import { peopleFor } from './owners.ts';
import { filePlace } from './place.ts';
import type { StageState } from './projectState.ts';
import type { Report } from './readReport.ts';
import type { GateReport } from './reports.ts';
import { staleMessage, verdictDoubt } from './verdictDoubt.ts';

/** Each profile's last verdict. Only the report's is in force, and only while its evidence did not change. */
export function gateStandings(
  { value: report, problem }: Report<GateReport>,
  history: readonly PastRun[],
  stages: readonly StageState[],
): DashboardGates[] {
  const stale = staleMessage(stages) !== null;
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
  gates: Report<GateReport>,
  stages: readonly StageState[],
  roles: Roles | null,
  reports: CountedReports,
): DashboardBlocker[] {
  const doubt = verdictDoubt(gates, stages);
  const first =
    doubt === null
      ? []
      : [{ ...doubt, verdict: 'NOT_PROVEN' as const, people: peopleFor(roles, doubt.ownerRole), rows: [] }];
  const open = (gates.value?.gates ?? []).filter((gate) => gate.verdict !== 'PASS');
  return [
    ...first,
    ...open.map(
      (gate): DashboardBlocker => ({
        id: gate.id,
        title: gate.title,
        verdict: gate.verdict === 'FAIL' ? 'FAIL' : 'NOT_PROVEN',
        message: gate.message,
        ownerRole: gate.owner_role,
        people: peopleFor(roles, gate.owner_role),
        place: { kind: 'gate', id: gate.id },
        rows: gateRows(gate, reports),
      }),
    ),
  ];
}
