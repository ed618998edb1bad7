import {
  ACTIONS,
  type Action,
  actionRule,
  ROLES,
  type Role,
  roleInWords,
  rolesInWords,
} from '../governance/roleNames.ts';
import { type Roles, rolesFor, stageRole } from '../governance/roles.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { STAGES } from '../lifecycle/stages.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { compareText, groupBy } from '../shared/order.ts';
import { type Duty, readDuties } from './duties.ts';
import { rolesReport } from './owners.ts';
import { filePlace } from './place.ts';
import { type GateReport, gateReport } from './reports.ts';
import type { RoleLine, UserLine, Users } from './usersModel.ts';

/** People and roles of a project: who may do what, and what waits for whom. */
export async function readUsers(context: Pick<StageContext, 'project' | 'openEngine' | 'now'>): Promise<Users> {
  const { project, openEngine } = context;
  const { value: roles, problem } = await rolesReport(project);
  const report = await gateReport(project);
  const { value: gates, problem: unusable } = report;
  const duties = await readDuties({ project, openEngine, roles, report, now: context.now() });
  const listed = (roles?.people ?? []).map((person) => personLine(person, roles, duties));
  return {
    hasRoles: roles !== null,
    problem: problem?.message ?? null,
    gatesUnknown: unusable?.message ?? null,
    people: [...listed, ...othersOf(roles, duties)],
    roles: (Object.keys(ROLES) as Role[]).map((role) => roleLine(role, roles, gates)),
    unowned: shown(duties.filter((duty) => duty.people.includes('')))[0] ?? null,
    unheld: unheldOf(roles, duties),
    file: filePlace(ARTEFACTS.roles, problem?.place.line),
  };
}

/** What waits for a name that the roles file does not know. A person may be written down by any of their names. */
function othersOf(roles: Roles | null, duties: readonly Duty[]): UserLine[] {
  const known = new Set((roles?.people ?? []).flatMap((person) => [person.name, ...person.identities]).map(fold));
  const names = new Set(duties.flatMap((duty) => duty.people).filter((name) => name !== '' && !known.has(fold(name))));
  return [...names].sort(compareText).map((name) => ({
    name,
    listed: false,
    roles: [],
    domains: [],
    stages: [],
    may: [],
    open: shown(duties.filter((duty) => duty.people.includes(name))),
  }));
}

/** What waits for roles that nobody holds, by the roles. */
function unheldOf(roles: Roles | null, duties: readonly Duty[]): Users['unheld'] {
  const held = new Set((roles?.people ?? []).flatMap((person) => person.roles));
  const waiting = duties.filter((duty) => duty.roles.length > 0 && !duty.roles.some((role) => held.has(role)));
  return [...groupBy(waiting, (duty) => rolesInWords(duty.roles))].map(([title, own]) => ({ title, open: shown(own) }));
}

/** As the panel lists it: what is told in the same words, once by name and once by role, is one line. */
function shown(duties: readonly Duty[]): UserLine['open'] {
  return [...groupBy(duties, (duty) => duty.words.join('|'))].map(([, own]) => {
    const [first, second] = own as [Duty, ...Duty[]];
    const rows = own.reduce((sum, duty) => sum + duty.rows, 0);
    const owners = own.flatMap(({ place }) => (place.kind === 'contract' ? (place.only['owner'] ?? []) : []));
    const several = second !== undefined && owners.length > 0;
    return {
      label: rows === 1 ? first.words[0] : first.words[1] || first.words[0],
      rows,
      place: several ? { kind: 'contract' as const, only: { owner: owners } } : first.place,
    };
  });
}

function personLine(person: Roles['people'][number], roles: Roles | null, duties: readonly Duty[]): UserLine {
  const own = new Set([person.name, ...person.identities].map(fold));
  return {
    name: person.name,
    listed: true,
    roles: person.roles.map((role) => ROLES[role]),
    domains: Object.entries(roles?.domains ?? {})
      .filter(([, owners]) => owners.some((owner) => fold(owner) === fold(person.name)))
      .map(([domain]) => domain),
    stages: STAGES.filter((stage) => person.roles.includes(stageRole(roles, stage))).map((stage) => stage.title),
    may: allowed(person.roles, roles),
    open: shown(
      duties.filter(
        (duty) =>
          duty.roles.some((role) => person.roles.includes(role)) || duty.people.some((name) => own.has(fold(name))),
      ),
    ),
  };
}

function roleLine(role: Role, roles: Roles | null, gates: GateReport | null): RoleLine {
  return {
    title: ROLES[role],
    people: (roles?.people ?? []).filter((person) => person.roles.includes(role)).map((person) => person.name),
    stages: STAGES.filter((stage) => stageRole(roles, stage) === role).map((stage) => stage.title),
    may: allowed([role], roles),
    openGates: (gates?.gates ?? [])
      .filter((gate) => gate.verdict !== 'PASS' && roleInWords(gate.owner_role) === role)
      .map(({ id, verdict }) => ({ id, verdict, place: { kind: 'gate' as const, id } })),
  };
}

function allowed(held: readonly Role[], roles: Roles | null): string[] {
  return (Object.keys(ACTIONS) as Action[])
    .filter((action) => rolesFor(roles, action).some((role) => held.includes(role)))
    .map((action) => actionRule(action).words);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
