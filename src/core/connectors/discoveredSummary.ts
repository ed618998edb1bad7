import { z } from 'zod';
import { Catalog, type CatalogSide } from '../catalog/catalog.ts';
import type { TableFamily } from '../concepts/recognise.ts';
import type { StageContext } from '../lifecycle/stage.ts';
import { ARTEFACTS } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Problem } from '../shared/problem.ts';
import { connectionSummary, sideSummary } from '../spec/catalogSummary.ts';

/** What of an earlier summary must be right for a side of it to be kept. */
const Kept = z.looseObject({
  tables: z.number(),
  fields: z.number(),
  parse_confidence: z.number(),
  files: z.array(z.looseObject({ path: z.string(), problems: z.array(z.looseObject({ severity: z.string() })) })),
});

/** What was discovered of one side. */
export interface DiscoveredSide {
  readonly side: CatalogSide;
  readonly catalog: Catalog;
  readonly families: readonly TableFamily[];
  readonly problems: readonly Problem[];
}

/**
 * The catalog summary after a discovery: the side that was discovered anew, the other as it was. Where the other has no
 * summary, its catalog is counted without its documents.
 */
export async function discoveredSummary(context: StageContext, found: DiscoveredSide, other: Catalog | null) {
  const otherSide: CatalogSide = found.side === 'source' ? 'target' : 'source';
  // What is wrong with the catalog stands beside the files, as extract-specs has it.
  const ofConnection = found.problems.filter(({ code }) => !code.startsWith('catalog-'));
  const discovered = sideSummary({
    ...found,
    files: [connectionSummary(ARTEFACTS.connectors, found.catalog, ofConnection)],
  });
  const kept =
    (await keptSide(context, otherSide)) ??
    sideSummary({ catalog: other ?? new Catalog(otherSide, []), files: [], families: [], problems: [] });
  const sides = { [found.side]: discovered, [otherSide]: kept };
  const failed = [discovered, kept].some(({ files }) =>
    files.some(({ problems }) => problems.some(({ severity }) => severity === 'error')),
  );
  return {
    schema_version: 1,
    run_id: context.runId,
    run_at_utc: context.now().toISOString(),
    status: failed ? 'failed' : 'passed',
    source: sides['source'],
    target: sides['target'],
  };
}

async function keptSide(context: StageContext, side: CatalogSide): Promise<z.infer<typeof Kept> | null> {
  const text = await readOptionalText(context.project, ARTEFACTS.catalogSummary);
  if (text === null) return null;
  try {
    return z.looseObject({ [side]: Kept }).parse(JSON.parse(text))[side] ?? null;
  } catch {
    return null;
  }
}
