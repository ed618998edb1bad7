import { compareText } from '../shared/order.ts';
import type { ErdColumn, ErdLink, ErdModel, ErdTable } from './model.ts';

/** How much of a table is drawn: its name, its keys and links, or every column. */
export const DENSITIES = ['names', 'keys', 'all'] as const;
export type Density = (typeof DENSITIES)[number];

/** Which links count. */
export interface LinkFilter {
  readonly declared: boolean;
  readonly inferred: boolean;
  /** Inferred links below it are left out. */
  readonly minScore: number;
}

/** What a person asked to see. Plain data: it is kept as a saved view. */
export interface ErdSettings {
  /** Tables to start from by name, the most connected ones, or all. */
  readonly roots: readonly string[] | 'connected' | 'all';
  /** How many links away from them a table may be. */
  readonly hops: number;
  readonly density: Density;
  /** Domains shown; null shows all, also those to come. */
  readonly domains: readonly string[] | null;
  readonly links: LinkFilter;
}

/** Tables a first view starts with; a schema that has no more is shown whole. */
export const FIRST_TABLES = 16;
/** The farthest neighbours that can be asked for. */
export const MAX_HOPS = 4;

/** The view a panel opens with. */
export const FIRST_SETTINGS: ErdSettings = {
  roots: 'connected',
  hops: 0,
  density: 'keys',
  domains: null,
  links: { declared: true, inferred: true, minScore: 0.5 },
};

/** A table of a view with the columns its density shows. */
export interface ErdViewTable {
  readonly name: string;
  readonly domain: string;
  readonly columns: readonly ErdColumn[];
  /** Columns the density leaves out. */
  readonly moreColumns: number;
  /** The person chose it; the others are neighbours. */
  readonly chosen: boolean;
  /** Neighbours that are not in the view. */
  readonly moreNeighbours: number;
}

/** What is drawn. Order is the model's, so the same settings always give the same drawing. */
export interface ErdView {
  readonly tables: readonly ErdViewTable[];
  readonly links: readonly ErdLink[];
  readonly density: Density;
  /** Chosen tables that the domain filter hides or the schema no longer has. */
  readonly missing: readonly string[];
}

/** True when a link passes the filter. */
export function passesLinks(link: ErdLink, filter: LinkFilter): boolean {
  return link.origin === 'declared' ? filter.declared : filter.inferred && link.score >= filter.minScore;
}

/**
 * The given tables and every table at most `hops` links away, in either direction.
 *
 * @param links the links to walk; all of the model's when not given
 */
export function neighbourhood(
  model: ErdModel,
  tables: Iterable<string>,
  hops: number,
  links: readonly ErdLink[] = model.links,
): Set<string> {
  const known = new Set(model.tables.map(({ name }) => name));
  const near = neighboursOf(links);
  const reached = new Set<string>();
  for (const table of tables) if (known.has(table)) reached.add(table);
  let edge = [...reached];
  for (let hop = 0; hop < hops && edge.length > 0; hop += 1) {
    const next: string[] = [];
    for (const table of edge)
      for (const other of near.get(table) ?? []) {
        if (reached.has(other)) continue;
        reached.add(other);
        next.push(other);
      }
    edge = next;
  }
  return reached;
}

/**
 * The tables with the most neighbours, which show best what a schema is about. A table that is linked to those already
 * taken goes before one that is not, so that the first view hangs together.
 */
export function mostConnected(tables: readonly ErdTable[], links: readonly ErdLink[], count: number): string[] {
  const near = neighboursOf(links);
  const order = tables
    .map(({ name }) => ({ name, degree: near.get(name)?.size ?? 0 }))
    .sort((a, b) => b.degree - a.degree || compareText(a.name, b.name));
  const left = new Set(order.map(({ name }) => name));
  const taken: string[] = [];
  const touching = new Set<string>();
  while (taken.length < count && left.size > 0) {
    const next =
      order.find(({ name }) => left.has(name) && touching.has(name)) ?? order.find(({ name }) => left.has(name));
    if (next === undefined) break;
    left.delete(next.name);
    taken.push(next.name);
    for (const other of near.get(next.name) ?? []) touching.add(other);
  }
  return taken;
}

/** What the settings show of a model. */
export function viewOf(model: ErdModel, settings: ErdSettings): ErdView {
  const domains = settings.domains === null ? null : new Set(settings.domains);
  const allowed = model.tables.filter(({ domain }) => domains === null || domains.has(domain));
  const names = new Set(allowed.map(({ name }) => name));
  const links = model.links.filter(
    (link) => names.has(link.from) && names.has(link.to) && passesLinks(link, settings.links),
  );
  const roots = rootsOf(allowed, links, settings.roots);
  const reached = neighbourhood({ tables: allowed, links }, roots, Math.min(settings.hops, MAX_HOPS));
  const near = neighboursOf(links);
  const chosen = new Set(typeof settings.roots === 'string' ? [] : roots);
  const shown = allowed.filter(({ name }) => reached.has(name));
  const drawn = links.filter((link) => reached.has(link.from) && reached.has(link.to));
  const ends = endsOf(drawn);
  return {
    tables: shown.map((table) => {
      const columns = columnsAt(table, settings.density, ends);
      let moreNeighbours = 0;
      for (const other of near.get(table.name) ?? []) if (!reached.has(other)) moreNeighbours += 1;
      return {
        name: table.name,
        domain: table.domain,
        columns,
        moreColumns: table.columns.length - columns.length,
        chosen: chosen.has(table.name),
        moreNeighbours,
      };
    }),
    links: drawn,
    density: settings.density,
    missing: typeof settings.roots === 'string' ? [] : roots.filter((name) => !names.has(name)),
  };
}

function rootsOf(
  tables: readonly ErdTable[],
  links: readonly ErdLink[],
  roots: ErdSettings['roots'],
): readonly string[] {
  if (roots === 'all') return tables.map(({ name }) => name);
  if (roots !== 'connected') return roots;
  return tables.length <= FIRST_TABLES ? tables.map(({ name }) => name) : mostConnected(tables, links, FIRST_TABLES);
}

function columnsAt(table: ErdTable, density: Density, ends: ReadonlySet<string>): readonly ErdColumn[] {
  if (density === 'names') return [];
  if (density === 'all') return table.columns;
  // A link may lead to a column that is no key.
  return table.columns.filter(({ name, key }) => key !== null || ends.has(endOf(table.name, name)));
}

function endsOf(links: readonly ErdLink[]): Set<string> {
  const ends = new Set<string>();
  for (const link of links) {
    ends.add(endOf(link.from, link.fromField));
    ends.add(endOf(link.to, link.toField));
  }
  return ends;
}

function endOf(table: string, field: string): string {
  return `${table}\u0000${field}`;
}

/** Tables by the tables they are linked to; a link to itself is no neighbour. */
function neighboursOf(links: readonly ErdLink[]): Map<string, Set<string>> {
  const near = new Map<string, Set<string>>();
  const add = (a: string, b: string): void => {
    const list = near.get(a);
    if (list === undefined) near.set(a, new Set([b]));
    else list.add(b);
  };
  for (const { from, to } of links) {
    if (from === to) continue;
    add(from, to);
    add(to, from);
  }
  return near;
}
