import { scopesOf } from '../../src/core/contract/ruleScopes.ts';
import type { Offers } from '../../src/core/review/rowFacts.ts';
import { type Completion, fitting, type Suggestion } from '../shared/combobox.ts';
import { counted } from '../shared/format.ts';

type Cells = Readonly<Record<string, string>>;

/** What a cell may be completed with, from what the project has; nothing for columns of free text. */
export function completion(offers: Offers, column: string, cells: Cells, text: string, caret: number): Completion {
  if (column === 'rule') return inRule(offers, cells, text, caret);
  const items = wholeCell(offers, column, cells);
  // A cell that holds one of the choices shows all of them: the person came to choose another.
  const written = items.some(({ value }) => value === text) ? '' : text;
  return { start: 0, end: text.length, items: fitting(items, written) };
}

function wholeCell(offers: Offers, column: string, cells: Cells): Suggestion[] {
  const table = cells['source_table'] ?? '';
  switch (column) {
    case 'source_table':
      return Object.entries(offers.sources).map(([value, fields]) => ({
        value,
        help: counted(fields.length, 'column'),
      }));
    case 'source_field':
      return columnsOf(offers, table);
    case 'crosswalk':
      return offers.crosswalks.map(({ name, codes, safetyCritical }) => ({
        value: name,
        help: `${counted(codes, 'code')}${safetyCritical ? ', safety-critical' : ''}`,
      }));
    default:
      return [];
  }
}

function columnsOf(offers: Offers, table: string): Suggestion[] {
  return (offers.sources[table] ?? []).map(({ name, type, description }) => ({
    value: name,
    help: [type, description].filter((part) => part !== '').join(' · '),
  }));
}

/** The word before the caret: behind `ALIAS.` the columns of that table, else functions, columns and aliases. */
function inRule(offers: Offers, cells: Cells, text: string, caret: number): Completion {
  const before = text.slice(0, caret);
  // Inside a literal there is nothing to complete.
  if ((before.match(/'/g)?.length ?? 0) % 2 === 1) return { start: caret, end: caret, items: [] };
  const written = /[\p{L}_$][\p{L}\p{N}_$]*$/u.exec(before)?.[0] ?? '';
  const start = caret - written.length;
  const alias = /([\p{L}_$][\p{L}\p{N}_$]*)\.$/u.exec(before.slice(0, start))?.[1];
  const scopes = scopesOf(new Map(Object.entries(offers.scopes)), cells['target_table'] ?? '', cells['row_set'] ?? '');
  const tables = Object.assign({}, ...scopes.map((scope) => scope.tables)) as Record<string, string>;
  if (alias !== undefined) {
    const table = Object.entries(tables).find(([name]) => name.toUpperCase() === alias.toUpperCase())?.[1] ?? alias;
    return { start, end: caret, items: fitting(columnsOf(offers, table), written) };
  }
  const driving = [...new Set(scopes.map((scope) => scope.driving))];
  const items: Suggestion[] = [
    ...(driving.length === 0 ? [cells['source_table'] ?? ''] : driving).flatMap((table) => columnsOf(offers, table)),
    ...offers.functions.map(({ name, help }) => ({ value: name, help, suffix: '(' })),
    ...Object.entries(tables).map(([name, table]) => ({ value: name, help: `table ${table}`, suffix: '.' })),
  ];
  return { start, end: caret, items: fitting(items, written) };
}
