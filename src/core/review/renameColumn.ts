import { type RuleScope, scopesOf } from '../contract/ruleScopes.ts';
import { type RuleWord, ruleWords } from '../contract/ruleWords.ts';
import { CsvSheet, type TextChange } from '../csv/csvSheet.ts';

/** What renaming a source column does to the text of a contract. */
export interface ColumnRename {
  readonly edits: readonly TextChange[];
  /** Rows changed in `source_field`, and in their rule. */
  readonly fields: number;
  readonly rules: number;
  /** Rules that may mean this column and are left alone, with why; lines count from 1. */
  readonly left: readonly { readonly line: number; readonly row: string; readonly why: string }[];
}

/**
 * Renames a source column in every row of a contract that takes it, and in the rules in which it can only be this
 * column: qualified by its table, or of the driving table of every row set that the row is for. A rule in which it may
 * be another is left alone and told.
 */
export function renameColumn(
  text: string,
  given: { readonly table: string; readonly from: string; readonly to: string },
  scopes: ReadonlyMap<string, readonly RuleScope[]>,
): ColumnRename {
  const sheet = new CsvSheet(text, 0);
  const edits: TextChange[] = [];
  const left: { line: number; row: string; why: string }[] = [];
  let [fields, rules] = [0, 0];
  for (const [index, { line }] of sheet.records.entries()) {
    const cells = sheet.cells(index);
    const wanted: [string, string][] = [];
    if (cells['source_table'] === given.table && cells['source_field'] === given.from) {
      wanted.push(['source_field', given.to]);
      fields += 1;
    }
    const own = scopesOf(scopes, cells['target_table'] ?? '', cells['row_set'] ?? '');
    const renamed = inRule(cells['rule'] ?? '', given, own);
    if (renamed.rule !== cells['rule']) {
      wanted.push(['rule', renamed.rule]);
      rules += 1;
    }
    if (renamed.why !== null)
      left.push({ line, row: `${cells['target_table']}.${cells['target_field']}`, why: renamed.why });
    edits.push(...sheet.edits(index, wanted));
  }
  return { edits, fields, rules, left };
}

function inRule(
  rule: string,
  given: { readonly table: string; readonly from: string; readonly to: string },
  scopes: readonly RuleScope[],
): { rule: string; why: string | null } {
  let [renamed, shift, why] = [rule, 0, null as string | null];
  for (const word of ruleWords(rule)) {
    if (word.kind !== 'column' || !alike(word.name, given.from)) continue;
    const tables = new Set(scopes.map((scope) => tableOf(word, scope)));
    if (scopes.length > 0 && !tables.has(given.table)) continue;
    if (tables.size !== 1) {
      why = scopes.length === 0 ? 'its target table has no row set' : 'it is another table’s column in a row set';
      continue;
    }
    const put = written(given.to, rule.charAt(word.start) === '"');
    renamed = renamed.slice(0, word.start + shift) + put + renamed.slice(word.end + shift);
    shift += put.length - (word.end - word.start);
  }
  return { rule: renamed, why };
}

/** The source table of a column in a row set; undefined when its qualifier is not known there. */
function tableOf(word: RuleWord, scope: RuleScope): string | undefined {
  const { qualifier } = word;
  if (qualifier === null) return scope.driving;
  return Object.entries(scope.tables).find(([alias]) => alike(alias, qualifier))?.[1];
}

/** The engine takes names in any case. */
function alike(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

function written(name: string, quoted: boolean): string {
  return !quoted && /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
