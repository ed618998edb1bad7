import type { CatalogField } from '../catalog/catalog.ts';
import type { Relationship } from '../catalog/relationships.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';

/** A link with the share of its values that are keys there; null when there were no values to compare. */
export interface CheckedLink {
  readonly link: Relationship;
  readonly containment: number | null;
}

/** An inferred link whose data disagree is none. */
const LEAST_CONTAINMENT = 0.9;

/** Keeps the distinct values of link fields while their tables are loaded, and compares them at the end. */
export class Containment {
  readonly #engine: Engine;
  readonly #links: readonly Relationship[];
  readonly #kept = new Map<string, string>();

  constructor(engine: Engine, relationships: readonly Relationship[]) {
    this.#engine = engine;
    this.#links = relationships.filter(({ kind }) => kind === 'link');
  }

  /** Call while `table` holds the rows of `name`. */
  async keep(name: string, table: string): Promise<void> {
    for (const { from, to } of this.#links) {
      for (const field of [from, to]) if (field !== null && field.table === name) await this.#keepField(field, table);
    }
  }

  /** All links with their containment; inferred ones that the data do not bear out are left out. */
  async check(): Promise<CheckedLink[]> {
    const checked: CheckedLink[] = [];
    for (const link of this.#links) {
      const containment = await this.#share(link);
      const refuted = link.origin === 'inferred' && containment !== null && containment < LEAST_CONTAINMENT;
      if (!refuted) checked.push({ link, containment });
    }
    return checked;
  }

  async #keepField(field: CatalogField, table: string): Promise<void> {
    const key = keyOf(field);
    if (this.#kept.has(key)) return;
    const kept = `kept_${this.#kept.size}`;
    const column = quoteIdentifier(field.field);
    await this.#engine.run(
      `CREATE TABLE ${kept} AS SELECT DISTINCT ${column} AS v FROM ${table} WHERE ${column} <> ''`,
    );
    this.#kept.set(key, kept);
  }

  async #share({ from, to }: Relationship): Promise<number | null> {
    const [own, parent] = [from, to].map((field) => (field === null ? undefined : this.#kept.get(keyOf(field))));
    if (own === undefined || parent === undefined) return null;
    const [row = {}] = await this.#engine.rows(
      `SELECT count(*)::DOUBLE AS n, count(p.v)::DOUBLE AS found FROM ${own} AS o LEFT JOIN ${parent} AS p ON p.v = o.v`,
    );
    const all = Number(row['n']);
    return all === 0 ? null : Math.round((Number(row['found']) / all) * 1000) / 1000;
  }
}

function keyOf(field: CatalogField): string {
  return `${field.table}\u0000${field.field}`;
}
