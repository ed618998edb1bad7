import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ProjectState } from '../../core/review/projectState.ts';
import { FAILED, icon, type Node, openAt, PASSED, UNKNOWN } from './tree.ts';

/** Who has signed, what waits for somebody, and what stops cutover. */
export function governanceNode(root: string, state: ProjectState): Node {
  const { governance } = state;
  const signed = governance.steps.filter((step) => step.state === 'signed').length;
  const stopped = governance.incident !== null;
  return {
    id: 'governance',
    label: 'Governance',
    description: stopped
      ? 'incident open'
      : governance.steps.length === 0
        ? 'nothing to sign yet'
        : `${signed} of ${governance.steps.length} signed`,
    icon: icon('law', stopped ? 'testing.iconFailed' : undefined),
    children: () => [
      ...(governance.problem === null
        ? []
        : [{ id: 'governance/problem', label: 'A file is broken', description: governance.problem, icon: FAILED() }]),
      ...governance.steps.map((step) => ({
        id: `governance/${step.step}`,
        label: `Sign-off: ${step.title}`,
        description: step.state === 'signed' ? step.person : step.state === 'void' ? 'void, sign again' : 'open',
        tooltip: step.why,
        icon: step.state === 'signed' ? PASSED() : step.state === 'void' ? FAILED() : UNKNOWN(),
        command: { command: 'pasMigration.signOff', title: 'Sign Off', arguments: [step.step] },
      })),
      safetyNode(state),
      hazardNode(root, state),
      {
        id: 'governance/incident',
        label: 'Incident',
        description:
          governance.incident === null
            ? 'none open'
            : `${governance.incident.id}: next ${governance.incident.next.join(' or ').replaceAll('_', ' ') || 'close'}`,
        icon: icon('flame', stopped ? 'testing.iconFailed' : undefined),
        command: { command: 'pasMigration.incident', title: 'Incident' },
      },
      {
        id: 'governance/lock',
        label: 'Contract lock',
        description:
          governance.lock === null
            ? 'none'
            : `${governance.lock.name}, ${governance.lock.by}${governance.lock.matches ? '' : ' · void, the contract changed'}`,
        icon: governance.lock?.matches === true ? icon('lock') : icon('unlock'),
        command: { command: 'pasMigration.lockContract', title: 'Lock Contract' },
      },
      {
        id: 'governance/roles',
        label: 'Roles',
        description: governance.hasRoles ? ARTEFACTS.roles : 'no roles file: cutover cannot be signed',
        icon: icon('organization'),
        ...(governance.hasRoles ? { command: openAt(root, ARTEFACTS.roles) } : {}),
      },
    ],
  };
}

function safetyNode(state: ProjectState): Node {
  const gate = state.gates?.gates.find(({ id }) => id === 'safety_critical_rejects');
  return {
    id: 'governance/triage',
    label: 'Safety-critical rejects',
    description: gate === undefined ? 'not judged yet' : `${gate.actual ?? '?'} open`,
    ...(gate === undefined ? {} : { tooltip: gate.message }),
    icon: icon('checklist'),
    command: { command: 'pasMigration.triageRejects', title: 'Triage Safety-Critical Rejects' },
  };
}

function hazardNode(root: string, { governance: { hazards } }: ProjectState): Node {
  return {
    id: 'governance/hazards',
    label: 'Hazards',
    description: hazards === null ? 'no hazard log' : `${hazards.all}, ${hazards.open.length} need somebody`,
    icon: icon('shield'),
    ...(hazards === null ? {} : { tooltip: hazards.open.join('\n'), command: openAt(root, ARTEFACTS.hazardLog) }),
  };
}
