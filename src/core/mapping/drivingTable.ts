import { compareText } from '../shared/order.ts';
import type { LinkedTable, SourceLinks } from './sourceLinks.ts';

/** A scored source of one target field. */
export interface ScoredSource {
  readonly sourceTable: string;
  readonly score: number;
}

/** The source table whose rows make the rows of a target table, and what can be joined to it. */
export interface DrivingTable {
  readonly table: string;
  readonly reachable: ReadonlyMap<string, LinkedTable>;
  /** Target fields with a proposal from the driving table, and from it or a table joined to it. */
  readonly own: number;
  readonly covered: number;
}

/** A field from a joined table counts a little less, so that few tables are preferred. */
const JOINED_WORTH = 0.7;

/**
 * Chooses the source table that explains most of a target table, alone or with tables joined to it: the sum, over the
 * target fields, of the best proposal it can serve. Null when no candidate reaches the floor.
 *
 * @param fields candidates of each target field, best first
 * @param floor candidates below this score are no proposals
 */
export function chooseDrivingTable(
  fields: readonly (readonly ScoredSource[])[],
  links: SourceLinks,
  floor: number,
): DrivingTable | null {
  const best = fields.map((candidates) => bestByTable(candidates, floor));
  const tables = [...new Set(best.flatMap((byTable) => [...byTable.keys()]))].sort(compareText);
  let chosen: (DrivingTable & { worth: number }) | null = null;
  for (const table of tables) {
    const reachable = links.from(table);
    let worth = 0;
    let own = 0;
    let covered = 0;
    for (const byTable of best) {
      const here = byTable.get(table) ?? 0;
      const joined = Math.max(0, ...[...byTable].map(([name, score]) => (reachable.has(name) ? score : 0)));
      worth += Math.max(here, JOINED_WORTH * joined);
      if (here > 0) own += 1;
      if (here > 0 || joined > 0) covered += 1;
    }
    if (chosen === null || worth > chosen.worth + 1e-9) chosen = { table, reachable, own, covered, worth };
  }
  return chosen;
}

function bestByTable(candidates: readonly ScoredSource[], floor: number): Map<string, number> {
  const best = new Map<string, number>();
  for (const { sourceTable, score } of candidates)
    if (sourceTable !== '' && score >= floor) best.set(sourceTable, Math.max(best.get(sourceTable) ?? 0, score));
  return best;
}
