import type { CatalogSide } from '../catalog/catalog.ts';
import { RELATIONSHIP_COLUMNS, type Relationship } from '../catalog/relationships.ts';
import { parseCsvSteps } from '../csv/csvText.ts';
import type { Parsed } from '../shared/problem.ts';
import { runSteps, type Steps } from '../shared/steps.ts';
import type { RelationshipRow } from './model.ts';

/** Reads the relationships file. Lines that are no key or link of a side are left out; the file is written by us. */
export function readRelationshipsText(text: string, file: string): Parsed<RelationshipRow[]> {
  return runSteps(readRelationshipsSteps(text, file));
}

/** The same in steps, for a caller that shares its thread. */
export function* readRelationshipsSteps(text: string, file: string): Steps<Parsed<RelationshipRow[]>> {
  const { value, problems } = yield* parseCsvSteps(text, file, RELATIONSHIP_COLUMNS);
  const rows: RelationshipRow[] = [];
  for (const { cells } of value.records) {
    const side = cells['side'];
    const kind = cells['kind'];
    if ((side !== 'source' && side !== 'target') || (kind !== 'key' && kind !== 'link')) continue;
    const score = Number(cells['score']);
    rows.push({
      side,
      kind,
      fromTable: cells['from_table'] ?? '',
      fromField: cells['from_field'] ?? '',
      toTable: cells['to_table'] ?? '',
      toField: cells['to_field'] ?? '',
      origin: cells['origin'] === 'declared' ? 'declared' : 'inferred',
      score: Number.isFinite(score) ? score : 0,
      reason: cells['reason'] ?? '',
    });
  }
  return { value: rows, problems };
}

/** The same rows from relationships that were just found, for a project whose file is not there. */
export function relationshipRows(side: CatalogSide, found: readonly Relationship[]): RelationshipRow[] {
  return found.map(({ kind, from, to, origin, score, reason }) => ({
    side,
    kind,
    fromTable: from.table,
    fromField: from.field,
    toTable: to?.table ?? '',
    toField: to?.field ?? '',
    origin,
    score,
    reason,
  }));
}
