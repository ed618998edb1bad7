import { conceptOf } from '../concepts/vocabulary.ts';
import { dayAt, timeAt } from './calendar.ts';
import type { Entity, Value } from './entity.ts';

/** Date and time concepts that are one part of an instant the cohort keeps whole. */
const PARTS: Readonly<Record<string, readonly [instant: string, part: 'day' | 'time']>> = {
  admitted_on: ['admitted_at', 'day'],
  admitted_time: ['admitted_at', 'time'],
  discharged_on: ['discharged_at', 'day'],
  discharged_time: ['discharged_at', 'time'],
  arrived_on: ['arrived_at', 'day'],
  arrived_time: ['arrived_at', 'time'],
  starts_on: ['starts_at', 'day'],
  start_time: ['starts_at', 'time'],
  ends_on: ['ends_at', 'day'],
  end_time: ['ends_at', 'time'],
  ended_on: ['ends_at', 'day'],
};

/**
 * Reads a value that does not stand under its concept's own name: a part of an instant, or a place in a list that repeated
 * columns share. Null for the other concepts, which are read as they stand; repeated, they hold the same value.
 *
 * @param occurrence which of the table's columns with that concept, from 0
 */
export function valueGetter(
  family: string,
  concept: string,
  occurrence: number,
): ((entity: Entity) => Value | undefined) | null {
  if (LISTS.has(concept)) {
    return (entity) => {
      const value = entity.values[concept];
      return Array.isArray(value) ? (value[occurrence] as Value | undefined) : value;
    };
  }
  const part = PARTS[concept];
  if (part === undefined || conceptOf(family, part[0]) === undefined) return null;
  const [instant, wanted] = part;
  const take = wanted === 'day' ? dayAt : timeAt;
  return (entity) => {
    const own = entity.values[concept];
    if (own !== undefined) return own;
    const whole = entity.values[instant];
    return typeof whole === 'number' ? take(whole) : undefined;
  };
}

/** Concepts the cohort holds a list of. */
const LISTS: ReadonlySet<string> = new Set(['former_surname', 'former_surname_changed_on']);
