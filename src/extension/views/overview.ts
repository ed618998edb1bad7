import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ProjectState } from '../../core/review/projectState.ts';
import { staleMessage } from '../../core/review/verdictDoubt.ts';
import { counted } from '../../core/shared/counted.ts';
import { age, FAILED, icon, type Node, openAt, openQuality, PASSED, UNKNOWN } from './tree.ts';

/** Health of a project: schema, mapping, ETL, quality and gates, each with its verdict and age. */
export function overviewNodes(root: string, state: ProjectState): Node[] {
  return [
    schemaNode(root, state),
    mappingNode(root, state),
    migrationNode(root, state),
    qualityNode(root, state),
    gatesNode(root, state),
  ];
}

function schemaNode(root: string, state: ProjectState): Node {
  const { source, target } = state.schemas;
  const count = (tables: ProjectState['schemas']['source']): number =>
    tables.reduce((sum, table) => sum + table.fields.length, 0);
  if (source.length === 0 && target.length === 0)
    return withoutReport(root, state, 'Schemas', ARTEFACTS.catalogSummary, 'not read yet');
  const description = `${source.length} + ${counted(target.length, 'table')}`;
  return {
    label: 'Schemas',
    description,
    tooltip: `Source: ${counted(source.length, 'table')}, ${counted(count(source), 'field')}. Target: ${counted(target.length, 'table')}, ${counted(count(target), 'field')}.`,
    icon: source.length > 0 && target.length > 0 ? PASSED() : FAILED(),
    command: openAt(root, ARTEFACTS.catalogSummary),
  };
}

function mappingNode(root: string, state: ProjectState): Node {
  const rows = state.contract;
  if (rows.length === 0) return nothing('Mapping contract', 'not built yet');
  const open = rows.filter((row) => row.mandatory && row.mappingClass === 'unresolved').length;
  const approved = rows.filter((row) => row.status === 'APPROVED').length;
  return {
    label: 'Mapping contract',
    description: open === 0 ? `${approved}/${rows.length} approved` : `${open} mandatory unresolved`,
    tooltip: `${counted(rows.length, 'row')}, ${approved} approved, ${counted(open, 'mandatory field')} unresolved.`,
    icon: open === 0 ? PASSED() : FAILED(),
    command: openAt(root, ARTEFACTS.contract),
  };
}

function migrationNode(root: string, state: ProjectState): Node {
  const totals = state.migration;
  if (totals === null)
    return withoutReport(root, state, 'Contract migration', ARTEFACTS.migrationReport, 'not run yet');
  const tooltip = `${totals.rows_read} rows read = ${totals.rows_written} loaded + ${totals.rows_rejected} rejected + ${totals.rows_excluded} excluded and merged, ${totals.rows_unexplained} unexplained.`;
  return {
    label: 'Contract migration',
    description: `${totals.rows_rejected.toLocaleString()} rejected · ${age(totals.run_at_utc)}`,
    tooltip,
    icon: totals.status === 'passed' ? PASSED() : FAILED(),
    command: openAt(root, ARTEFACTS.migrationTableStats),
  };
}

function qualityNode(root: string, state: ProjectState): Node {
  if (state.quality === null)
    return withoutReport(root, state, 'Data quality', ARTEFACTS.qualityReport, 'not checked yet');
  const failed = state.quality.rules.filter((rule) => rule.status === 'failed' || rule.status === 'error').length;
  const ran = state.quality.rules.filter((rule) => rule.status !== 'not_applicable').length;
  return {
    label: 'Data quality',
    description: `${failed} failed · ${age(state.quality.run_at_utc)}`,
    tooltip: `${counted(ran, 'rule')} examined rows of ${counted(state.quality.patients, 'patient')}; ${failed} failed.`,
    icon: failed === 0 ? PASSED() : FAILED(),
    command: openQuality({}),
  };
}

function gatesNode(root: string, state: ProjectState): Node {
  if (state.gates === null) return withoutReport(root, state, 'Release gates', ARTEFACTS.gateReport, 'not decided yet');
  const { gates, profile, status, run_at_utc } = state.gates;
  const stale = staleMessage(state.stages);
  return {
    id: 'overview-gates',
    label: 'Release gates',
    description: `${profile}: ${status}${stale === null ? '' : ', out of date'} · ${age(run_at_utc)}`,
    ...(stale === null ? {} : { tooltip: stale }),
    icon: stale !== null ? icon('warning') : status === 'PASS' ? PASSED() : FAILED(),
    expanded: status !== 'PASS',
    children: () =>
      gates.map((gate) => ({
        label: gate.id,
        description: gate.verdict === 'PASS' ? '' : gate.message,
        tooltip: `${gate.title}. ${gate.message} Owner: ${gate.owner_role}.`,
        spoken: `${gate.id}, ${gate.verdict.replace('_', ' ')}, ${gate.message}`,
        icon: gate.verdict === 'PASS' ? PASSED() : gate.verdict === 'FAIL' ? FAILED() : UNKNOWN(),
        command: openAt(root, ARTEFACTS.gateReport),
      })),
  };
}

/** A part without its report: there is none yet, or the one that is there cannot be used. */
function withoutReport(root: string, state: ProjectState, label: string, path: string, missing: string): Node {
  const problem = state.unreadable.find(({ place }) => place.file === path);
  if (problem === undefined) return nothing(label, missing);
  return {
    label,
    description: 'the report cannot be used',
    tooltip: problem.message,
    spoken: `${label}, ${problem.message}`,
    icon: FAILED(),
    command: openAt(root, path),
  };
}

function nothing(label: string, description: string): Node {
  return { label, description, icon: UNKNOWN() };
}
