import type { CatalogField } from '../catalog/catalog.ts';

/** What the matcher knows beside the catalogs. */
export interface MappingEvidence {
  /** Crosswalk name → target codes it gives. */
  readonly crosswalkTargets: ReadonlyMap<string, ReadonlySet<string>>;
  /** Code set name → its codes. */
  readonly codeSets: ReadonlyMap<string, ReadonlySet<string>>;
  /** `TABLE.FIELD` of the source → what its data look like; empty without a profile. */
  readonly profiles: ReadonlyMap<string, ColumnProfile>;
}

/** What `profile-source` found in one column. */
export interface ColumnProfile {
  /** A format's name, or empty. */
  readonly format: string;
  /** Frequent values with their counts. */
  readonly topValues: readonly (readonly [value: string, count: number])[];
  readonly filled: number;
}

/** Formats that say what a column holds, as terms of the dictionary. */
const FORMAT_TERMS: Readonly<Record<string, readonly string[]>> = {
  NHS_NUMBER: ['nhs', 'identifier'],
  POSTCODE: ['postcode'],
  ICD10: ['diagnosis', 'icd'],
  OPCS4: ['procedure', 'opcs'],
  EMAIL: ['email'],
  PHONE: ['telephone'],
};

/** Terms that the data of a source column add to its name. */
export function dataTerms(field: CatalogField, evidence: MappingEvidence): readonly string[] {
  return FORMAT_TERMS[evidence.profiles.get(`${field.table}.${field.field}`)?.format ?? ''] ?? [];
}

/** Share of a column's frequent values that the target's code set, or the crosswalk of the source's codes, knows. */
export function codeFit(target: CatalogField, source: CatalogField, evidence: MappingEvidence): number {
  const known = evidence.codeSets.get(target.codeSet);
  if (known === undefined) return 0;
  const given = evidence.crosswalkTargets.get(source.codeSet);
  const crosswalk =
    given === undefined
      ? 0
      : shareOf(
          [...given].map((code) => [code, 1] as const),
          known,
        );
  const profile = evidence.profiles.get(`${source.table}.${source.field}`);
  const values = profile === undefined || profile.topValues.length < 2 ? 0 : shareOf(profile.topValues, known);
  return Math.max(crosswalk, values);
}

function shareOf(counts: readonly (readonly [string, number])[], known: ReadonlySet<string>): number {
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  const fit = counts.reduce((sum, [value, count]) => sum + (known.has(value) ? count : 0), 0);
  return total === 0 ? 0 : fit / total;
}
