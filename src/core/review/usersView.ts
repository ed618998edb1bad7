import { countedFields } from '../audit/approvals.ts';
import { readContractText } from '../contract/contractFile.ts';
import { ACTIONS, type Action, actionRule, ROLES, type Role, roleInWords } from '../governance/roleNames.ts';
import { type Roles, readRoles, rolesFor } from '../governance/roles.ts';
import { readTriage } from '../governance/triage.ts';
import { STAGES } from '../lifecycle/stages.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { compareText } from '../shared/order.ts';
import { filePlace } from './place.ts';
import { type GateReport, gateReport } from './reports.ts';
import type { RoleLine, UserLine, Users } from './usersModel.ts';

/** People and roles of a project: who may do what, and what waits for whom. */
export async function readUsers(project: Project): Promise<Users> {
  let roles: Roles | null = null;
  let problem: string | null = null;
  try {
    roles = await readRoles(project);
  } catch (error) {
    problem = (error as Error).message;
  }
  const { value: gates, problem: unusable } = await gateReport(project);
  const work = await openWork(project);
  const listed = (roles?.people ?? []).map((person) => personLine(person, roles, work));
  // A person may be written down by any of their names.
  const known = new Set((roles?.people ?? []).flatMap((person) => [person.name, ...person.identities]).map(fold));
  const others = [...work.keys()].filter((name) => name !== '' && !known.has(fold(name))).sort(compareText);
  return {
    hasRoles: roles !== null,
    problem,
    gatesUnknown: unusable?.message ?? null,
    people: [
      ...listed,
      ...others.map((name) => ({
        name,
        listed: false,
        roles: [],
        domains: [],
        stages: [],
        may: [],
        open: work.get(name) ?? [],
      })),
    ],
    roles: (Object.keys(ROLES) as Role[]).map((role) => roleLine(role, roles, gates)),
    unowned: work.get('')?.[0] ?? null,
    file: filePlace(ARTEFACTS.roles),
  };
}

/** Contract rows and triaged findings that wait, by the name that owns them; '' for nobody. */
async function openWork(project: Project): Promise<Map<string, UserLine['open']>> {
  const work = new Map<string, UserLine['open']>();
  const add = (name: string, label: string, rows: number, place: Users['file']): void => {
    work.set(name, [...(work.get(name) ?? []), { label, rows, place }]);
  };
  const text = (await readOptionalText(project, ARTEFACTS.contract).catch(() => null)) ?? '';
  const { fields } = readContractText(text, ARTEFACTS.contract, '', ARTEFACTS.contractTables).value;
  const waiting = (await countedFields(project, fields)).filter((row) => row.status !== 'APPROVED');
  for (const [owner, rows] of counted(waiting.map((row) => row.owner.trim())))
    add(owner, 'contract rows not approved', rows, { kind: 'contract', only: { owner: [owner] } });
  const { value: triage } = await readTriage(project).catch(() => ({ value: [] }));
  const undecided = triage.filter((line) => line.disposition === '' && line.owner !== '');
  for (const [owner, rows] of counted(undecided.map((line) => line.owner)))
    add(owner, 'findings to decide', rows, filePlace(ARTEFACTS.triage));
  return work;
}

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function personLine(
  person: Roles['people'][number],
  roles: Roles | null,
  work: ReadonlyMap<string, UserLine['open']>,
): UserLine {
  const own = new Set([person.name, ...person.identities].map(fold));
  return {
    name: person.name,
    listed: true,
    roles: person.roles.map((role) => ROLES[role]),
    domains: Object.entries(roles?.domains ?? {})
      .filter(([, owners]) => owners.some((owner) => fold(owner) === fold(person.name)))
      .map(([domain]) => domain),
    stages: STAGES.filter((stage) => {
      const role = stageRole(stage.id, stage.owner, roles);
      return role !== null && person.roles.includes(role);
    }).map((stage) => stage.title),
    may: allowed(person.roles, roles),
    open: [...work].filter(([name]) => own.has(fold(name))).flatMap(([, open]) => open),
  };
}

function roleLine(role: Role, roles: Roles | null, gates: GateReport | null): RoleLine {
  return {
    title: ROLES[role],
    people: (roles?.people ?? []).filter((person) => person.roles.includes(role)).map((person) => person.name),
    stages: STAGES.filter((stage) => stageRole(stage.id, stage.owner, roles) === role).map((stage) => stage.title),
    may: allowed([role], roles),
    openGates: (gates?.gates ?? [])
      .filter((gate) => gate.verdict !== 'PASS' && roleInWords(gate.owner_role) === role)
      .map(({ id, verdict }) => ({ id, verdict, place: { kind: 'gate' as const, id } })),
  };
}

/** The project's own word for a stage goes first. */
function stageRole(id: string, owner: string, roles: Roles | null): Role | null {
  return roles?.stages[id] ?? roleInWords(owner);
}

function allowed(held: readonly Role[], roles: Roles | null): string[] {
  return (Object.keys(ACTIONS) as Action[])
    .filter((action) => rolesFor(roles, action).some((role) => held.includes(role)))
    .map((action) => actionRule(action).words);
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
