import { z } from 'zod';
import { type ConnectorPolicyUse, connectorPolicy } from '../connectors/policy.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { fail, type Gate, named, notProven, pass } from './gate.ts';

/** Keys of `load_report.json` the gates use. */
export const LoadEvidence = z.object({
  status: z.string(),
  target_state: z.string(),
  connector: z.string(),
  connector_stage: z.enum(['stable', 'emulator', 'experimental']),
  migration_run_id: z.string(),
});
export type LoadEvidence = z.infer<typeof LoadEvidence>;

/** Gates over the ways that the rows came and went. */
export const POLICY_GATES: readonly Gate[] = [
  {
    id: 'connector_policy',
    title: 'Rows came and went by connectors this profile allows',
    ownerRole: 'etl_engineer',
    evidence: [ARTEFACTS.migrationReport, ARTEFACTS.loadReport],
    judge: ({ migration, load }, _thresholds, profile) => {
      const expected = `allowed for ${profile}`;
      if (migration.value === null) return notProven(expected, migration.absent);
      const { connector, run_id } = migration.value;
      if (connector === undefined)
        return notProven(expected, 'The migration does not say which connector its rows came from; run it again.');
      const used: ConnectorPolicyUse[] = [{ side: 'source', connector: connector.connector, stage: connector.stage }];
      // A load of other rows says nothing of these.
      if (load.value !== null && load.value.migration_run_id === run_id)
        used.push({ side: 'target', connector: load.value.connector, stage: load.value.connector_stage });
      const refused = used.flatMap((use) => {
        const line = connectorPolicy(use.stage, profile);
        return line.allowed ? [] : [`${use.connector} as ${use.side} (${use.stage}): ${line.reason}`];
      });
      const actual = used.map((use) => `${use.side} ${use.connector}`).join(', ');
      return refused.length === 0 ? pass(actual, expected, `Used: ${actual}.`) : fail(actual, expected, named(refused));
    },
  },
];
