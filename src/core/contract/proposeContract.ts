import type { Catalog, CatalogField, CatalogTable } from '../catalog/catalog.ts';
import type { MatrixRow } from '../mapping/mappingMatrix.ts';
import { compareText, groupBy } from '../shared/order.ts';
import type { ContractField, ContractTable } from './contract.ts';

/** What a first contract is made from. */
export interface ProposalInput {
  readonly source: Catalog;
  readonly target: Catalog;
  readonly matrix: readonly MatrixRow[];
  /** Names of crosswalks that exist. */
  readonly crosswalks: ReadonlySet<string>;
}

/** From here up a candidate becomes the proposed source; the analyst still reviews every DRAFT row. */
const PROPOSE_FROM = 0.6;

/** Proposed field rows and table rows of one target table. */
export interface TableProposal {
  readonly fields: readonly ContractField[];
  readonly tables: readonly ContractTable[];
}

/**
 * Proposes a contract for one target table: one driving table that explains most fields, look-up joins along declared
 * keys, and honest abstention: a field without a confident source that this table can reach stays unresolved.
 */
export function proposeTable(table: CatalogTable, input: ProposalInput, loadOrder: number): TableProposal {
  const rows = groupBy(
    input.matrix.filter((row) => row.targetTable === table.name && row.sourceField !== ''),
    (row) => row.targetField,
  );
  const driving = drivingTable(rows);
  const reachable = driving === '' ? new Map<string, string>() : reachableTables(driving, input.source);
  const joined = new Set<string>();
  const fields = table.fields.map((field) => {
    const fit = (rows.get(field.field) ?? []).find(
      (row) => row.score >= PROPOSE_FROM && (row.sourceTable === driving || reachable.has(row.sourceTable)),
    );
    const proposal = proposeField(field, fit, rows.get(field.field)?.[0], input);
    if (fit !== undefined && proposal.mappingClass !== 'unresolved' && fit.sourceTable !== driving)
      joined.add(fit.sourceTable);
    return proposal;
  });
  if (driving === '') return { fields, tables: [] };
  const joins = [...joined].sort(compareText).map((name) => `${name} ON ${reachable.get(name)}`);
  const row: ContractTable = {
    targetTable: table.name,
    rowSet: 'main',
    drivingTable: driving,
    joins: joins.join('; '),
    filter: '',
    grain: table.fields
      .filter((field) => field.primaryKey)
      .map((field) => field.field)
      .join(','),
    dedupe: '',
    loadOrder,
    status: 'DRAFT',
    notes: '',
    line: 0,
  };
  return { fields, tables: [row] };
}

/** The source table whose fields the best candidates name most, by score. */
function drivingTable(rows: ReadonlyMap<string, readonly MatrixRow[]>): string {
  const votes = new Map<string, number>();
  for (const candidates of rows.values()) {
    const best = new Map<string, number>();
    for (const row of candidates) best.set(row.sourceTable, Math.max(best.get(row.sourceTable) ?? 0, row.score));
    for (const [table, score] of best) if (score >= PROPOSE_FROM) votes.set(table, (votes.get(table) ?? 0) + score);
  }
  const ranked = [...votes].sort(([a, x], [b, y]) => y - x || compareText(a, b));
  return ranked[0]?.[0] ?? '';
}

/** Tables whose single key the driving table links to: such a join finds at most one row. */
function reachableTables(driving: string, source: Catalog): Map<string, string> {
  const found = new Map<string, string>();
  for (const field of source.table(driving)?.fields ?? []) {
    const link = field.foreignKey;
    if (link === null || link.table === driving || found.has(link.table)) continue;
    const key = source.primaryKey(link.table);
    if (key.length === 1 && key[0]?.field === link.field)
      found.set(link.table, `${link.table}.${link.field} = ${driving}.${field.field}`);
  }
  return found;
}

function proposeField(
  field: CatalogField,
  fit: MatrixRow | undefined,
  best: MatrixRow | undefined,
  input: ProposalInput,
): ContractField {
  const row = emptyRow(field);
  if (fit === undefined) {
    const hint =
      best === undefined ? '' : `Nearest: ${best.sourceTable}.${best.sourceField} (${best.score.toFixed(2)}).`;
    return { ...row, confidence: best?.score ?? 0, notes: hint };
  }
  const source = input.source.field(fit.sourceTable, fit.sourceField);
  const known = {
    sourceTable: fit.sourceTable,
    sourceField: fit.sourceField,
    confidence: Math.round(fit.score * 100) / 100,
  };
  if (fit.proposedClass !== 'lookup') return { ...row, ...known, mappingClass: 'direct' };
  const crosswalk = source?.codeSet ?? '';
  if (input.crosswalks.has(crosswalk)) return { ...row, ...known, mappingClass: 'lookup', crosswalk };
  return {
    ...row,
    ...known,
    crosswalk,
    notes: `Make the crosswalk ${crosswalk || '(code table not named)'} to ${field.codeSet}, then set the class to lookup.`,
  };
}

/** A row nobody has decided yet. */
export function emptyRow(field: CatalogField): ContractField {
  return {
    targetTable: field.table,
    targetField: field.field,
    dataType: field.declaredType,
    mandatory: field.mandatory,
    mappingClass: 'unresolved',
    sourceTable: '',
    sourceField: '',
    rule: '',
    crosswalk: '',
    defaultValue: '',
    confidence: 0,
    status: 'DRAFT',
    owner: 'Mapping Analyst',
    notes: '',
    rowSet: '',
    line: 0,
  };
}

/** Target table → load order from its foreign keys: 1 for tables without parents, children after all their parents. */
export function loadOrders(target: Catalog): Map<string, number> {
  const orders = new Map<string, number>();
  const visit = (name: string, above: ReadonlySet<string>): number => {
    const known = orders.get(name);
    if (known !== undefined) return known;
    const parents = new Set(
      target.table(name)?.fields.flatMap((field) => (field.foreignKey === null ? [] : [field.foreignKey.table])) ?? [],
    );
    const path = new Set([...above, name]);
    let order = 1;
    for (const parent of parents)
      if (!path.has(parent) && target.table(parent) !== undefined) order = Math.max(order, 1 + visit(parent, path));
    orders.set(name, order);
    return order;
  };
  for (const name of target.tables.keys()) visit(name, new Set());
  return orders;
}
