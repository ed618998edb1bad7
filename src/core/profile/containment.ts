import type { CatalogField } from '../catalog/catalog.ts';
import type { Engine } from '../engine/engine.ts';
import { quoteIdentifier } from '../engine/sqlText.ts';
import { throwIfCancelled } from '../shared/errors.ts';
import type { LinkCandidate } from './linkCandidates.ts';

/** A link with the share of its distinct values that are keys there; null when there were no values to compare. */
export interface CheckedLink extends LinkCandidate {
  readonly containment: number | null;
}

/** An inferred link whose data disagree is none. */
const LEAST_CONTAINMENT = 0.9;

/** Keeps the distinct values of link fields while their tables are loaded, and compares them at the end. */
export class Containment {
  readonly #engine: Engine;
  readonly #candidates: readonly LinkCandidate[];
  /** Table → its fields at either end of a candidate. */
  readonly #fields = new Map<string, Set<CatalogField>>();
  readonly #kept = new Map<CatalogField, { readonly table: string; readonly values: number }>();

  constructor(engine: Engine, candidates: readonly LinkCandidate[]) {
    this.#engine = engine;
    this.#candidates = candidates;
    for (const { from, to } of candidates)
      for (const field of [from, to]) {
        const fields = this.#fields.get(field.table) ?? new Set();
        this.#fields.set(field.table, fields.add(field));
      }
  }

  /** Call while the engine's table `loaded` holds the rows of the source table `name`. */
  async keep(name: string, loaded: string): Promise<void> {
    for (const field of this.#fields.get(name) ?? []) {
      const table = `kept_${this.#kept.size}`;
      const column = quoteIdentifier(field.field);
      await this.#engine.run(
        `CREATE TABLE ${table} AS SELECT DISTINCT ${column} AS v FROM ${loaded} WHERE ${column} <> ''`,
      );
      const [counted] = await this.#engine.rows(`SELECT count(*)::DOUBLE AS n FROM ${table}`);
      this.#kept.set(field, { table, values: Number(counted?.['n']) });
    }
  }

  /** All links with their containment; inferred ones that the data do not bear out are left out. */
  async check(signal: AbortSignal): Promise<CheckedLink[]> {
    const checked: CheckedLink[] = [];
    for (const candidate of this.#candidates) {
      throwIfCancelled(signal);
      const containment = await this.#share(candidate);
      const refuted = candidate.origin === 'inferred' && containment !== null && containment < LEAST_CONTAINMENT;
      // Rounded after the decision, and down: 1 means that every value was found.
      const shown = containment === null ? null : Math.floor(containment * 1000) / 1000;
      if (!refuted) checked.push({ ...candidate, containment: shown });
    }
    return checked;
  }

  async #share({ from, to, origin }: LinkCandidate): Promise<number | null> {
    const [own, parent] = [this.#kept.get(from), this.#kept.get(to)];
    if (own === undefined || parent === undefined || own.values === 0) return null;
    // Distinct values cannot be contained in fewer: most wrong guesses need no join.
    if (origin === 'inferred' && parent.values < own.values * LEAST_CONTAINMENT) return 0;
    const [row = {}] = await this.#engine.rows(
      `SELECT count(*)::DOUBLE AS found FROM ${own.table} AS o SEMI JOIN ${parent.table} AS p ON p.v = o.v`,
    );
    return Number(row['found']) / own.values;
  }
}
