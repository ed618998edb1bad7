import { DAY_SECONDS, dayAt, EXTRACT_DAY, workingDay } from './calendar.ts';
import type { Palette } from './codeBook.ts';
import { type Entity, type Scene, saltOf, slotsOf, type Values } from './entity.ts';
import type { Random } from './random.ts';
import type { Reference } from './reference.ts';

/** What every patient of a cohort is made with. */
export interface World {
  readonly seed: number;
  readonly reference: Reference;
  readonly palette: Palette;
  /** False where the source insists on a forename: then nobody has one name only. */
  readonly singleNames: boolean;
}

/** Who the patient is: decided first, so that everything after fits age, sex and lifetime. */
export interface Identity {
  readonly sex: string;
  readonly surname: string;
  readonly forename: string;
  readonly born: number;
  /** Day of death, or null. */
  readonly died: number | null;
  readonly address: Address;
}

export interface Address {
  readonly line1: string;
  readonly line2: string;
  readonly town: string;
  readonly county: string;
  readonly postcode: string;
  readonly area: string;
}

/** One patient while the pathway is being written: who, from when to when, and where the time already goes. */
export class Patient {
  readonly world: World;
  readonly scene: Scene;
  readonly random: Random;
  readonly number: number;
  readonly identity: Identity;
  /** First day on which anything may happen. */
  readonly start: number;
  /** Last day on which anything may have happened: the extract or death. */
  readonly end: number;
  /** Days with an appointment: one a day keeps bookings unique. */
  readonly #appointmentDays: Set<number>;
  readonly #stays: (readonly [from: number, to: number])[] = [];
  readonly #counts = new Map<string, number>();
  /** Specialties of this patient's referrals: one each, so that no two open entries are for the same thing (WL-07). */
  readonly specialtiesSeen = new Set<number>();

  /**
   * @param number the patient's number, from 1
   * @param mergedInto the survivor of a merged record and the day of the merge: nothing happened on the record after it,
   *   and both share one diary, since their rows will stand under one number
   */
  constructor(
    world: World,
    scene: Scene,
    random: Random,
    number: number,
    identity: Identity,
    mergedInto?: { readonly survivor: Patient; readonly on: number },
  ) {
    this.world = world;
    this.scene = scene;
    this.random = random;
    this.number = number;
    this.identity = identity;
    // The source keeps about six years of activity.
    this.start = Math.max(identity.born, EXTRACT_DAY - 2000 - (number % 200));
    this.end = mergedInto?.on ?? identity.died ?? EXTRACT_DAY;
    this.#appointmentDays = mergedInto === undefined ? new Set() : mergedInto.survivor.#appointmentDays;
  }

  get deceased(): boolean {
    return this.identity.died !== null;
  }

  /** Whole years on a day. */
  ageOn(day: number): number {
    return Math.floor((day - this.identity.born) / 365.25);
  }

  /** How many rows the patient has of a family. */
  count(family: string): number {
    return this.#counts.get(family) ?? 0;
  }

  /** Room for `more` rows of a family: ids are numbered within the patient's own block. */
  hasRoom(family: string, more = 1): boolean {
    return this.count(family) + more <= slotsOf(family);
  }

  /** The id the patient's next row of the family will get. */
  nextId(family: string): number {
    return (this.number - 1) * slotsOf(family) + this.count(family) + 1;
  }

  /**
   * Adds a row made of `values`, which the caller gives away. `patient_id` is filled in, and `key` names the concept that holds the row's id.
   *
   * @param from first day dates of this row may have @param to last day, never after death or extract
   */
  add(family: string, key: string, values: Values, from: number, to: number): Entity {
    const id = this.nextId(family);
    if (!this.hasRoom(family)) throw new Error(`More ${family} rows for one patient than its keys have room for.`);
    this.#counts.set(family, this.count(family) + 1);
    // The caller's fresh object becomes the row's: copying it would cost as much as all the rest.
    values['patient_id'] ??= this.number;
    if (key !== '') values[key] = id;
    const row: Entity = {
      family,
      id,
      values,
      from: Math.max(from, this.identity.born),
      to: Math.max(Math.min(to, this.end), from),
      salt: saltOf(this.world.seed, family, id),
    };
    this.scene.add(row);
    return row;
  }

  /** The first working day from `day` on without another appointment. */
  freeDay(day: number): number {
    let free = workingDay(day);
    while (this.#appointmentDays.has(free)) free = workingDay(free + 1);
    return free;
  }

  holdDay(day: number): void {
    this.#appointmentDays.add(day);
  }

  /** True when a stay from one instant to another (null: still in) would meet none, not even on the same day. */
  isFree(admitted: number, discharged: number | null): boolean {
    const from = dayAt(admitted);
    const to = discharged === null ? Number.POSITIVE_INFINITY : dayAt(discharged);
    return this.#stays.every(([otherFrom, otherTo]) => to < otherFrom || from > otherTo);
  }

  holdStay(admitted: number, discharged: number | null): void {
    this.#stays.push([dayAt(admitted), discharged === null ? Number.POSITIVE_INFINITY : dayAt(discharged)]);
  }

  /** A national code of a set the source can express. */
  code(set: string, ...choices: readonly (readonly [code: string, weight: number])[]): string {
    return this.world.palette.pick(this.random, set, choices);
  }
}

/** Minutes later. */
export function later(instant: number, minutes: number): number {
  return instant + minutes * 60;
}

/** Days between two instants, midnights counted. */
export function nights(from: number, to: number): number {
  return dayAt(to) - dayAt(from);
}

export const HOUR = 3600;
export const DAY = DAY_SECONDS;
