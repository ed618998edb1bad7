import { z } from 'zod';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { verifyAudit } from './auditLog.ts';

/** Checks that nobody changed, removed, added or moved a line of the audit log. */
export const verifyAuditTool = defineStage({
  id: 'audit verify',
  title: 'Verify audit log',
  owner: 'migration_delivery_lead',
  summary:
    'Check the chain of the audit log; any line that was changed, removed, added or moved is told with its place.',
  example: 'pas-migration audit verify',
  options: z.object({}),
  readOnly: true,
  reads: [ARTEFACTS.auditLog],
  writes: [],
  async run(context) {
    const { entries, faults, endKnown } = await verifyAudit(context.project);
    return {
      status: faults.length === 0 ? 'passed' : 'failed',
      summary: { entries, faults, end_known: endKnown },
      text:
        faults.length === 0
          ? [
              entries === 0
                ? `${ARTEFACTS.auditLog} is not there: nothing was recorded in this project yet, or the log was taken away.`
                : `${entries} entries, each follows the one before it${endKnown ? '' : '; nothing here remembers the last one, so a log cut short could not be told'}.`,
            ]
          : faults.map(({ line, message }) => `${ARTEFACTS.auditLog}:${line}: ${message}`),
      inputs: entries === 0 ? [] : [ARTEFACTS.auditLog],
      outputs: [],
    };
  },
});
