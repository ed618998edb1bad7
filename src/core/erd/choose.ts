import type { ErdModel } from './model.ts';
import { type ErdSettings, type ErdView, neighbourhood, passesLinks } from './view.ts';

/** What of the settings a choice changes. */
export type Chosen = Partial<ErdSettings>;

/** Shows one table and its neighbours. Its domain is shown too: who asks for a table wants to see it. */
export function focusOn(model: ErdModel | null, { hops, domains }: ErdSettings, table: string): Chosen {
  const domain = model?.tables.find(({ name }) => name === table)?.domain ?? '';
  const seen = domains === null || domains.includes(domain) ? domains : [...domains, domain];
  return { roots: [table], hops: Math.max(1, hops), domains: seen };
}

/** Adds a table to those chosen; the tables in sight become the chosen ones when there were none. */
export function withTable(view: ErdView | null, { roots }: ErdSettings, table: string): Chosen {
  if (typeof roots !== 'string') return { roots: [...new Set([...roots, table])] };
  return { roots: [...new Set([...namesOf(view), table])], hops: 0 };
}

/** Takes a table out of sight; what is left are the chosen ones. */
export function withoutTable(view: ErdView | null, table: string): Chosen {
  return { roots: namesOf(view).filter((name) => name !== table), hops: 0 };
}

/** Adds the tables one link away, along the links that are shown. */
export function withNeighbours(model: ErdModel, view: ErdView | null, settings: ErdSettings, table: string): Chosen {
  const links = model.links.filter((link) => passesLinks(link, settings.links));
  const near = neighbourhood(model, [table], 1, links);
  return { roots: [...new Set([...namesOf(view), ...near])], hops: 0 };
}

function namesOf(view: ErdView | null): string[] {
  return view?.tables.map(({ name }) => name) ?? [];
}
