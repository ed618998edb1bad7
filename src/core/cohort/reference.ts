import type { Catalog } from '../catalog/catalog.ts';
import { conceptOf } from '../concepts/vocabulary.ts';
import { dayOf } from './calendar.ts';
import { SPECIALTIES, type SpecialtyProfile } from './clinical.ts';
import type { CodeBook, CodeLine } from './codeBook.ts';
import { type Entity, saltOf, type Values } from './entity.ts';
import { dramaLandline, syntheticPostcode } from './identifiers.ts';
import { FEMALE_FORENAMES, MALE_FORENAMES, STREETS, SURNAMES, TOWNS } from './names.ts';
import { Random } from './random.ts';

/** A site, ward, specialty, consultant, GP, practice or clinic: known by a local and a national code. */
export interface RefEntity extends Entity {
  readonly local: string;
  readonly national: string;
}

interface CodePair {
  readonly local: string;
  readonly national: string;
  readonly name: string;
}

export interface Specialty {
  readonly entity: RefEntity;
  readonly profile: SpecialtyProfile;
}

/** All reference rows were open long before the first event and none that is used has closed (RIN-11). */
const OPENED = dayOf(1999, 4, 1);
const TRUST = 'RZZ';

/** Reference data of the trust: from the seed and the project's own code lists, the same for any number of patients. */
export class Reference {
  readonly specialties: readonly Specialty[];
  readonly #seed: number;
  readonly #rows = new Map<string, RefEntity[]>();
  readonly #staff = new Map<number, RefEntity[]>();
  readonly #clinics = new Map<number, RefEntity[]>();
  readonly #wards = new Map<string, RefEntity[]>();

  constructor(seed: number, source: Catalog, codes: CodeBook) {
    this.#seed = seed;
    const listed = (family: string): readonly CodePair[] | null => codeListOf(family, source, codes);
    this.#addSites(listed('SITE'));
    this.specialties = this.#addSpecialties(listed('SPECIALTY'));
    this.#addStaff(listed('STAFF'));
    this.#addWards(listed('WARD_REF'));
    this.#addClinics(listed('CLINIC'));
    this.#addPractices(listed('PRACTICE'), listed('GP'));
  }

  /** Rows of one family; empty when it is not reference data. */
  rows(family: string): readonly RefEntity[] {
    return this.#rows.get(family) ?? [];
  }

  find(family: string, id: number): RefEntity | undefined {
    return this.#rows.get(family)?.[id - 1];
  }

  /** The specialty with that national treatment function, or the first one. */
  specialty(treatmentFunction: string): Specialty {
    const found = this.specialties.find(({ profile }) => profile.treatmentFunction === treatmentFunction);
    return found ?? (this.specialties[0] as Specialty);
  }

  consultants(specialty: Specialty): readonly RefEntity[] {
    return this.#staff.get(specialty.entity.id) ?? this.rows('STAFF');
  }

  clinics(specialty: Specialty): readonly RefEntity[] {
    return this.#clinics.get(specialty.entity.id) ?? this.rows('CLINIC');
  }

  /** Wards of a specialty; `DAY` for the day unit; any ward when it has none of its own. */
  wards(kind: string): readonly RefEntity[] {
    return this.#wards.get(kind) ?? this.#wards.get('300') ?? this.rows('WARD_REF');
  }

  #add(family: string, pair: CodePair, values: Values): RefEntity {
    const rows = this.#rows.get(family) ?? [];
    this.#rows.set(family, rows);
    const id = rows.length + 1;
    const key = conceptOf(family, KEY_CONCEPT[family] ?? '')?.name ?? '';
    const entity: RefEntity = {
      family,
      id,
      values: { [key]: id, valid_from: OPENED, active: true, ...values },
      from: OPENED,
      to: OPENED,
      salt: saltOf(this.#seed, family, id),
      local: pair.local,
      national: pair.national,
    };
    rows.push(entity);
    return entity;
  }

  #addSites(listed: readonly CodePair[] | null): void {
    const names = ['Northbridge General Hospital', 'Kingsferry Hospital', 'Ashmere Community Hospital'];
    const pairs =
      listed ??
      names.map((name, at) => ({ local: name.slice(0, 3).toUpperCase(), national: `${TRUST}0${at + 1}`, name }));
    const random = new Random(this.#seed, 'sites', 0);
    for (const pair of pairs) {
      const values = { name: pair.name, national_code: pair.national, trust_code: TRUST, line_1: 'Hospital Road' };
      this.#add('SITE', pair, { ...values, postcode: syntheticPostcode(random, 'ZA') });
    }
  }

  #addSpecialties(listed: readonly CodePair[] | null): Specialty[] {
    const known = new Map(SPECIALTIES.map((profile) => [profile.treatmentFunction, profile]));
    const pairs =
      listed ?? SPECIALTIES.map((profile) => pairOf(profile.mnemonic, profile.treatmentFunction, profile.name));
    const generic = SPECIALTIES[0] as SpecialtyProfile;
    // A list that knows none of our specialties still serves: its first line is treated as general surgery.
    const stranger = pairs.every((pair) => !known.has(pair.national));
    const used: Specialty[] = [];
    for (const [at, pair] of pairs.entries()) {
      const profile =
        known.get(pair.national) ??
        (stranger && at === 0 ? { ...generic, treatmentFunction: pair.national } : undefined);
      const values: Values = { treatment_function: pair.national, name: pair.name };
      if (profile !== undefined) values['main_specialty'] = profile.mainSpecialty;
      const entity = this.#add('SPECIALTY', pair, values);
      const again = used.some((specialty) => specialty.profile === profile);
      if (profile !== undefined && !again) used.push({ entity, profile });
    }
    return used;
  }

  #addStaff(listed: readonly CodePair[] | null): void {
    const random = new Random(this.#seed, 'staff', 0);
    const count = listed?.length ?? this.specialties.length * 3;
    for (let at = 0; at < count; at += 1) {
      const specialty = this.specialties[at % this.specialties.length] as Specialty;
      const surname = random.pick(SURNAMES);
      const forename = random.pick(random.chance(0.5) ? FEMALE_FORENAMES : MALE_FORENAMES);
      const initials = `${surname}X`
        .replace(/[^A-Za-z]/g, 'X')
        .slice(0, 2)
        .toUpperCase();
      const number = String(at + 1);
      const pair = listed?.[at] ?? pairOf(`${initials}${number.padStart(3, '0')}`, `C${number.padStart(7, '0')}`, '');
      const entity = this.#add('STAFF', pair, {
        national_code: pair.national,
        surname,
        forename,
        title: 'Dr',
        main_specialty: specialty.profile.mainSpecialty,
        treatment_function: specialty.entity.id,
      });
      append(this.#staff, specialty.entity.id, entity);
    }
  }

  #addWards(listed: readonly CodePair[] | null): void {
    const pairs = listed ?? WARDS.map(([code, name]) => pairOf(code, code, name));
    const sites = this.rows('SITE');
    for (const [at, pair] of pairs.entries()) {
      const kind = wardKind(pair.name);
      const entity = this.#add('WARD_REF', pair, {
        name: pair.name,
        site: sites[at % Math.min(2, sites.length)]?.id,
        treatment_function: this.specialty(kind === 'DAY' ? '100' : kind).entity.id,
        beds: 24 + (at % 5),
        ward_type: {
          text: kind === '710' ? 'MH' : kind === 'DAY' ? 'DAY' : 'GEN',
          like: kind === '710' ? /mental|psych/i : kind === 'DAY' ? /day/i : /general|acute|medic|surg/i,
        },
      });
      append(this.#wards, kind, entity);
    }
  }

  #addClinics(listed: readonly CodePair[] | null): void {
    const outpatient = this.specialties.filter(({ profile }) => profile.outpatient);
    const serving = outpatient.length > 0 ? outpatient : this.specialties;
    const sites = this.rows('SITE');
    const count = listed?.length ?? serving.length * 2;
    for (let at = 0; at < count; at += 1) {
      const specialty = serving[at % serving.length] as Specialty;
      const code = `${specialty.profile.mnemonic}${String(Math.floor(at / serving.length) + 1).padStart(2, '0')}`;
      const pair =
        listed?.[at] ?? pairOf(code, code, `${specialty.profile.name} clinic ${Math.floor(at / serving.length) + 1}`);
      const consultants = this.consultants(specialty);
      const entity = this.#add('CLINIC', pair, {
        name: pair.name,
        consultant: consultants[Math.floor(at / serving.length) % consultants.length]?.id,
        treatment_function: specialty.entity.id,
        site: sites[at % sites.length]?.id,
        clinic_type: { text: 'CONS', like: /consult|general|outpatient/i },
        slot_minutes: 20,
        session_start: 9 * 3600,
        session_day: { text: String((at % 5) + 1), like: [/mon/i, /tue/i, /wed/i, /thu/i, /fri/i][at % 5] as RegExp },
      });
      append(this.#clinics, specialty.entity.id, entity);
    }
  }

  #addPractices(practices: readonly CodePair[] | null, gps: readonly CodePair[] | null): void {
    const random = new Random(this.#seed, 'practices', 0);
    const practiceCount = practices?.length ?? 30;
    for (let at = 0; at < practiceCount; at += 1) {
      const number = String(at + 1).padStart(3, '0');
      const [town, county, area] = random.pick(TOWNS);
      const name = `${random.pick(STREETS)} Surgery`;
      const pair = practices?.[at] ?? pairOf(`PR${number}`, `A99${number}`, name);
      this.#add('PRACTICE', pair, {
        national_code: pair.national,
        name: pair.name,
        line_1: `${random.int(1, 90)} ${random.pick(STREETS)} Road`,
        line_2: town,
        line_3: county,
        postcode: syntheticPostcode(random, area),
        phone: dramaLandline(random),
        commissioner: 'QZZ',
      });
    }
    const count = gps?.length ?? 60;
    for (let at = 0; at < count; at += 1) {
      const number = String(at + 1);
      const surname = random.pick(SURNAMES);
      const pair = gps?.[at] ?? pairOf(`GP${number.padStart(4, '0')}`, `G99${number.padStart(5, '0')}`, '');
      this.#add('GP', pair, {
        national_code: pair.national,
        surname,
        initials: random.pick(FEMALE_FORENAMES).slice(0, 1),
        title: 'Dr',
        practice_code: (at % practiceCount) + 1,
      });
    }
  }
}

const KEY_CONCEPT: Readonly<Record<string, string>> = {
  SITE: 'site_code',
  SPECIALTY: 'specialty_code',
  STAFF: 'staff_code',
  WARD_REF: 'ward_code',
  CLINIC: 'clinic_code',
  PRACTICE: 'practice_code',
  GP: 'gp_code',
};

/** Families whose rows are reference data here. */
export function isReferenceFamily(family: string): boolean {
  return KEY_CONCEPT[family] !== undefined;
}

/** Ward codes include `1E5`, which a spreadsheet takes for a number. */
const WARDS: readonly (readonly [code: string, name: string])[] = [
  ['AMU1', 'Acute Medical Unit'],
  ['1E5', 'Medical Ward Alder'],
  ['2E1', 'Medical Ward Birch'],
  ['SAU', 'Surgical Assessment Unit'],
  ['3A', 'Surgical Ward Cedar'],
  ['3B', 'Surgical Ward Elm'],
  ['4A', 'Orthopaedic Ward'],
  ['5C', 'Cardiology Ward'],
  ['6R', 'Elderly Care Ward'],
  ['CH1', "Children's Ward"],
  ['MAT', 'Maternity Ward'],
  ['MH1', 'Mental Health Ward Rowan'],
  ['MH2', 'Mental Health Ward Willow'],
  ['DSU', 'Day Surgery Unit'],
];

const WARD_KINDS: readonly (readonly [RegExp, string])[] = [
  [/mental|psych/i, '710'],
  [/matern|deliver|labour|obstet|postnatal/i, '501'],
  [/child|paed|neonat/i, '420'],
  [/day/i, 'DAY'],
  [/elder|geriat|older/i, '430'],
  [/ortho|trauma/i, '110'],
  [/cardi|coronary/i, '320'],
  [/surg|theatre/i, '100'],
  [/gynae/i, '502'],
];

function wardKind(name: string): string {
  return WARD_KINDS.find(([pattern]) => pattern.test(name))?.[1] ?? '300';
}

function pairOf(local: string, national: string, name: string): CodePair {
  return { local, national, name };
}

function append<K>(map: Map<K, RefEntity[]>, key: K, entity: RefEntity): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [entity]);
  else list.push(entity);
}

/**
 * The project's own codes of a reference family: the crosswalk of the family's key field, else of the first field that
 * refers to it; null when there is none and the trust is invented.
 */
function codeListOf(family: string, source: Catalog, codes: CodeBook): readonly CodePair[] | null {
  const refers = (kind: 'key' | 'ref'): readonly CodeLine[] | undefined => {
    for (const field of source.fields) {
      const of = conceptOf(field.family, field.concept)?.kind;
      const fits =
        kind === 'key' ? field.family === family && of?.type === 'key' : of?.type === 'ref' && of.family === family;
      const lines = fits ? codes.crosswalk(field.codeSet) : undefined;
      if (lines !== undefined && lines.length > 0) return lines;
    }
    return undefined;
  };
  const lines = refers('key') ?? refers('ref');
  if (lines === undefined) return null;
  return lines.map((line) => ({ local: line.code, national: line.target, name: line.description || line.code }));
}
