import { compareText } from '../shared/order.ts';
import type { ErdModel } from './model.ts';

/** A table that fits what was typed. */
export interface ErdHit {
  readonly table: string;
  /** Columns by which it was found; empty when its name or domain says it all. */
  readonly columns: readonly string[];
}

/** Best first: the name itself, its start, the start of one of its words, anywhere in it, its domain, one of its columns. */
const RANK = { exact: 0, start: 1, word: 2, within: 3, domain: 4, column: 5 } as const;

/** Columns told for a hit. */
const COLUMNS_TOLD = 3;

/**
 * Tables whose name, domain or columns hold all the words, best first. Case does not matter; blanks, dots and
 * underscores part words. An empty text finds every table, the most connected first.
 */
export function searchTables(model: ErdModel, text: string): ErdHit[] {
  const whole = text.trim().toLowerCase();
  const words = whole.split(/[\s._]+/).filter((word) => word !== '');
  const hits: { hit: ErdHit; rank: number; degree: number }[] = [];
  for (const table of model.tables) {
    const name = table.name.toLowerCase();
    const domain = table.domain.toLowerCase();
    let rank: number = name === whole ? RANK.exact : RANK.start;
    const columns = new Set<string>();
    const fits = words.every((word) => {
      const found = rankOf(name, domain, word);
      if (found !== null) {
        if (rank !== RANK.exact) rank = Math.max(rank, found);
        return true;
      }
      const matching = table.columns.filter((column) => column.name.toLowerCase().includes(word));
      for (const column of matching.slice(0, COLUMNS_TOLD)) columns.add(column.name);
      rank = RANK.column;
      return matching.length > 0;
    });
    if (!fits) continue;
    hits.push({ hit: { table: table.name, columns: [...columns].slice(0, COLUMNS_TOLD) }, rank, degree: table.degree });
  }
  hits.sort((a, b) => a.rank - b.rank || b.degree - a.degree || compareText(a.hit.table, b.hit.table));
  return hits.map(({ hit }) => hit);
}

function rankOf(name: string, domain: string, word: string): number | null {
  if (name.startsWith(word)) return RANK.start;
  const at = name.indexOf(word);
  if (at > 0) return /[a-z0-9]/.test(name[at - 1] ?? '') ? RANK.within : RANK.word;
  return domain.includes(word) && word.length > 1 ? RANK.domain : null;
}
