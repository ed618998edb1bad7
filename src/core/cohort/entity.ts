import { hashText, mix32 } from './random.ts';

/** The most patients a cohort may have. */
export const MAX_PATIENTS = 5_000_000;

/**
 * The largest number a patient record may have: records merged away, about one in a hundred, come on top of the patients
 * asked for. Keys are sized for it, so that they do not change with the number of patients.
 */
export const MAX_RECORDS = 6_000_000;

/** Names another row of the cohort where the concept itself is text: an old patient number, a linked activity. */
export interface KeyOf {
  readonly keyOf: string;
  readonly id: number;
}

/** A code without a national list: whichever code of the field's own list reads like this, else `text` itself. */
export interface Like {
  readonly text: string;
  /** Matched against the description and the code of each line of the list, without regard to case. */
  readonly like: RegExp;
}

/** Text that is written as it stands, past every code list and format: how a defect is planted. */
export interface Verbatim {
  readonly verbatim: string;
}

/**
 * Canonical value of a concept, by the concept's kind: date = `$HOROLOG` day, datetime = instant, time = seconds since
 * midnight, code = national code, ref = id of the other row, flag = boolean. An array fills repeated columns in order.
 */
export type Value = string | number | boolean | KeyOf | Like | Verbatim | readonly (string | number)[];

/** Concept name → canonical value; absent where there is nothing to say. */
export type Values = Record<string, Value | undefined>;

/** One row of the canonical cohort. */
export interface Entity {
  readonly family: string;
  readonly id: number;
  readonly values: Values;
  /** First and last day between which dates nobody described may lie. */
  readonly from: number;
  readonly to: number;
  /** Seed of whatever the cohort leaves open about this row. */
  readonly salt: number;
}

/** Says that a code may be any of its list. */
export function like(text: string, pattern: RegExp): Like {
  return { text, like: pattern };
}

/** The most rows one patient can have of a family: ids are `(record - 1) * slots + n`, below 2^31 for all records. */
const SLOTS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    PMI: 1,
    ALIAS: 8,
    FORMER_NAME: 4,
    MERGE: 2,
    ADDR: 4,
    CONTACT: 8,
    NOK: 4,
    GPREG: 4,
    ALERT: 4,
    REF: 8,
    RTT: 8,
    CLOCK: 16,
    RTT_EVENT: 128,
    APPT: 64,
    CANCEL: 64,
    IWL: 8,
    OFFER: 32,
    SPELL: 16,
    EPI: 64,
    WARD: 64,
    DX: 256,
    PX: 128,
    ED: 16,
    MHA: 16,
    LEAVE: 16,
    CTO: 4,
    BIRTH: 4,
  }),
);

/** Rows one patient can have of a family; 1 for families that are not a patient's. */
export function slotsOf(family: string): number {
  return SLOTS.get(family) ?? 1;
}

/** Families whose rows belong to patients. */
export function isPatientFamily(family: string): boolean {
  return SLOTS.has(family);
}

/** The largest id of a family among so many patient records. */
export function largestId(family: string, records: number): number {
  return records * slotsOf(family);
}

const familySalts = new Map<string, number>();

/** Seed of one row's open choices: of the run's seed, the family and the row's id. */
export function saltOf(seed: number, family: string, id: number): number {
  let familySalt = familySalts.get(family);
  if (familySalt === undefined) {
    familySalt = hashText(family);
    familySalts.set(family, familySalt);
  }
  return mix32(mix32((seed | 0) ^ familySalt) + id);
}

/** The rows of a few patients who belong together (a block), by family, and what they refer to. */
export class Scene {
  readonly #rows = new Map<string, Entity[]>();
  readonly #byId = new Map<string, Map<number, Entity>>();

  add(entity: Entity): void {
    const rows = this.#rows.get(entity.family);
    if (rows === undefined) this.#rows.set(entity.family, [entity]);
    else rows.push(entity);
  }

  rows(family: string): readonly Entity[] {
    return this.#rows.get(family) ?? [];
  }

  /** A row of these patients; indexed on first use, when the scene is complete. */
  find(family: string, id: number): Entity | undefined {
    let byId = this.#byId.get(family);
    if (byId === undefined) {
      byId = new Map(this.rows(family).map((entity) => [entity.id, entity]));
      this.#byId.set(family, byId);
    }
    return byId.get(id);
  }
}
