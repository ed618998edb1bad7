import type { Catalog, CatalogField } from '../catalog/catalog.ts';
import { type Concept, conceptOf, FAMILIES } from '../concepts/vocabulary.ts';
import { UserError } from '../shared/errors.ts';
import { largestId, MAX_RECORDS } from './entity.ts';
import { isReferenceFamily } from './reference.ts';

/** Text concepts that hold the number of another row. */
const HIDDEN_REFERENCES: Readonly<Record<string, string>> = {
  'MERGE.old_patient_id': 'PMI',
  'MERGE.merged_into': 'PMI',
};

/** The family whose rows a field identifies: its own for a key, another for a reference; empty for neither. */
export function identifiedFamily(field: CatalogField): string {
  const hidden = HIDDEN_REFERENCES[`${field.family}.${field.concept}`];
  if (hidden !== undefined) return hidden;
  const kind = conceptOf(field.family, field.concept)?.kind;
  if (kind?.type === 'ref') return kind.family;
  return kind?.type === 'key' ? field.family : '';
}

/** The concept that identifies a family's rows. */
export function keyConcept(family: string): Concept | undefined {
  return FAMILIES.get(family)?.concepts.find((concept) => concept.kind.type === 'key');
}

export function isNumeric(field: CatalogField): boolean {
  return field.dataType === 'INTEGER' || field.dataType === 'DECIMAL';
}

/** What a text key starts with where there is room, so that a person can tell a spell number from a referral number. */
const PREFIXES: Readonly<Record<string, string>> = {
  REF: 'R',
  RTT: 'RZZ',
  APPT: 'A',
  IWL: 'W',
  SPELL: 'S',
  ED: 'ED',
};

/** Writes the ids of one family as text keys of a fixed width, the same in every table of a side. */
export interface KeyStyle {
  readonly prefix: string;
  readonly width: number;
  readonly radix: 10 | 36;
}

/**
 * Chooses the style that the shortest field has room for at the largest cohort, so that a patient's numbers do not depend
 * on how many patients were asked for. Throws a `UserError` when a field cannot hold the keys of `patients` patients.
 */
export class KeyStyles {
  readonly #styles = new Map<string, KeyStyle>();

  constructor(catalog: Catalog, patients: number) {
    const shortest = new Map<string, CatalogField>();
    for (const field of catalog.fields) {
      const family = identifiedFamily(field);
      if (family === '' || isReferenceFamily(family)) continue;
      if (isNumeric(field)) checkNumeric(field, family, patients);
      else if (field.length !== null && field.length < (shortest.get(family)?.length ?? Number.POSITIVE_INFINITY)) {
        shortest.set(family, field);
      }
    }
    for (const family of FAMILIES.keys()) this.#styles.set(family, styleFor(family, shortest.get(family), patients));
  }

  /** `R000000012`. */
  text(family: string, id: number): string {
    const { prefix, width, radix } = this.#styles.get(family) ?? NO_STYLE;
    const digits = id.toString(radix);
    return prefix + (radix === 36 ? digits.toUpperCase() : digits).padStart(width, '0');
  }

  /** The same for one family; remembers the last id, since rows of one patient come together. */
  writer(family: string): (id: number) => string {
    let last = -1;
    let text = '';
    return (id) => {
      if (id === last) return text;
      last = id;
      text = this.text(family, id);
      return text;
    };
  }
}

const NO_STYLE: KeyStyle = { prefix: '', width: 1, radix: 10 };

function styleFor(family: string, shortest: CatalogField | undefined, patients: number): KeyStyle {
  const room = shortest?.length ?? 20;
  const digits = String(largestId(family, MAX_RECORDS)).length;
  const prefix = PREFIXES[family] ?? '';
  if (room >= prefix.length + digits) return { prefix, width: digits, radix: 10 };
  if (room >= digits) return { prefix: '', width: digits, radix: 10 };
  if (shortest !== undefined && largestId(family, patients).toString(36).length > room)
    throw tooShort(shortest, patients);
  return { prefix: '', width: room, radix: 36 };
}

function checkNumeric(field: CatalogField, family: string, patients: number): void {
  const digits = field.precision ?? field.length;
  const whole = digits === null ? 18 : digits - (field.scale ?? 0);
  if (String(largestId(family, patients)).length > whole) throw tooShort(field, patients);
}

function tooShort(field: CatalogField, patients: number): UserError {
  return new UserError(
    `${field.specFile || 'The catalog'}: ${field.table}.${field.field} is too short for the keys of ${patients} patients; ask for fewer rows or widen the field.`,
  );
}
