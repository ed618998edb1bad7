import { z } from 'zod';
import { actor } from '../governance/acting.ts';
import { defineStage } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import { KPI_DIRECTIONS, KPI_REFRESHES, type KpiValue } from './kpi.ts';
import { KPI_NAME, KPI_WINDOW, readKpis, setKpi } from './kpiFile.ts';
import { allKpiSources } from './kpiSource.ts';
import { measureKpis } from './measureKpis.ts';

/** Shows the key figures with their values. */
export const listKpisTool = defineStage({
  id: 'kpi list',
  title: 'List quality KPIs',
  owner: 'data_quality_lead',
  summary: 'Show the key figures of data quality: value, of how many, threshold, and whether it is met.',
  example: 'pas-migration kpi list',
  options: z.object({ sources: z.boolean().default(false).describe('show what can be measured instead') }),
  readOnly: true,
  reads: [
    ARTEFACTS.qualityKpis,
    ARTEFACTS.qualityReport,
    ARTEFACTS.migrationReport,
    ARTEFACTS.migrationRejects,
    ARTEFACTS.triage,
    ARTEFACTS.contract,
    ARTEFACTS.runHistory,
  ],
  writes: [],
  async run(context, options) {
    const done = { status: 'passed', inputs: [], outputs: [] } as const;
    if (options.sources) {
      const sources = allKpiSources();
      return { ...done, summary: { sources }, text: sources.map(({ name, words }) => `${name.padEnd(26)} ${words}`) };
    }
    const { value, problems } = await readKpis(context.project);
    if (problems.length > 0) throw UserError.from(problems);
    const kpis = await measureKpis(context, value);
    return { ...done, summary: { kpis }, text: kpis.map(kpiLine) };
  },
});

/** Changes a threshold, or adds a key figure. */
export const setKpiTool = defineStage({
  id: 'kpi set',
  title: 'Set quality KPI',
  owner: 'data_quality_lead',
  summary: 'Change the threshold of a key figure, with a note that says why, or add one.',
  example: 'pas-migration kpi set reject-share --threshold 0.01 --note "agreed by the board on 4 March"',
  positional: ['name'],
  options: z.object({
    name: KPI_NAME.describe('the key figure'),
    threshold: z.number().optional().describe('the limit; a share is a number from 0 to 1'),
    note: z.string().default('').describe('why; needed for a threshold, a direction or a source'),
    direction: z.enum(KPI_DIRECTIONS).optional().describe('whether the limit is the most or the least'),
    source: z.string().optional().describe('what is measured, see kpi list --sources'),
    title: z.string().optional().describe('what people read'),
    window: KPI_WINDOW.optional().describe('past runs that its trend shows'),
    refresh: z.enum(KPI_REFRESHES).optional().describe('measured anew with each report, or only when asked'),
  }),
  reads: [ARTEFACTS.qualityKpis],
  writes: [ARTEFACTS.qualityKpis],
  async run(context, { name, note, ...edit }) {
    const { name: who } = await actor(context, 'threshold_change');
    const kpi = await setKpi(context.project, name, edit, { who, at: context.now(), note });
    const [value] = await measureKpis(context, [kpi]);
    return {
      status: 'passed',
      summary: { kpi: value },
      text: value === undefined ? [] : [kpiLine(value)],
      inputs: [],
      outputs: [ARTEFACTS.qualityKpis],
    };
  },
});

function kpiLine(kpi: KpiValue): string {
  const write = (value: number): string =>
    kpi.unit === 'share' ? `${Number((value * 100).toFixed(3))} %` : value.toLocaleString('en-GB');
  const value = kpi.value === null ? kpi.reason.replace(/\.$/, '') : write(kpi.value);
  const of = kpi.denominator === null ? '' : ` (${kpi.numerator} of ${kpi.denominator} ${kpi.counts})`;
  const limit = `${kpi.direction === 'at_most' ? 'at most' : 'at least'} ${write(kpi.threshold)}`;
  return `${kpi.name.padEnd(18)} ${kpi.status.padEnd(8)} ${kpi.title}: ${value}${of}, ${limit}`;
}
