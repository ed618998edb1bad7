import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ProjectState } from '../../core/review/projectState.ts';
import { counted } from '../../core/shared/counted.ts';
import { governanceNode } from './governance.ts';
import { age, icon, type Node, openAt, openQuality } from './tree.ts';

/** Quality rules that failed, by domain; rejects; who answers for what. What later versions bring is not shown before it is there. */
export function opsNodes(root: string, state: ProjectState): Node[] {
  const failed = state.quality?.rules.filter((rule) => rule.status === 'failed' || rule.status === 'error') ?? [];
  const families = [...new Set(failed.map((rule) => rule.family))].sort();
  const issues: Node = {
    id: 'quality',
    label: 'Quality issues',
    description: state.quality === null ? 'run Data Quality Rules' : `${counted(failed.length, 'rule')} failed`,
    icon: icon('beaker'),
    expanded: true,
    children: () =>
      families.map((family) => {
        const own = failed.filter((rule) => rule.family === family);
        return {
          id: `quality/${family}`,
          label: family,
          description: counted(own.length, 'rule'),
          icon: icon('folder'),
          children: () =>
            own.map((rule) => ({
              id: `quality/${family}/${rule.id}`,
              label: rule.id,
              description: `${rule.title ?? ''} · ${rule.numerator ?? '?'} of ${rule.denominator ?? '?'} rows`,
              icon: icon('error', rule.severity === 'ERROR' ? 'testing.iconFailed' : 'problemsWarningIcon.foreground'),
              command: openQuality({ rule: rule.id }),
            })),
        };
      }),
  };
  const rejects: Node = {
    id: 'rejects',
    label: 'Rejects',
    description:
      state.migration === null
        ? 'run the migration'
        : `${counted(state.migration.rows_rejected, 'row')}, ${counted(state.migration.crosswalk_rejects, 'unknown code')}`,
    icon: icon('discard'),
    ...(state.migration === null ? {} : { command: openQuality({ origin: 'reject' }) }),
  };
  return [
    issues,
    rejects,
    governanceNode(root, state),
    snapshots(root, state),
    connectors(root, state),
    ownership(root, state),
  ];
}

/** What can be gone back to, newest first. */
function snapshots(root: string, state: ProjectState): Node {
  return {
    id: 'snapshots',
    label: 'Snapshots',
    description: state.snapshots.length === 0 ? 'none yet' : `${state.snapshots.length}`,
    icon: icon('device-camera'),
    context: 'snapshots',
    children: () =>
      state.snapshots.map((snapshot) => ({
        id: `snapshot/${snapshot.snapshot_id}`,
        snapshotId: snapshot.snapshot_id,
        label: snapshot.reason === '' ? snapshot.snapshot_id : snapshot.reason,
        description: [
          age(snapshot.created_at_utc),
          snapshot.gates === null ? '' : `${snapshot.gates.profile} ${snapshot.gates.status}`,
        ]
          .filter((text) => text !== '')
          .join(' · '),
        tooltip: `${snapshot.snapshot_id}\n${counted(snapshot.fileCount, 'file')}, ${(snapshot.bytes / 1e6).toFixed(1)} MB`,
        icon: icon(snapshot.kind === 'on_demand' ? 'bookmark' : 'circle-small'),
        context: 'snapshot',
        command: openAt(root, `${ARTEFACTS.snapshots}/${snapshot.snapshot_id}.json`),
      })),
  };
}

/** Where the data comes from and goes to. Without a choice these are files. */
function connectors(root: string, state: ProjectState): Node {
  const { source, target, connections, lastLoad } = state.connectors;
  const rows = state.migration?.rows_written;
  const files: Node[] = [
    { id: 'connector/source', label: 'Source: CSV files', description: ARTEFACTS.mockSource, icon: icon('file') },
    {
      id: 'connector/target',
      label: 'Target: CSV files',
      description: `${ARTEFACTS.targetContract}${rows === undefined ? '' : ` · ${counted(rows, 'row')}`}`,
      icon: icon('file'),
    },
  ];
  const used = (name: string): string =>
    [name === source ? 'source' : '', name === target ? 'target' : ''].filter((side) => side !== '').join(' and ');
  return {
    id: 'connectors',
    label: 'Connectors',
    description:
      connections.length === 0
        ? 'files only'
        : [`${connections.length} configured`, lastLoad === '' ? '' : `last load ${lastLoad}`]
            .filter((text) => text !== '')
            .join(' · '),
    icon: icon('plug'),
    context: 'connectors',
    children: () => [
      ...connections.map(({ name, type, stage }) => ({
        id: `connection/${name}`,
        connection: name,
        label: name,
        description: [type, stage === 'stable' ? '' : stage, used(name)].filter((text) => text !== '').join(' · '),
        icon: icon(stage === 'stable' ? 'database' : 'beaker'),
        context: 'connection',
        command: openAt(root, ARTEFACTS.connectors),
      })),
      ...(source === null ? files.slice(0, 1) : []),
      ...(target === null ? files.slice(1) : []),
    ],
  };
}

/** Roles with the stages and the open gates they answer for. */
function ownership(root: string, state: ProjectState): Node {
  const open = state.gates?.gates.filter((gate) => gate.verdict !== 'PASS') ?? [];
  const roles = [
    ...new Set([...state.stages.map((stage) => stage.owner), ...open.map((gate) => gate.owner_role)]),
  ].sort();
  return {
    id: 'roles',
    label: 'Role ownership',
    description: counted(roles.length, 'role'),
    icon: icon('organization'),
    children: () =>
      roles.map((role) => {
        const stages = state.stages.filter((stage) => stage.owner === role);
        const gates = open.filter((gate) => gate.owner_role === role);
        return {
          id: `role/${role}`,
          label: role,
          description: `${counted(stages.length, 'stage')}, ${counted(gates.length, 'open gate')}`,
          icon: icon('person'),
          children: () => [
            ...stages.map((stage) => ({
              id: `role/${role}/${stage.id}`,
              label: stage.title,
              description: 'stage',
              icon: icon('play-circle'),
            })),
            ...gates.map((gate) => ({
              id: `role/${role}/${gate.id}`,
              label: gate.title,
              description: gate.verdict === 'FAIL' ? 'gate fails' : 'gate not proven',
              icon: icon(gate.verdict === 'FAIL' ? 'error' : 'question'),
              command: openAt(root, ARTEFACTS.gateReport),
            })),
          ],
        };
      }),
  };
}
