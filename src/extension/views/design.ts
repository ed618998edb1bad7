import { ARTEFACTS } from '../../core/project/layout.ts';
import type { ContractRowState, FieldState, ProjectState, TableState } from '../../core/review/projectState.ts';
import { counted } from '../../core/shared/counted.ts';
import { icon, type Node, openAt } from './tree.ts';

/** What the contract rows are limited to. */
export type ContractFilter = 'all' | 'unresolved' | 'not_approved' | 'mandatory';

/** Schemas with tables and columns, contract rows by target table, crosswalks. */
export function designNodes(root: string, state: ProjectState, filter: ContractFilter): Node[] {
  return [
    schema(root, 'Source schema', state.schemas.source, ARTEFACTS.sourceCatalog),
    schema(root, 'Target schema', state.schemas.target, ARTEFACTS.targetCatalog),
    contract(state.contract, filter),
    {
      id: 'erd',
      label: 'Entity relationship diagram',
      description: 'tables and their links',
      icon: icon('type-hierarchy'),
      command: { command: 'pasMigration.openErd', title: 'Open ERD' },
    },
    crosswalks(root, state),
  ];
}

function schema(root: string, label: string, tables: readonly TableState[], catalog: string): Node {
  return {
    id: label,
    label,
    description: tables.length === 0 ? 'run Extract Specs' : counted(tables.length, 'table'),
    icon: icon('database'),
    context: 'schema',
    children: () => tables.map((table) => tableNode(root, label, table, catalog)),
  };
}

function tableNode(root: string, side: string, table: TableState, catalog: string): Node {
  return {
    id: `${side}/${table.name}`,
    label: table.name,
    description: `${counted(table.fields.length, 'column')}${table.family === '' ? '' : ` · ${table.family}`}`,
    icon: icon('table'),
    context: 'table',
    children: () => table.fields.map((field) => fieldNode(root, side, table.name, field, catalog)),
  };
}

function fieldNode(root: string, side: string, table: string, field: FieldState, catalog: string): Node {
  const marks = [
    field.key ? 'key' : '',
    field.mandatory ? 'mandatory' : '',
    field.link === '' ? '' : `→ ${field.link}`,
    field.codeSet,
  ];
  return {
    id: `${side}/${table}/${field.name}`,
    label: field.name,
    description: [field.type, ...marks.filter((mark) => mark !== '')].join(' · '),
    tooltip: `${field.description}\n${field.specFile} ${field.specLocation}`.trim(),
    icon: icon(field.key ? 'key' : field.link === '' ? 'symbol-field' : 'references'),
    context: 'field',
    command: openAt(
      root,
      /^line \d+$/.test(field.specLocation) ? field.specFile : catalog,
      Number(/^line (\d+)$/.exec(field.specLocation)?.[1] ?? 1),
    ),
  };
}

const CLASS_ICONS: Readonly<Record<string, string>> = {
  direct: 'arrow-right',
  derived: 'symbol-operator',
  lookup: 'book',
  surrogate: 'symbol-numeric',
  constant: 'symbol-constant',
  reference_feed: 'cloud-download',
  out_of_scope: 'circle-slash',
  unresolved: 'question',
};

function contract(rows: readonly ContractRowState[], filter: ContractFilter): Node {
  const shown = rows.filter((row) => passes(row, filter));
  const tables = [...new Set(shown.map((row) => row.table))];
  const limited = filter === 'all' ? '' : ` · ${filter.replace('_', ' ')}`;
  return {
    id: 'contract',
    label: 'Mapping contract',
    description:
      rows.length === 0 ? 'run Build Mapping Contract' : `${shown.length} of ${counted(rows.length, 'row')}${limited}`,
    icon: icon('file-code'),
    context: 'contract',
    children: () =>
      tables.map((table) => {
        const own = shown.filter((row) => row.table === table);
        const open = own.filter((row) => row.mappingClass === 'unresolved').length;
        const approved = own.filter((row) => row.status === 'APPROVED').length;
        return {
          id: `contract/${table}`,
          label: table,
          description: `${approved}/${own.length} approved${open === 0 ? '' : `, ${open} unresolved`}`,
          icon: open > 0 ? icon('warning', 'problemsWarningIcon.foreground') : icon('table'),
          context: 'contractTable',
          children: () => own.map(rowNode),
        };
      }),
  };
}

function passes(row: ContractRowState, filter: ContractFilter): boolean {
  if (filter === 'unresolved') return row.mappingClass === 'unresolved';
  if (filter === 'not_approved') return row.status !== 'APPROVED';
  return filter === 'all' || row.mandatory;
}

function rowNode(row: ContractRowState): Node {
  const color = row.mappingClass === 'unresolved' && row.mandatory ? 'problemsErrorIcon.foreground' : undefined;
  return {
    id: `contract/${row.table}/${row.field}/${row.rowSet}`,
    label: row.field,
    description: `${row.mappingClass}${row.from === '' ? '' : ` ← ${row.from}`} · ${row.status.toLowerCase()}`,
    spoken: `${row.field}, ${row.mappingClass}, ${row.status}${row.mandatory ? ', mandatory' : ''}`,
    icon: icon(CLASS_ICONS[row.mappingClass] ?? 'question', color),
    context: 'contractRow',
    contractRow: { table: row.table, field: row.field, rowSet: row.rowSet },
    command: {
      command: 'pasMigration.openContract',
      title: 'Open in the grid',
      arguments: [{ contractRow: { table: row.table, field: row.field, rowSet: row.rowSet } }],
    },
  };
}

function crosswalks(root: string, state: ProjectState): Node {
  return {
    id: 'crosswalks',
    label: 'Crosswalks',
    description: counted(state.crosswalks.length, 'file'),
    icon: icon('book'),
    context: 'crosswalks',
    children: () =>
      state.crosswalks.map((crosswalk) => ({
        id: `crosswalk/${crosswalk.name}`,
        label: crosswalk.name,
        description: `${counted(crosswalk.lines, 'code')}${crosswalk.safetyCritical ? ' · safety-critical' : ''}`,
        icon: icon(crosswalk.safetyCritical ? 'shield' : 'symbol-enum'),
        context: 'crosswalk',
        crosswalk: crosswalk.name,
        command: { command: 'pasMigration.openCrosswalk', title: 'Open Crosswalk', arguments: [crosswalk.name, root] },
      })),
  };
}
