import { z } from 'zod';
import { defineStage, type StageContext } from '../lifecycle/stage.ts';
import { hashFileIfThere } from '../project/hashFile.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { publishing } from '../project/publication.ts';
import { readEvidence } from './evidence.ts';
import type { GateResult } from './gate.ts';
import { PROFILE_NAMES, readProfile, thresholdsOf } from './profiles.ts';
import { decide, GATE_INPUTS, type GateDecision } from './releaseGates.ts';

const Options = z.object({
  profile: z.enum(PROFILE_NAMES).default('development').describe('gate profile to decide for'),
});

/** Decides whether the migration may be released, from the evidence of the earlier stages; nothing unproven passes. */
export const runReleaseGates = defineStage({
  id: 'run-release-gates',
  title: 'Run release gates',
  owner: 'cutover_manager',
  summary: 'Judge the evidence against a gate profile; any gate that fails or is not proven blocks the release.',
  example: 'pas-migration run-release-gates --profile pre_production',
  options: Options,
  reads: GATE_INPUTS,
  writes: [ARTEFACTS.gateReport],
  async run(context, options) {
    const profile = await readProfile(context.project, options.profile);
    const engine = await context.openEngine();
    try {
      const evidence = await readEvidence(context.project, engine);
      const decision = decide(evidence, thresholdsOf(profile), options.profile);
      const inputs = await filesThere(context, GATE_INPUTS);
      return await publishing(context.project, async (publication) => {
        await publication.writeJson(ARTEFACTS.gateReport, {
          schema_version: 1,
          run_id: context.runId,
          run_at_utc: context.now().toISOString(),
          status: decision.status,
          profile: options.profile,
          thresholds: profile.thresholds,
          verdict_counts: verdictCounts(decision.gates),
          gates: decision.gates,
          not_required: decision.notRequired,
          inputs,
        });
        return {
          status: decision.status === 'PASS' ? 'passed' : 'failed',
          summary: {
            profile: options.profile,
            verdict: decision.status,
            verdict_counts: verdictCounts(decision.gates),
            gates: decision.gates,
          },
          text: gateTable(options.profile, decision),
          inputs: inputs.map(({ path }) => path),
          outputs: publication.outputs,
        };
      });
    } finally {
      await engine.close();
    }
  },
});

async function filesThere(context: StageContext, paths: readonly string[]) {
  const files: { path: string; sha256: string }[] = [];
  for (const path of paths) {
    const hash = await hashFileIfThere(context.project.at(path));
    if (hash !== null) files.push({ path, sha256: hash.sha256 });
  }
  return files;
}

function verdictCounts(gates: readonly GateResult[]): Record<GateResult['verdict'], number> {
  const count = (verdict: GateResult['verdict']): number => gates.filter((gate) => gate.verdict === verdict).length;
  return { PASS: count('PASS'), FAIL: count('FAIL'), NOT_PROVEN: count('NOT_PROVEN') };
}

/** The gate table a person reads: verdict, gate, measured and asked for, then why. */
function gateTable(profile: string, decision: GateDecision): string[] {
  const head = ['VERDICT', 'GATE', 'ACTUAL', 'EXPECTED'];
  const cells = decision.gates.map((gate) => [
    gate.verdict.replace('_', ' '),
    gate.id,
    String(gate.actual ?? '-'),
    String(gate.expected ?? '-'),
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column]?.length ?? 0)));
  const pad = (line: readonly string[]): string =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  const lines = decision.gates.map((gate, row) => `${pad(cells[row] ?? [])}  ${gate.message}`);
  const off = decision.notRequired.map((gate) => gate.id).join(', ');
  return [
    `Release gates, profile ${profile}: ${decision.status}`,
    `${pad(head)}  WHY`,
    ...lines,
    ...(off === '' ? [] : [`Not required by this profile: ${off}`]),
  ];
}
