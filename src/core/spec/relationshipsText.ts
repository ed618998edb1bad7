import type { Catalog } from '../catalog/catalog.ts';
import { RELATIONSHIP_COLUMNS, relationshipsOf } from '../catalog/relationships.ts';
import { csvText } from '../csv/csvText.ts';

/** `schema_relationships.csv`: the links of both systems, declared and inferred. */
export function relationshipsText(catalogs: readonly Catalog[]): string {
  const rows = catalogs.flatMap((catalog) =>
    relationshipsOf(catalog).map(({ kind, from, to, origin, score, reason }) => [
      catalog.side,
      kind,
      from.table,
      from.field,
      to?.table ?? '',
      to?.field ?? '',
      origin,
      score,
      reason,
    ]),
  );
  return csvText(RELATIONSHIP_COLUMNS, rows);
}
