import type { Catalog, CatalogField, CatalogTable } from '../catalog/catalog.ts';
import { chooseDrivingTable, type DrivingTable } from '../mapping/drivingTable.ts';
import { type MatrixRow, PROPOSAL_SCORE } from '../mapping/mappingMatrix.ts';
import { SourceLinks } from '../mapping/sourceLinks.ts';
import { groupBy } from '../shared/order.ts';
import type { Contract, ContractTable } from './contract.ts';
import { loadOrders } from './loadOrder.ts';
import { emptyRow, proposeField } from './proposeField.ts';
import { sqlName } from './sqlName.ts';

/** What a first contract is made from. */
export interface ProposalInput {
  readonly source: Catalog;
  readonly target: Catalog;
  readonly matrix: readonly MatrixRow[];
  /** Names of crosswalks that exist. */
  readonly crosswalks: ReadonlySet<string>;
}

type Candidates = ReadonlyMap<string, readonly MatrixRow[]>;

/**
 * Proposes a contract: for each target table one driving table that explains most fields, look-up joins along keys, and
 * honest abstention. A field without a confident source that its table can reach stays unresolved; a target table that
 * no source table explains gets no table row, which the gates report. Every row is DRAFT: people decide.
 */
export function proposeContract(input: ProposalInput): Contract {
  const links = new SourceLinks(input.source);
  const byTable = groupBy(
    input.matrix.filter((row) => row.sourceField !== ''),
    (row) => row.targetTable,
  );
  const parts = [...input.target.tables.values()].map((table) => {
    const candidates = groupBy(byTable.get(table.name) ?? [], (row) => row.targetField);
    return { table, candidates, driving: chooseDrivingTable([...candidates.values()], links, PROPOSAL_SCORE) };
  });
  const surrogates = new Set(
    parts
      .filter((part) => needsSurrogate(part.table, part.candidates, part.driving, input))
      .map((part) => part.table.name),
  );
  const orders = loadOrders(input.target);
  const proposed = parts.map(({ table, candidates, driving }) =>
    driving === null
      ? { fields: table.fields.map(emptyRow), tables: [] }
      : proposeTable(table, candidates, new TableContext(table, driving, surrogates, orders, input)),
  );
  return { fields: proposed.flatMap((part) => part.fields), tables: proposed.flatMap((part) => part.tables) };
}

function proposeTable(table: CatalogTable, candidates: Candidates, context: TableContext): Contract {
  const proposals = table.fields.map((field) => proposeField(field, candidates.get(field.field) ?? [], context));
  const row: ContractTable = {
    targetTable: table.name,
    rowSet: 'main',
    drivingTable: context.driving,
    joins: context.joinsTo(proposals.flatMap((proposal) => proposal.joined)),
    filter: '',
    grain: table.fields
      .filter((field) => field.primaryKey)
      .map((field) => field.field)
      .join(','),
    dedupe: '',
    loadOrder: context.loadOrder,
    status: 'DRAFT',
    notes: context.notes(proposals.flatMap((proposal) => proposal.joined)),
    line: 0,
  };
  return { fields: proposals.map((proposal) => proposal.row), tables: [row] };
}

/** A whole number as the only key, where the old key is text: the new system numbers the rows itself. */
function needsSurrogate(
  table: CatalogTable,
  candidates: Candidates,
  driving: DrivingTable | null,
  { source }: ProposalInput,
): boolean {
  const [key, ...more] = table.fields.filter((field) => field.primaryKey);
  if (driving === null || key === undefined || more.length > 0) return false;
  if (key.dataType !== 'INTEGER' || key.foreignKey !== null) return false;
  const [old, ...others] = source.primaryKey(driving.table);
  const fit = (candidates.get(key.field) ?? []).find((row) => row.sourceTable === driving.table);
  return (
    others.length === 0 && old?.dataType === 'VARCHAR' && fit?.sourceField === old.field && fit.score >= PROPOSAL_SCORE
  );
}

/** What the field proposals of one target table share. */
export class TableContext {
  readonly source: Catalog;
  readonly crosswalks: ReadonlySet<string>;
  /** Target tables that get a key of their own numbering. */
  readonly surrogates: ReadonlySet<string>;
  /** Source table whose rows become the rows, and its key fields. */
  readonly driving: string;
  readonly drivingKey: readonly CatalogField[];
  /** True when the target table has one key field. */
  readonly isOnlyKey: boolean;
  readonly loadOrder: number;
  readonly #table: CatalogTable;
  readonly #reachable: DrivingTable['reachable'];
  readonly #orders: ReadonlyMap<string, number>;

  constructor(
    table: CatalogTable,
    driving: DrivingTable,
    surrogates: ReadonlySet<string>,
    orders: ReadonlyMap<string, number>,
    input: ProposalInput,
  ) {
    this.source = input.source;
    this.crosswalks = input.crosswalks;
    this.surrogates = surrogates;
    this.driving = driving.table;
    this.drivingKey = input.source.primaryKey(driving.table);
    this.isOnlyKey = table.fields.filter((field) => field.primaryKey).length === 1;
    this.loadOrder = orders.get(table.name) ?? 1;
    this.#table = table;
    this.#reachable = driving.reachable;
    this.#orders = orders;
  }

  isSurrogateKey(field: CatalogField): boolean {
    return field.primaryKey && this.surrogates.has(field.table);
  }

  loadedBefore(parent: string): boolean {
    return parent !== this.#table.name && (this.#orders.get(parent) ?? this.loadOrder) < this.loadOrder;
  }

  /** Whether a row of the driving table finds at most one row there. */
  reaches(table: string): boolean {
    return table === this.driving || this.#reachable.has(table);
  }

  /** A column as rules write it: bare when it belongs to the driving table. */
  nameOf(field: CatalogField): string {
    return field.table === this.driving ? sqlName(field.field) : `${sqlName(field.table)}.${sqlName(field.field)}`;
  }

  /** The time column that stands beside a date column and shares its words; undefined when that is not plain. */
  timeOf(date: CatalogField): CatalogField | undefined {
    const fields = this.source.table(date.table)?.fields ?? [];
    const stem = nameStem(date.field);
    const times = fields.filter((field) => field.dataType === 'TIME' && nameStem(field.field) === stem);
    return stem !== '' && times.length === 1 ? times[0] : undefined;
  }

  joinsTo(tables: readonly string[]): string {
    const joins = tables.flatMap((table) => this.#reachable.get(table)?.joins ?? []);
    return [...new Set(joins)].join('; ');
  }

  notes(joined: readonly string[]): string {
    const guessed = [...new Set(joined)].filter((table) => this.#reachable.get(table)?.declared === false);
    const notes: string[] = [];
    if (guessed.length > 0) notes.push(`No foreign key is declared to ${guessed.join(', ')}: joined on equal names.`);
    const holdsPatients =
      this.source.table(this.driving)?.fields.some((field) => field.concept === 'patient_id') === true;
    const [merges] = this.source.ofFamily('MERGE');
    if (holdsPatients && merges !== undefined && merges.name !== this.driving)
      notes.push(`Decide what becomes of merged patients (${merges.name}).`);
    return notes.join(' ');
  }
}

/** `ADM_DT` and `ADM_TM`, `startDate` and `startTime` have the same stem. */
function nameStem(name: string): string {
  return name.toUpperCase().replace(/[_ ]?(DATE|DTE|DT|D|TIME|TME|TM|T|H|S)$/, '');
}
