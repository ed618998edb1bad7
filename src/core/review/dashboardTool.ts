import { z } from 'zod';
import { decideProfiles } from '../gates/decideProfiles.ts';
import { gatesLine, inputNote, measureLines } from '../history/differenceWords.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { counted, said } from '../shared/counted.ts';
import { readDashboard } from './dashboard.ts';
import type { Dashboard } from './dashboardModel.ts';

/** The dashboard in the terminal: the same numbers as the panel's. */
export const dashboardTool = defineStage({
  id: 'dashboard',
  title: 'Dashboard',
  owner: 'migration_delivery_lead',
  summary: 'Tell how the migration stands: schema, mapping, rows, quality, gates, what changed, what blocks promotion.',
  example: 'pas-migration dashboard --decide all',
  options: z.object({
    decide: z
      .enum(['no', 'all'])
      .default('no')
      .describe('all: decide for every gate profile now, without writing a verdict'),
  }),
  readOnly: true,
  reads: [ARTEFACTS.contract, ARTEFACTS.migrationReport, ARTEFACTS.qualityReport, ARTEFACTS.gateReport],
  writes: [],
  async run(context, options) {
    const dashboard = await readDashboard(context.project, context.now());
    const decided: Record<string, { status: string; open: string[] }> = {};
    if (options.decide === 'all') {
      const engine = await context.openEngine();
      const decisions = await decideProfiles(context.project, engine).finally(() => engine.close());
      for (const [profile, { status, gates }] of decisions)
        decided[profile] = { status, open: gates.filter((gate) => gate.verdict !== 'PASS').map((gate) => gate.id) };
    }
    return {
      status: 'passed',
      summary: { ...dashboard, ...(options.decide === 'all' ? { decided } : {}) },
      text: [
        ...dashboardLines(dashboard),
        ...Object.entries(decided).map(
          ([profile, { status, open }]) => `Decided now, ${profile}: ${status}${listed(open)}`,
        ),
      ],
      inputs: [],
      outputs: [],
    };
  },
});

function dashboardLines(dashboard: Dashboard): string[] {
  const { schema, mapping, etl, quality, gates, blockers, changes, unreadable } = dashboard;
  const without = (part: (typeof unreadable)[number]['part'], missing: string): string =>
    unreadable.find((one) => one.part === part)?.message ?? missing;
  const confidence = (side: { confidence: number }): string => `${(side.confidence * 100).toFixed(1)}% sure`;
  return [
    schema === null
      ? `Schema: ${without('schema', 'not read yet')}`
      : `Schema: source ${counted(schema.source.tables, 'table')}, ${counted(schema.source.fields, 'field')} (${confidence(schema.source)}); target ${counted(schema.target.tables, 'table')}, ${counted(schema.target.fields, 'field')} (${confidence(schema.target)})`,
    mapping === null
      ? `Mapping: ${without('mapping', 'no contract yet')}`
      : `Mapping: ${counted(mapping.rows, 'row')}, ${mapping.byStatus.map(({ name, rows }) => `${rows} ${name}`).join(', ')}; ${mapping.mandatoryUnresolved} of ${mapping.mandatory} mandatory unresolved`,
    etl === null
      ? `Rows: ${without('etl', 'not migrated yet')}`
      : `Rows: ${etl.sourceRows === null ? '' : `${said(etl.sourceRows)} in the source; `}${readBy(etl)} = ${said(etl.loaded)} loaded + ${said(etl.rejected)} rejected + ${said(etl.excluded)} excluded + ${said(etl.merged)} merged + ${said(etl.unexplained)} unexplained`,
    quality === null
      ? `Quality: ${without('quality', 'not checked yet')}`
      : `Quality: ${quality.rulesFailed} of ${counted(quality.rulesRan, 'rule')} failed; ${counted(quality.errors, 'row')} with errors, ${quality.warnings} with warnings`,
    ...unreadable.filter(({ part }) => part === 'tables').map(({ message }) => `Tables: ${message}`),
    ...gates.map(
      (gate) =>
        `Gates, ${gate.profile}: ${gate.standing}${gate.standing === 'NOT_DECIDED' || gate.standing === 'UNKNOWN' ? '' : gate.current ? '' : ' (of an earlier state)'}${listed([...gate.failed, ...gate.notProven])}`,
    ),
    ...(changes.run === null
      ? ['Changes: no run yet']
      : [
          `Since the run of ${changes.run.at}: ${changes.contractRows === 0 ? 'no contract row' : counted(changes.contractRows, 'contract row')} changed.`,
          changes.staleStages.length === 0
            ? 'Stale: no stage.'
            : `Stale, because what they read changed since they ran${listed(changes.staleStages)}.`,
        ]),
    ...(changes.previous === null ? [] : fromTheRunBefore(changes.previous)),
    ...(changes.restored === null
      ? []
      : [
          `Restored at ${changes.restored.at} from ${changes.restored.snapshot}${changes.restored.reason === '' ? '' : ` (${changes.restored.reason})`}: the reports are those of an earlier run`,
        ]),
    ...unreadable.filter(({ part }) => part === 'roles').map(({ message }) => `Owners are not known: ${message}`),
    blockers.length === 0 ? 'Nothing blocks promotion to the profile last asked for.' : 'What blocks promotion:',
    ...blockers.map(
      ({ id, verdict, message, ownerRole, people }) =>
        `  ${verdict} ${id}: ${message} Owner: ${[ownerRole, ...people].join(', ')}.`,
    ),
  ];
}

function fromTheRunBefore(previous: NonNullable<Dashboard['changes']['previous']>): string[] {
  const note = inputNote(previous);
  const crosswalks = previous.crosswalks.map(({ name, lines }) => `${name} (${counted(lines, 'line')})`);
  return [
    `From the run before, ${previous.at}:`,
    ...(note === '' ? [] : [`  ${note}`]),
    ...(crosswalks.length === 0 ? [] : [`  Crosswalks changed${listed(crosswalks)}`]),
    ...measureLines(previous).map(({ name, before, after }) => `  ${name}: ${before} → ${after}`),
    `  ${gatesLine(previous)}`,
  ];
}

/** The rows of the balance: what several row sets read counts once for each. */
function readBy({ read, rowSets }: NonNullable<Dashboard['etl']>): string {
  return rowSets === 0 ? `${said(read)} read` : `${said(read)} read by ${counted(rowSets, 'row set')}`;
}

function listed(names: readonly string[]): string {
  return names.length === 0 ? '' : `: ${names.join(', ')}`;
}
