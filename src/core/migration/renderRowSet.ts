import { type Expression, text as literal, walk } from '../contract/expression.ts';
import { RULE_FUNCTIONS } from '../contract/ruleFunctions.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { dayOf, renderExpression, typed } from './duckdbDialect.ts';
import type { ColumnPlan, ReferencePlan, RowSetPlan, TablePlan, ValuePlan } from './plan.ts';

/** Bits in one mask column: a signed 64-bit integer keeps 62 of them clear of the sign. */
const BITS = 62;

/** Names of the working tables of a run. */
export const sourceTable = (table: string): string => `src.${quoteIdentifier(table)}`;
export const crosswalkTable = (name: string): string => `xw.${quoteIdentifier(name)}`;
export const keyTable = (parent: string, columns: readonly string[]): string =>
  `keys.${quoteIdentifier([parent, ...columns].join('.'))}`;

/** Where a failing value shows: in mask column `mask`, bit `bit`. */
export interface FailureBit {
  readonly mask: string;
  readonly bit: string;
}

/** A value with the pieces of SQL that decide it. */
export interface RenderedValue {
  readonly value: ValuePlan;
  readonly column: ColumnPlan;
  readonly reference: ReferencePlan | null;
  readonly final: string;
  readonly failure: FailureBit;
  /** Imputed when this holds; null when the run never imputes this field. */
  readonly imputed: string | null;
  /** SQL giving the recorded value of a failing cell, and the reason code. */
  readonly recorded: string;
  readonly reason: string;
}

/**
 * The SQL of one row set: driving rows left-joined to look-ups, crosswalks and parent keys, each target column typed
 * in one pass with a bit for every value that cannot be loaded. Inner query `b`: typed values `v<i>` and the recorded
 * value `e<i>` where it matters; outer query: parent look-ups, lengths, masks.
 */
export class RowSetSql {
  readonly rowSet: RowSetPlan;
  readonly values: readonly RenderedValue[];
  /** Alias → true for joins whose key is not unique in the data: their matches must be counted. */
  readonly #ambiguous: ReadonlySet<string>;
  readonly #table: TablePlan;
  readonly #keyColumns: readonly string[];

  constructor(table: TablePlan, rowSet: RowSetPlan, keyColumns: readonly string[], ambiguous: ReadonlySet<string>) {
    this.#table = table;
    this.#ambiguous = ambiguous;
    this.#keyColumns = keyColumns;
    this.rowSet = rowSet;
    this.values = rowSet.values.map((value, index) => this.#renderValue(value, index));
  }

  get maskNames(): string[] {
    return [...new Set(this.values.map((value) => value.failure.mask))];
  }

  /**
   * Creates the stage table: `__row`, the target columns, masks, `__held`, `__imputed`. Each value is computed once, in
   * query `f`; the masks only ask whether it is there.
   */
  stage(name: string): string {
    const place = new Map(this.values.map((value, index) => [value.value.field, index]));
    const columns = this.#table.columns.map((column) => {
      const index = place.get(column.field);
      return `${index === undefined ? typed('NULL', null, column) : `f.f${index}`} AS ${quoteIdentifier(column.field)}`;
    });
    const decided = this.values.flatMap((value, index) => [
      `${value.final} AS f${index}`,
      ...(value.value.mandatory ? [] : [`b.e${index} IS NOT NULL AS p${index}`]),
      ...(value.imputed === null ? [] : [`(${value.imputed}) AS m${index}`]),
    ]);
    const ambiguous = this.#ambiguous.size === 0 ? 'FALSE' : 'b.__ambiguous';
    const outer = [
      'f.__row',
      ...columns,
      ...this.maskNames.map((mask) => `${this.#maskSum(mask)} AS ${mask}`),
      'f.__ambiguous',
      `${this.#imputedSum()} AS __imputed`,
    ].join(', ');
    const values = ['b.__row', ...decided, `${ambiguous} AS __ambiguous`].join(', ');
    return `CREATE TABLE ${name} AS SELECT *, ${this.#heldCondition()} AS __held FROM (SELECT ${outer} FROM (SELECT ${values} ${this.#outerFrom('TRUE')}) AS f)`;
  }

  /**
   * How often each code is met by the rows that are loaded, for one value with a crosswalk: `code`, `day`, `rows`.
   *
   * @param days SQL of a day that stands for the row's, given SQL of the row's; few of them keep the groups few
   */
  codes(value: ValuePlan, days: (day: string) => string): string {
    const date = value.crosswalk?.event?.day;
    const day = date === undefined ? 'CAST(NULL AS DATE)' : dayOf(renderExpression(date), date);
    const where = this.rowSet.filter === null ? '' : ` WHERE ${renderExpression(this.rowSet.filter)}`;
    const met = `SELECT CAST(${renderExpression(value.expression)} AS VARCHAR) AS code, ${day} AS day ${this.#innerFrom()}${where}${this.#qualify()}`;
    return `SELECT code, CAST(${days('met.day')} AS VARCHAR) AS day, count(*)::DOUBLE AS rows FROM (${met}) AS met WHERE code IS NOT NULL GROUP BY 1, 2`;
  }

  /** Rows of the driving table that the filter leaves out; null when there is no filter. */
  excludedCount(): string | null {
    if (this.rowSet.filter === null) return null;
    return `SELECT count(*) AS n ${this.#innerFrom()} WHERE (${renderExpression(this.rowSet.filter)}) IS NOT TRUE`;
  }

  /** One row per failing cell of the field, with the recorded value and the reason, for the rejects file. */
  rejects(value: RenderedValue, stage: string): string {
    const { mask, bit } = value.failure;
    const failing = `SELECT __row FROM ${stage} WHERE (${mask} & ${bit}) <> 0`;
    return `SELECT b.__row AS source_row, b.__key AS row_key, ${value.recorded} AS source_value, ${value.reason} AS reason ${this.#outerFrom(`${quoteIdentifier(this.rowSet.source)}.__row IN (${failing})`)}`;
  }

  /**
   * For looking at, of a row set with one value: each row's own values `s<i>` of some columns, `target`, what the field
   * gets as it is written, and `reason` where it gets nothing that it should.
   */
  pairs(columns: readonly { readonly alias: string; readonly column: string }[]): string {
    const [value] = this.values;
    if (value === undefined) throw new Error('A row set without a value has no pairs.');
    const own = columns.map(
      ({ alias, column }, index) => `${quoteIdentifier(alias)}.${quoteIdentifier(column)} AS s${index}`,
    );
    const fails = `${value.final} IS NULL${value.value.mandatory ? '' : ' AND b.e0 IS NOT NULL'}`;
    const ambiguous = this.#ambiguous.size === 0 ? '' : "WHEN b.__ambiguous THEN 'AMBIGUOUS_JOIN' ";
    const written =
      value.column.type === 'datetime'
        ? `strftime(${value.final}, '%Y-%m-%dT%H:%M:%S')`
        : `CAST(${value.final} AS VARCHAR)`;
    return `SELECT ${columns.map((_, index) => `b.s${index}, `).join('')}${written} AS target, CASE ${ambiguous}WHEN ${fails} THEN ${value.reason} END AS reason ${this.#outerFrom('TRUE', own)}`;
  }

  /** Keys of the loaded rows whose value was imputed. */
  imputedRows(value: RenderedValue, stage: string): string {
    const loaded = `SELECT __row FROM ${stage} WHERE __imputed > 0 AND NOT __held`;
    const driving = quoteIdentifier(this.rowSet.source);
    return `SELECT b.__key AS row_key ${this.#outerFrom(`${driving}.__row IN (${loaded})`)} WHERE ${value.imputed ?? 'FALSE'}`;
  }

  /** Source row and key of the rows a condition on the stage picks. */
  rowKeys(rows: string): string {
    const driving = quoteIdentifier(this.rowSet.source);
    return `SELECT ${driving}.__row AS source_row, ${this.#rowKey()} AS row_key FROM ${sourceTable(this.rowSet.source)} AS ${driving} WHERE ${driving}.__row IN (${rows})`;
  }

  #maskSum(mask: string): string {
    const bits = this.values.flatMap((value, index) => {
      if (value.failure.mask !== mask) return [];
      const fails = value.value.mandatory ? `f.f${index} IS NULL` : `(f.f${index} IS NULL AND f.p${index})`;
      return [`CAST(${fails} AS BIGINT) * ${value.failure.bit}`];
    });
    return bits.join(' + ');
  }

  #imputedSum(): string {
    const imputed = this.values.flatMap((value, index) =>
      value.imputed === null ? [] : [`CAST(f.m${index} AS INTEGER)`],
    );
    return imputed.length === 0 ? '0' : imputed.join(' + ');
  }

  #heldCondition(): string {
    const conditions = this.maskNames.flatMap((mask) => {
      const held = this.values.filter((value) => value.failure.mask === mask && value.value.onFail === 'hold');
      if (held.length === 0) return [];
      return [
        `(${mask} & ${held.reduce((sum, value) => sum + BigInt(value.failure.bit.split(':')[0] ?? '0'), 0n)}::BIGINT) <> 0`,
      ];
    });
    return ['__ambiguous', ...conditions].join(' OR ');
  }

  #renderValue(value: ValuePlan, index: number): RenderedValue {
    const column = this.#table.columns.find((candidate) => candidate.field === value.field);
    if (column === undefined) throw new Error(`No column ${value.field} in the plan of ${this.#table.target}.`);
    const referenceAt = this.rowSet.references.findIndex((reference) => reference.columns.at(-1) === value.field);
    const reference = this.rowSet.references[referenceAt] ?? null;
    const raw = `b.v${index}`;
    const fitted =
      column.length !== null && value.mappingClass !== 'surrogate'
        ? `(CASE WHEN length(${raw}) <= ${column.length} THEN ${raw} END)`
        : raw;
    const found = reference === null ? fitted : this.#parentValue(reference, referenceAt, fitted);
    const final = value.impute === null ? found : `coalesce(${found}, ${this.#imputeLiteral(value, column, index)})`;
    const bit = `${2n ** BigInt(index % BITS)}::BIGINT`;
    return {
      value,
      column,
      reference,
      final,
      failure: { mask: `__fail${Math.floor(index / BITS)}`, bit },
      imputed: value.impute === null ? null : `${found} IS NULL AND b.e${index} IS NULL`,
      recorded: `coalesce(b.e${index}, CAST(${raw} AS VARCHAR))`,
      reason: this.#reason(value, column, index, reference),
    };
  }

  /** Filled only where nothing was recorded: an unknown code or a bad date is never painted over. */
  #imputeLiteral(value: ValuePlan, column: ColumnPlan, index: number): string {
    const constant = literal(value.impute ?? '');
    return `(CASE WHEN b.e${index} IS NULL THEN ${typed(renderExpression(constant), constant, column)} END)`;
  }

  #parentValue(reference: ReferencePlan, at: number, fitted: string): string {
    if (reference.surrogate) return `k${at}.number`;
    return `(CASE WHEN k${at}.k0 IS NOT NULL THEN ${fitted} END)`;
  }

  #reason(value: ValuePlan, column: ColumnPlan, index: number, reference: ReferencePlan | null): string {
    const cases = [`WHEN b.e${index} IS NULL THEN 'MANDATORY_MISSING'`];
    if (value.crosswalk !== null) cases.push(`WHEN b.u${index} THEN 'UNKNOWN_CODE'`);
    cases.push(`WHEN b.v${index} IS NULL THEN 'BAD_FORMAT'`);
    if (column.length !== null)
      cases.push(`WHEN length(CAST(b.v${index} AS VARCHAR)) > ${column.length} THEN 'TOO_LONG'`);
    return `(CASE ${cases.join(' ')} ELSE '${reference === null ? 'BAD_FORMAT' : 'PARENT_MISSING'}' END)`;
  }

  /** Typed value `v`, recorded value `e` and, for look-ups, "code unknown" `u` of each field. */
  #innerColumns(): string[] {
    return this.values.flatMap(({ value, column }, index) => {
      const sql = renderExpression(value.expression);
      if (value.crosswalk !== null) {
        const target = `x${index}.target_code`;
        const unknown = `(x${index}.source_code IS NULL AND ${sql} IS NOT NULL)`;
        return [
          `${typed(target, null, column)} AS v${index}`,
          `CASE WHEN ${unknown} THEN ${recordedLookup(value, sql)} ELSE ${target} END AS e${index}`,
          `${unknown} AS u${index}`,
        ];
      }
      const surrogate = value.mappingClass === 'surrogate';
      const result = surrogate ? `CAST(${sql} AS VARCHAR)` : typed(sql, value.expression, column);
      return [`${result} AS v${index}`, `${recordedValue(value.expression, sql)} AS e${index}`];
    });
  }

  /** FROM of the inner query: driving table, joins, crosswalks. */
  #innerFrom(): string {
    const parts = [`FROM ${sourceTable(this.rowSet.source)} AS ${quoteIdentifier(this.rowSet.source)}`];
    for (const join of this.rowSet.joins) {
      const on = join.pairs.map(
        (pair) => `${quoteIdentifier(join.alias)}.${quoteIdentifier(pair.column)} = ${renderExpression(pair.equals)}`,
      );
      parts.push(`LEFT JOIN ${this.#joinSource(join)} AS ${quoteIdentifier(join.alias)} ON ${on.join(' AND ')}`);
    }
    return parts.join(' ');
  }

  /** A joined table whose key repeats gives its first row, with the number of rows beside it. */
  #joinSource(join: RowSetPlan['joins'][number]): string {
    if (!this.#ambiguous.has(join.alias)) return sourceTable(join.table);
    const keys = join.pairs.map((pair) => quoteIdentifier(pair.column)).join(', ');
    return `(SELECT *, count(*) OVER (PARTITION BY ${keys}) AS __matches FROM ${sourceTable(join.table)} QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY __row) = 1)`;
  }

  #crosswalkJoins(): string {
    const joins = this.values.map(({ value }, index) => crosswalkJoin(value, `x${index}`));
    return joins.filter((join) => join !== '').join(' ');
  }

  #rowKey(): string {
    const driving = quoteIdentifier(this.rowSet.source);
    if (this.#keyColumns.length === 0) return `CAST(${driving}.__row AS VARCHAR)`;
    return `concat_ws('|', ${this.#keyColumns.map((column) => `coalesce(${driving}.${quoteIdentifier(column)}, '')`).join(', ')})`;
  }

  #outerFrom(where: string, more: readonly string[] = []): string {
    const driving = quoteIdentifier(this.rowSet.source);
    const conditions = [where];
    if (this.rowSet.filter !== null) conditions.push(renderExpression(this.rowSet.filter));
    const ambiguous = [...this.#ambiguous].map((alias) => `coalesce(${quoteIdentifier(alias)}.__matches, 0) > 1`);
    const columns = [
      `${driving}.__row AS __row`,
      `${this.#rowKey()} AS __key`,
      ...(ambiguous.length === 0 ? [] : [`(${ambiguous.join(' OR ')}) AS __ambiguous`]),
      ...this.#innerColumns(),
      ...more,
    ];
    const inner = `SELECT ${columns.join(', ')} ${this.#innerFrom()} ${this.#crosswalkJoins()} WHERE ${conditions.join(' AND ')}${this.#qualify()}`;
    return `FROM (${inner}) AS b ${this.#parentJoins()}`;
  }

  #qualify(): string {
    const { dedupe } = this.rowSet;
    if (dedupe === null) return '';
    const direction = dedupe.keep === 'LAST' ? 'DESC NULLS LAST' : 'ASC NULLS LAST';
    const keys = dedupe.keys.map(renderExpression).join(', ');
    const row = `${quoteIdentifier(this.rowSet.source)}.__row`;
    return ` QUALIFY row_number() OVER (PARTITION BY ${keys} ORDER BY ${renderExpression(dedupe.by)} ${direction}, ${row}) = 1`;
  }

  #parentJoins(): string {
    return this.rowSet.references
      .map((reference, at) => {
        const on = reference.columns.map((column, index) => {
          const position = this.values.findIndex((value) => value.value.field === column);
          const own = position < 0 ? 'NULL' : `b.v${position}`;
          return `k${at}.k${index} = ${reference.surrogate ? `CAST(${own} AS VARCHAR)` : own}`;
        });
        return `LEFT JOIN ${keyTable(reference.parent, reference.parentColumns)} AS k${at} ON ${on.join(' AND ')}`;
      })
      .join(' ');
  }
}

/** Of a code with several lines the one that holds on the row's day; no line, when none does. */
function crosswalkJoin({ crosswalk, expression }: ValuePlan, alias: string): string {
  if (crosswalk === null) return '';
  const on = [`${alias}.source_code = ${renderExpression(expression)}`];
  if (crosswalk.event?.decides === true) {
    const day = dayOf(renderExpression(crosswalk.event.day), crosswalk.event.day);
    const [validFrom, validTo] = [`${alias}.valid_from`, `${alias}.valid_to`];
    // Lines without dates have none to compare, so that a row without a day finds them, and no others.
    on.push(`(${validFrom} IS NULL OR ${validFrom} <= ${day})`, `(${validTo} IS NULL OR ${day} <= ${validTo})`);
  }
  return `LEFT JOIN ${crosswalkTable(crosswalk.name)} AS ${alias} ON ${on.join(' AND ')}`;
}

function recordedLookup(value: ValuePlan, sql: string): string {
  return value.expression.kind === 'column' ? sql : `CAST(${sql} AS VARCHAR)`;
}

/**
 * What was recorded, for a value that may fail: arguments of conversions that gave nothing, else the value itself.
 * A rule that deliberately gives nothing (a CASE without a match) records nothing and is no failure.
 */
function recordedValue(expression: Expression, sql: string): string {
  if (expression.kind === 'column' || expression.kind === 'text') return sql;
  const converts = (part: Expression): boolean =>
    part.kind === 'call' && RULE_FUNCTIONS.get(part.name)?.converts === true;
  if (expression.kind === 'call' && converts(expression)) {
    const columns = expression.args.filter((argument) => argument.kind === 'column').map(renderExpression);
    if (columns.length > 0) return columns.length === 1 ? (columns[0] ?? '') : `coalesce(${columns.join(', ')})`;
  }
  const failed: string[] = [];
  for (const part of walk(expression)) {
    const argument = part.kind === 'call' && converts(part) ? part.args[0] : undefined;
    if (argument === undefined) continue;
    failed.push(
      `(CASE WHEN ${renderExpression(part)} IS NULL THEN CAST(${renderExpression(argument)} AS VARCHAR) END)`,
    );
  }
  const value = `CAST(${sql} AS VARCHAR)`;
  return failed.length === 0 ? value : `coalesce(${[...failed, value].join(', ')})`;
}
