import type { ErdColumn, ErdLink } from './model.ts';
import type { ErdView } from './view.ts';
import { visibleText } from './visibleText.ts';

/** Words that mean something to mermaid where a table's name stands. */
const RESERVED = new Set(
  'o u to one only many zero optionally end class classdef style subgraph direction erdiagram title acctitle accdescr'.split(
    ' ',
  ),
);

/** The text of a view, and under which name mermaid knows each table. */
export interface MermaidText {
  readonly text: string;
  readonly ids: ReadonlyMap<string, string>;
}

/**
 * A view as mermaid text, the same for the same view. Every name stays a name: a table that is not a plain word gets an
 * identifier of its own and its name as an escaped label; a column that is not one is spelt with underscores and its
 * name told beside it. Declared links are drawn solid, inferred ones dashed with their score.
 */
export function toMermaid(view: ErdView): string {
  return mermaidOf(view).text;
}

/** The same, with the identifiers, by which a drawing's boxes are found. */
export function mermaidOf(view: ErdView): MermaidText {
  const ids = identifiers(view.tables.map(({ name }) => name));
  const lines = ['erDiagram'];
  for (const table of view.tables) {
    const id = ids.get(table.name) ?? '';
    const head = id === table.name ? id : `${id}["${escaped(table.name)}"]`;
    if (table.columns.length === 0) lines.push(`  ${head}`);
    else lines.push(`  ${head} {`, ...columnLines(table.columns), '  }');
  }
  for (const link of view.links) {
    const from = ids.get(link.from);
    const to = ids.get(link.to);
    if (from !== undefined && to !== undefined) lines.push(`  ${to} ${arrow(link)} ${from} : "${label(link)}"`);
  }
  return { text: `${lines.join('\n')}\n`, ids };
}

function arrow(link: ErdLink): string {
  const line = link.origin === 'declared' ? '--' : '..';
  return `${link.mandatory ? '||' : '|o'}${line}${link.unique ? 'o|' : 'o{'}`;
}

function label(link: ErdLink): string {
  const score = link.origin === 'declared' ? '' : ` (${link.score.toFixed(2)})`;
  return `${escaped(link.fromField)}${score}`;
}

function columnLines(columns: readonly ErdColumn[]): string[] {
  const used = new Set<string>();
  return columns.map((column) => {
    const name = unique(plainWord(column.name), used);
    const marks = [column.key === null ? '' : 'PK', column.link === null ? '' : 'FK'].filter((mark) => mark !== '');
    const keys = marks.length === 0 ? '' : ` ${marks.join(', ')}`;
    const told = name === column.name ? '' : ` "${escaped(column.name)}"`;
    return `    ${column.type.replace(/[^A-Za-z0-9_(),]/g, '_')} ${name}${keys}${told}`;
  });
}

/** Plain names stand for themselves; the others get `t1`, `t2`, … in the order of the view. */
function identifiers(names: readonly string[]): Map<string, string> {
  const plain = new Set(names.filter((name) => /^[A-Za-z]\w*$/.test(name) && !RESERVED.has(name.toLowerCase())));
  const ids = new Map<string, string>();
  let number = 0;
  for (const name of names) {
    if (plain.has(name)) {
      ids.set(name, name);
      continue;
    }
    do number += 1;
    while (plain.has(`t${number}`));
    ids.set(name, `t${number}`);
  }
  return ids;
}

function plainWord(name: string): string {
  const word = name.replace(/[^A-Za-z0-9_]+/g, '_');
  // Mermaid reads labels as markdown: an underscore that begins a word would make it italic.
  const begun = /^[A-Za-z]/.test(word) ? word : `c${word}`;
  // PK, FK and UK are marks of a column.
  return /^(?:PK|FK|UK)$/i.test(begun) ? `${begun}_` : begun;
}

function unique(word: string, used: Set<string>): string {
  let name = word;
  for (let number = 2; used.has(name); number += 1) name = `${word}_${number}`;
  used.add(name);
  return name;
}

/**
 * Text between quotes of a mermaid line: whatever could mean anything to it, to its markdown or to HTML is written as a
 * character code, also an underscore that is not within a word.
 */
function escaped(text: string): string {
  const codes = visibleText(text)
    .replace(/[^\p{L}\p{N}\p{M}_ .,()-]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/gu, codeOf)
    .trim();
  return codes === '' ? '#160;' : codes;
}

function codeOf(char: string): string {
  return `#${char.codePointAt(0)};`;
}
