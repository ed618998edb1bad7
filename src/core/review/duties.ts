import { readApprovals } from '../audit/approvals.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { domainOf } from '../concepts/domain.ts';
import type { ContractField } from '../contract/contract.ts';
import { readContractText } from '../contract/contractFile.ts';
import { incidentPath, nextSteps, readIncidents } from '../governance/incidents.ts';
import { readGovernance } from '../governance/overview.ts';
import { type Action, type Role, roleInWords } from '../governance/roleNames.ts';
import { type Person, type Roles, refusal, rolesFor } from '../governance/roles.ts';
import { openSafetyRejects } from '../governance/safetyRejectsNow.ts';
import { SIGN_OFFS, STEP_ACTIONS } from '../governance/signOffs.ts';
import { readTriage } from '../governance/triage.ts';
import { readRunHistory } from '../history/runHistory.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { groupBy } from '../shared/order.ts';
import { crosswalkDuties } from './crosswalkDuties.ts';
import { OPEN_SAFETY_REJECTS } from './issues/issueQuery.ts';
import { filePlace, type Place } from './place.ts';
import { stageStates } from './projectState.ts';
import type { Report } from './readReport.ts';
import { type GateReport, readLifecycleRun, readMigrationTotals } from './reports.ts';
import { type VerdictDoubt, verdictDoubt } from './verdictDoubt.ts';

/** Something that waits to be done, and whom it waits for. */
export interface Duty {
  /** Said after the number of rows: after one, and after several. */
  readonly words: readonly [one: string, several: string];
  readonly rows: number;
  readonly place: Place;
  /** Whoever holds one of these roles. */
  readonly roles: readonly Role[];
  /** These people, by a name or identity of the roles file, or as the file says it. */
  readonly people: readonly string[];
}

/** Who is asked about and when. */
interface Asked {
  readonly project: Project;
  readonly openEngine: StageContext['openEngine'];
  readonly roles: Roles | null;
  readonly report: Report<GateReport>;
  readonly now: Date;
}

/**
 * Everything that waits for somebody: gates that do not pass, safety-critical rejects, contract rows and crosswalk lines, triage, signatures
 * and approvals of an incident. What cannot be read is left out; the problems tell about it.
 */
export async function readDuties(asked: Asked): Promise<readonly Duty[]> {
  const parts = [
    verdictDuties(asked),
    gateDuties(asked.report.value),
    safetyDuties(asked),
    contractDuties(asked),
    triageDuties(asked),
  ];
  const people = [crosswalkDuties(asked.project, asked.roles), signDuties(asked), incidentDuties(asked)];
  return (await Promise.all([...parts, ...people])).flat();
}

const DOUBTS: Readonly<Record<VerdictDoubt['id'], string>> = {
  unreadable: 'gate report that cannot be used',
  undecided: 'release decision to make: no gate report is there',
  stale: 'verdict older than what it judges',
};

/** A verdict that does not stand, for whoever answers for the gates: they are judged again first, as the dashboard says. */
async function verdictDuties({ project, report }: Asked): Promise<Duty[]> {
  const stages = await stageStates(project, await readLifecycleRun(project), await readRunHistory(project));
  const doubt = verdictDoubt(report, stages);
  const role = doubt === null ? null : roleInWords(doubt.ownerRole);
  if (doubt === null || role === null) return [];
  return [{ words: [DOUBTS[doubt.id], ''], rows: 1, place: doubt.place, roles: [role], people: [] }];
}

/** Gates of the last report, by the role that answers for them. */
function gateDuties(gates: GateReport | null): Duty[] {
  const open = (gates?.gates ?? []).filter((gate) => gate.verdict !== 'PASS');
  return [...groupBy(open, (gate) => gate.owner_role)].map(([words, own]) => {
    const role = roleInWords(words);
    const names = own.map(({ id }) => id).join(', ');
    return {
      words: [`gate does not pass: ${names}`, `gates do not pass: ${names}`],
      rows: own.length,
      place: own.length === 1 ? { kind: 'gate', id: own[0]?.id ?? '' } : filePlace(ARTEFACTS.gateReport),
      roles: role === null ? [] : [role],
      people: role === null ? [words] : [],
    };
  });
}

/** Safety-critical rejects that no decision settles, for those who may accept one. */
async function safetyDuties({ project, openEngine, roles }: Asked): Promise<Duty[]> {
  const all = (await readMigrationTotals(project))?.safety_critical_rejects ?? 0;
  const open = await openSafetyRejects({ project, openEngine }, all);
  if (typeof open === 'string' || open === 0) return [];
  const words = ['safety-critical reject to decide', 'safety-critical rejects to decide'] as const;
  return [
    {
      words,
      rows: open,
      place: { kind: 'explorer', only: OPEN_SAFETY_REJECTS },
      roles: rolesFor(roles, 'triage_accept'),
      people: [],
    },
  ];
}

/** Rows that are not approved, for their owners; and those in review, for whoever may approve them. */
async function contractDuties({ project, roles }: Asked): Promise<Duty[]> {
  const text = (await readOptionalText(project, ARTEFACTS.contract).catch(() => null)) ?? '';
  const { fields } = readContractText(text, ARTEFACTS.contract, '', ARTEFACTS.contractTables).value;
  const counted = (await readApprovals(project)).applyTo({ fields, tables: [] }).contract.fields;
  const open = counted.filter((row) => row.status !== 'APPROVED');
  const owned = [...groupBy(open, (row) => row.owner.trim())].map(([owner, rows]): Duty => {
    const role = isPerson(roles, owner) ? null : roleInWords(owner);
    return {
      words: ['contract row not approved', 'contract rows not approved'],
      rows: rows.length,
      place: { kind: 'contract', only: { owner: [owner] } },
      roles: role === null ? [] : [role],
      people: role === null ? [owner] : [],
    };
  });
  const inReview = open.filter((row) => row.status === 'IN_REVIEW');
  return [...owned, ...(inReview.length === 0 ? [] : await reviewDuties(project, roles, inReview))];
}

async function reviewDuties(project: Project, roles: Roles | null, rows: readonly ContractField[]): Promise<Duty[]> {
  const target = await loadCatalog(project, ARTEFACTS.targetCatalog, 'target').catch((): Catalog | null => null);
  const byDomain = groupBy(rows, (row) => domainOf(target?.table(row.targetTable)?.family ?? ''));
  const people = (roles?.people ?? []).map((one): Person => ({ ...one, listed: true, account: '' }));
  const duty = (count: number, who: Pick<Duty, 'roles' | 'people'>): Duty => ({
    words: ['contract row to review', 'contract rows to review'],
    rows: count,
    place: { kind: 'contract', only: { status: ['IN_REVIEW'] } },
    ...who,
  });
  const told = people.flatMap((person) => {
    const may = [...byDomain].filter(([domain]) => refusal(roles, person, 'contract_approve', { domain }) === null);
    const count = may.flatMap(([, own]) => own).filter((row) => fold(row.owner) !== fold(person.name)).length;
    return count === 0 ? [] : [duty(count, { roles: [], people: [person.name] })];
  });
  return told.length > 0 ? told : [duty(rows.length, { roles: rolesFor(roles, 'contract_approve'), people: [] })];
}

/** Findings that somebody has and did not decide, and those whose day is past. */
async function triageDuties({ project, roles, now }: Asked): Promise<Duty[]> {
  const { value } = await readTriage(project).catch(() => ({ value: [] }));
  const today = now.toISOString().slice(0, 10);
  const settled = new Set(['accept_with_sign_off', 'exclude']);
  const late = value.filter((line) => line.dueDate !== '' && line.dueDate < today && !settled.has(line.disposition));
  const open = value.filter((line) => line.disposition === '' && line.owner !== '' && !late.includes(line));
  const duties = (lines: typeof late, one: string, several: string): Duty[] =>
    [...groupBy(lines, (line) => line.owner.trim())].map(([owner, own]) => {
      const role = owner === '' ? 'data_quality_lead' : isPerson(roles, owner) ? null : roleInWords(owner);
      return {
        words: [one, several],
        rows: own.length,
        place: filePlace(ARTEFACTS.triage),
        roles: role === null ? [] : [role],
        people: role === null ? [owner] : [],
      };
    });
  return [
    ...duties(late, 'finding overdue', 'findings overdue'),
    ...duties(open, 'finding to decide', 'findings to decide'),
  ];
}

/** The next signature, once everything else passes: before that nobody can sign. */
async function signDuties({ project, report: { value: gates }, roles }: Asked): Promise<Duty[]> {
  const asksFor = gates?.gates.some((gate) => gate.id === SIGN_OFFS && gate.verdict !== 'PASS') ?? false;
  if (!asksFor || gates?.gates.some((gate) => gate.id !== SIGN_OFFS && gate.verdict !== 'PASS')) return [];
  const { steps } = await readGovernance(project);
  const next = steps.find((step) => step.state !== 'signed');
  if (next === undefined) return [];
  return [
    {
      words: [`sign-off to give: ${next.title}`, ''],
      rows: 1,
      place: { kind: 'gate', id: SIGN_OFFS },
      roles: rolesFor(roles, STEP_ACTIONS[next.step]),
      people: [],
    },
  ];
}

/** What an open incident waits for from a role of its own. */
async function incidentDuties({ project, roles }: Asked): Promise<Duty[]> {
  const open = (await readIncidents(project).catch(() => [])).filter(({ status }) => status === 'open');
  return open.map((incident): Duty => {
    const [next] = nextSteps(incident);
    const [words, action]: readonly [string, Action] =
      next === undefined
        ? ['incident to close', 'incident_close']
        : next === 'approve_root_cause'
          ? ['root cause to approve', 'incident_approve_root_cause']
          : next === 'approve_mitigation'
            ? ['mitigation to approve', 'incident_approve_mitigation']
            : [`incident to work on: ${next.replaceAll('_', ' ')}`, 'incident_work'];
    return {
      words: [words, ''],
      rows: 1,
      place: filePlace(incidentPath(incident.incident_id)),
      roles: rolesFor(roles, action),
      people: [],
    };
  });
}

function isPerson(roles: Roles | null, text: string): boolean {
  return (roles?.people ?? []).some((person) =>
    [person.name, ...person.identities].some((own) => fold(own) === fold(text)),
  );
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
