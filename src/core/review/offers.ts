import { loadCatalog } from '../catalog/loadCatalog.ts';
import { MAPPING_CLASSES, REVIEW_STATUSES } from '../contract/contract.ts';
import { RULE_FUNCTIONS } from '../contract/ruleFunctions.ts';
import { ruleScopes } from '../contract/ruleScopes.ts';
import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Checking } from './checking.ts';
import type { Offers, SourceColumn } from './rowFacts.ts';

/** Reads what can be offered. A part whose file is missing or broken is empty; the Problems panel tells why. */
export async function readOffers(project: Project, checking: Checking): Promise<Offers> {
  const catalog = await checking
    .of(project, 'source catalog', [ARTEFACTS.sourceCatalog], () =>
      loadCatalog(project, ARTEFACTS.sourceCatalog, 'source'),
    )
    .catch(() => null);
  const crosswalks = await checking
    .of(project, 'crosswalks', [ARTEFACTS.crosswalks, ARTEFACTS.crosswalkIndex], () =>
      readCrosswalks(project, ARTEFACTS.crosswalks),
    )
    .catch(() => null);
  const scopes = await checking.of(project, 'rule scopes', [ARTEFACTS.contractTables], async () =>
    ruleScopes((await readOptionalText(project, ARTEFACTS.contractTables)) ?? '', ARTEFACTS.contractTables),
  );
  const sources: Record<string, SourceColumn[]> = {};
  for (const table of catalog?.tables.values() ?? [])
    sources[table.name] = table.fields.map((field) => ({
      name: field.field,
      type: field.declaredType || field.dataType,
      description: field.description,
    }));
  return {
    classes: MAPPING_CLASSES,
    statuses: REVIEW_STATUSES,
    sources,
    crosswalks: [...(crosswalks?.value.values() ?? [])].map(({ name, lines, safetyCritical }) => ({
      name,
      codes: lines.length,
      safetyCritical,
    })),
    scopes: Object.fromEntries(scopes),
    functions: [...RULE_FUNCTIONS.values()].map(({ name, help }) => ({ name, help })),
  };
}
