import { stat } from 'node:fs/promises';
import type { Catalog, CatalogTable } from '../../catalog/catalog.ts';
import { loadCatalog } from '../../catalog/loadCatalog.ts';
import { domainOf } from '../../concepts/domain.ts';
import type { Engine } from '../../engine/engine.ts';
import { quoteLiteral } from '../../engine/sqlText.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { UserError } from '../../shared/errors.ts';

/** The catalogs that say which domain a table belongs to. */
export const DOMAIN_FILES = [ARTEFACTS.targetCatalog, ARTEFACTS.sourceCatalog] as const;

/** Puts into the engine the table `table_domain`: the hospital domain of each table, for lines that name none, as rejects do. */
export async function importDomains(engine: Engine, project: Project): Promise<void> {
  await engine.run('CREATE OR REPLACE TABLE table_domain (table_name VARCHAR, domain VARCHAR)');
  const rows = await domains(project);
  if (rows.length === 0) return;
  const values = rows.map((row) => `(${row.map((text) => quoteLiteral(text.replaceAll('\0', ''))).join(', ')})`);
  await engine.run(`INSERT INTO table_domain VALUES ${values.join(', ')}`);
}

async function domains(project: Project): Promise<(readonly [string, string])[]> {
  const known = new Map<string, string>();
  for (const [path, side] of [
    [ARTEFACTS.targetCatalog, 'target'],
    [ARTEFACTS.sourceCatalog, 'source'],
  ] as const) {
    if ((await stat(project.at(path)).catch(() => null)) === null) continue;
    for (const [name, { family }] of await tablesOf(project, path, side))
      if (family !== '' && !known.has(name)) known.set(name, domainOf(family));
  }
  return [...known];
}

/** A catalog that cannot be read is told where problems are told; here its tables have no domain. */
async function tablesOf(
  project: Project,
  path: string,
  side: Catalog['side'],
): Promise<ReadonlyMap<string, CatalogTable>> {
  try {
    return (await loadCatalog(project, path, side)).tables;
  } catch (error) {
    if (error instanceof UserError) return new Map();
    throw error;
  }
}
