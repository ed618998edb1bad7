import { domainOf } from '../concepts/domain.ts';
import { quoteIdentifier, quoteLiteral } from '../engine/sqlText.ts';
import { Cancelled } from '../shared/errors.ts';
import { groupBy } from '../shared/order.ts';
import { type ColumnNeed, parseNeed, viewName } from './canonicalViews.ts';
import { countColumns } from './columnChecks.ts';
import { groupOf, type Need, type Rule, type RuleIssue, type RulePart, type RuleResult } from './rule.ts';
import { type Finding, needReason, type RuleWorld } from './ruleWorld.ts';

export interface RuleOutcome {
  readonly result: RuleResult;
  readonly issues: readonly RuleIssue[];
}

/** Judges one rule. An engine error becomes status `error`; only a cancel passes through. */
export async function runRule(world: RuleWorld, rule: Rule): Promise<RuleOutcome> {
  const notes: string[] = [];
  try {
    const findings = rule.columns === undefined ? [] : await countColumns(world, rule, notes);
    const judged = new Set<string>();
    for (const part of rule.parts) {
      const place = `${part.family}.${part.field}`;
      if (part.fallback === true && judged.has(place)) continue;
      const missing = missingNeed(world, part);
      if (missing !== null) notes.push(missing);
      else {
        judged.add(place);
        notes.push(...absentUses(world, part));
        findings.push(await runPart(world, rule, part));
      }
    }
    return await settle(world, rule, findings, notes);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    return {
      result: resultOf(rule, 'error', 0, 0, `The rule could not run: ${(error as Error).message}`, 0),
      issues: [],
    };
  }
}

async function settle(
  world: RuleWorld,
  rule: Rule,
  findings: readonly Finding[],
  notes: readonly string[],
): Promise<RuleOutcome> {
  const numerator = findings.reduce((sum, finding) => sum + finding.numerator, 0);
  const denominator = findings.reduce((sum, finding) => sum + finding.denominator, 0);
  const said = [...new Set(notes)].join(' ');
  if (denominator === 0) {
    const reason = said === '' || findings.length > 0 ? `Nothing to look at. ${said}`.trim() : said;
    return { result: resultOf(rule, 'not_applicable', 0, 0, reason, 0), issues: [] };
  }
  const issues: RuleIssue[] = [];
  for (const finding of findings) {
    const room = world.issuesPerRule - issues.length;
    if (finding.numerator > 0 && room > 0) issues.push(...(await finding.list(room)));
  }
  const status = numerator > 0 ? 'failed' : 'passed';
  return { result: resultOf(rule, status, numerator, denominator, said, issues.length), issues };
}

function resultOf(
  rule: Rule,
  status: RuleResult['status'],
  numerator: number,
  denominator: number,
  reason: string,
  issuesWritten: number,
): RuleResult {
  const { id, severity, family, title } = rule;
  const domain = domainOf(family);
  const group = groupOf(id);
  return {
    id,
    severity,
    family,
    group,
    domain,
    title,
    status,
    numerator,
    denominator,
    reason,
    issues_written: issuesWritten,
  };
}

/** Why a part cannot run, or null. */
function missingNeed(world: RuleWorld, part: RulePart): string | null {
  if (part.extract === true && !world.hasExtract) {
    return 'The extract instant is unknown; give --extract-at.';
  }
  for (const need of part.needs) {
    const reason = needReason(world, need);
    if (reason !== null) return reason;
  }
  for (const [view, needs] of columnsByView(part.needs)) {
    const { side, family } = needs[0] as ColumnNeed;
    const concepts = needs.map((need) => need.concept);
    if (world.views.tablesWith(side, family, concepts).length === 0) {
      return `No one ${side} table of family ${family} holds ${concepts.join(', ')} together (view ${view}).`;
    }
  }
  return null;
}

function absentUses(world: RuleWorld, part: RulePart): string[] {
  return (part.uses ?? [])
    .filter((need) => needReason(world, need) !== null)
    .map((need) => `Without ${need}, which the data do not have.`);
}

function columnsByView(needs: readonly Need[]): Map<string, ColumnNeed[]> {
  const columns = needs.map(parseNeed).filter((need) => need !== null);
  return groupBy(columns, (need) => viewName(need.side, need.family));
}

async function runPart(world: RuleWorld, rule: Rule, part: RulePart): Promise<Finding> {
  const query = partQuery(world, part);
  const [counts] = await world.engine.rows(
    `${query} SELECT count(*)::DOUBLE AS examined, count(*) FILTER (failed IS NOT FALSE)::DOUBLE AS failing FROM examined_rows`,
  );
  return {
    numerator: Number(counts?.['failing'] ?? 0),
    denominator: Number(counts?.['examined'] ?? 0),
    list: async (limit) => {
      const named = /\bAS field_name\b/.test(part.sql);
      const field = named ? 'field_name' : `'' AS field_name`;
      const rows = await world.engine.rows(
        `${query} SELECT DISTINCT table_name, row_key, ${field} FROM examined_rows WHERE failed IS NOT FALSE ORDER BY ALL LIMIT ${limit}`,
      );
      return rows.map((row) => {
        const table = String(row['table_name'] ?? '');
        const own = world.views.fieldOf(sideOfTable(world, table), part.family, table, part.field);
        return {
          ruleId: rule.id,
          table,
          field: named ? String(row['field_name'] ?? '') : own,
          rowKey: String(row['row_key'] ?? ''),
        };
      });
    },
  };
}

function sideOfTable(world: RuleWorld, table: string): 'source' | 'target' {
  return world.target.table(table) === undefined ? 'source' : 'target';
}

/**
 * The part's SQL with each view narrowed to the tables that hold all it needs: a second table of a family that lacks a
 * column would otherwise read as empty and fail every row.
 */
function partQuery(world: RuleWorld, part: RulePart): string {
  const views = [...columnsByView(part.needs)].map(([view, needs]) => {
    const { side, family } = needs[0] as ColumnNeed;
    const tables = world.views.tablesWith(
      side,
      family,
      needs.map((need) => need.concept),
    );
    const name = quoteIdentifier(view);
    return `${name} AS (SELECT * FROM main.${name} WHERE table_name IN (${tables.map(quoteLiteral).join(', ')}))`;
  });
  const sql = part.sql.replaceAll(/\{has:([^}]+)\}/g, (_, need: string) =>
    needReason(world, need) === null ? 'TRUE' : 'FALSE',
  );
  return `WITH ${[...views, `examined_rows AS (${sql})`].join(', ')}`;
}
