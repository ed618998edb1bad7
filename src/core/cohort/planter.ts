import { type DefectKind, STANDARD_DEFECTS, type Undamaged } from './defects.ts';
import type { Scene } from './entity.ts';
import type { Projection } from './projection.ts';

/** One kind of defect as the manifest lists it, to grade what a quality run finds. */
export interface PlantedKind {
  readonly defect: string;
  /** Quality rule that must find it. */
  readonly rule: string;
  readonly count: number;
  readonly table: string;
  /** Primary keys as they stand in the source file. */
  readonly row_keys: readonly string[];
}

/** One defect of each kind for so many patients. */
const PATIENTS_PER_DEFECT = 500;

/** Plants each kind of defect a known number of times, at most one in a patient, as suitable patients come by. */
export class Planter {
  readonly #wanted: number;
  readonly #projection: Projection;
  readonly #keys = new Map<DefectKind, string[]>();

  constructor(patients: number, source: Projection) {
    this.#wanted = Math.max(1, Math.round(patients / PATIENTS_PER_DEFECT));
    this.#projection = source;
  }

  /** Plants what is still wanted, at most one of each kind a scene. */
  plant(scene: Scene, patients: number): void {
    const taken = new Set<number>();
    const undamaged: Undamaged = {
      has: (patient) => patient <= patients && !taken.has(patient),
      take: (patient) => taken.add(patient),
    };
    for (const kind of STANDARD_DEFECTS) {
      const table = this.#tableOf(kind);
      const keys = this.#keys.get(kind) ?? [];
      if (table === undefined || keys.length >= this.#wanted) continue;
      const row = kind.plant(scene, undamaged, keys.length);
      if (row === null) continue;
      keys.push(this.#projection.rowKey(table, row, scene));
      this.#keys.set(kind, keys);
    }
  }

  #tableOf(kind: DefectKind) {
    return this.#projection.catalog.ofFamily(kind.family)[0];
  }

  planted(): PlantedKind[] {
    return STANDARD_DEFECTS.map((kind) => {
      const keys = this.#keys.get(kind) ?? [];
      const { defect, rule } = kind;
      return { defect, rule, count: keys.length, table: this.#tableOf(kind)?.name ?? '', row_keys: keys };
    });
  }
}
