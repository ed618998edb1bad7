import assert from 'node:assert/strict';
import fc from 'fast-check';
import { EXTRACT_AT, EXTRACT_DAY } from '../../../src/core/cohort/calendar.ts';
import { CodeBook, Palette } from '../../../src/core/cohort/codeBook.ts';
import { scenes } from '../../../src/core/cohort/cohort.ts';
import { type Entity, largestId, MAX_RECORDS } from '../../../src/core/cohort/entity.ts';
import type { World } from '../../../src/core/cohort/patient.ts';
import { isReferenceFamily, Reference } from '../../../src/core/cohort/reference.ts';
import { ownerOf } from '../../../src/core/cohort/tableRows.ts';
import { FAMILIES } from '../../../src/core/concepts/vocabulary.ts';
import { groupBy } from '../../../src/core/shared/order.ts';
import { fullCatalog } from './fullCatalog.ts';

const SOURCE = fullCatalog('source');

function worldOf(seed: number): World {
  const codes = new CodeBook(new Map());
  return {
    seed,
    reference: new Reference(seed, SOURCE, codes),
    palette: new Palette(SOURCE, codes),
    singleNames: true,
  };
}

/** Every row of a cohort by family, and by family and id. */
class Cohort {
  readonly world: World;
  readonly rows = new Map<string, Entity[]>();
  readonly #byId = new Map<string, Entity>();

  constructor(seed: number, patients: number) {
    this.world = worldOf(seed);
    for (const { scene } of scenes(this.world, patients)) {
      for (const family of FAMILIES.keys()) {
        for (const row of scene.rows(family)) {
          if (ownerOf(row) > patients) continue;
          const rows = this.rows.get(family);
          if (rows === undefined) this.rows.set(family, [row]);
          else rows.push(row);
          this.#byId.set(`${family} ${row.id}`, row);
        }
      }
    }
  }

  of(family: string): readonly Entity[] {
    return this.rows.get(family) ?? [];
  }

  find(family: string, id: unknown): Entity | undefined {
    if (isReferenceFamily(family)) return this.world.reference.find(family, Number(id));
    return this.#byId.get(`${family} ${String(id)}`);
  }

  person(row: Entity): Entity | undefined {
    return this.find('PMI', row.values['patient_id']);
  }
}

const number = (row: Entity, concept: string): number => row.values[concept] as number;
const instants = ['admitted_at', 'discharged_at', 'starts_at', 'ends_at', 'departed_at', 'born_at'];

/** Laws of section 4 of the brief, as far as they speak of one cohort; each gives the rows that break it. */
const LAWS: Readonly<Record<string, (cohort: Cohort) => unknown[]>> = {
  'every reference resolves': (cohort) =>
    [...cohort.rows].flatMap(([family, rows]) => {
      const refs = (FAMILIES.get(family)?.concepts ?? []).filter((concept) => concept.kind.type === 'ref');
      return rows.flatMap((row) =>
        refs.flatMap(({ name, kind }) => {
          const id = row.values[name];
          const to = kind.type === 'ref' ? kind.family : '';
          return id === undefined || cohort.find(to, id) !== undefined ? [] : [`${family}.${name}`];
        }),
      );
    }),
  'the patient is the same all along the chain': (cohort) =>
    [...cohort.rows].flatMap(([family, rows]) => {
      const refs = (FAMILIES.get(family)?.concepts ?? []).filter(
        ({ kind, name }) =>
          kind.type === 'ref' &&
          FAMILIES.get(kind.family)?.patientChain === true &&
          kind.family !== 'PMI' &&
          !name.startsWith('mother') &&
          !name.startsWith('baby'),
      );
      return rows.filter((row) =>
        refs.some(({ name, kind }) => {
          const parent =
            row.values[name] === undefined || kind.type !== 'ref'
              ? undefined
              : cohort.find(kind.family, row.values[name]);
          return parent !== undefined && parent.values['patient_id'] !== row.values['patient_id'];
        }),
      );
    }),
  'nothing happens before birth, after death or after the extract': (cohort) =>
    [...cohort.rows].flatMap(([family, rows]) =>
      family === 'PMI'
        ? []
        : rows.filter((row) => {
            const person = cohort.person(row);
            if (person === undefined) return false;
            const last = (person.values['date_of_death'] as number | undefined) ?? EXTRACT_DAY;
            const future = family === 'APPT' && row.values['attendance'] === '0';
            const days = instants.map((concept) => row.values[concept]).filter((value) => typeof value === 'number');
            return (
              !future && days.some((at) => at / 86400 < number(person, 'date_of_birth') || at >= (last + 1) * 86400)
            );
          }),
    ),
  'spells end after they begin and do not overlap': (cohort) => {
    const byPatient = groupBy(cohort.of('SPELL'), (row) => row.values['patient_id']);
    return [...byPatient.values()].flatMap((spells) => {
      const sorted = [...spells].sort((a, b) => number(a, 'admitted_at') - number(b, 'admitted_at'));
      return sorted.filter((spell, at) => {
        const end = (spell.values['discharged_at'] as number | undefined) ?? Number.POSITIVE_INFINITY;
        const next = sorted[at + 1];
        return end < number(spell, 'admitted_at') || (next !== undefined && number(next, 'admitted_at') < end);
      });
    });
  },
  'episodes and ward stays fill their spell without gap or overlap': (cohort) =>
    ['EPI', 'WARD'].flatMap((family) => {
      const bySpell = groupBy(cohort.of(family), (row) => row.values['spell_id']);
      return cohort.of('SPELL').filter((spell) => {
        const parts = [...(bySpell.get(spell.id) ?? [])].sort((a, b) => number(a, 'sequence') - number(b, 'sequence'));
        const starts = [...parts.map((part) => part.values['starts_at']), spell.values['discharged_at']];
        const ends = [spell.values['admitted_at'], ...parts.map((part) => part.values['ends_at'])];
        return (
          parts.length === 0 ||
          starts.some((start, at) => start !== ends[at]) ||
          parts.some((part, at) => part.values['sequence'] !== at + 1)
        );
      });
    }),
  'a death in hospital is the patient’s death': (cohort) =>
    cohort.of('SPELL').filter((spell) => {
      const died = spell.values['discharge_method'] === '4';
      const day = Math.floor(number(spell, 'discharged_at') / 86400);
      return (
        died !== (spell.values['discharge_destination'] === '79') ||
        (died && cohort.person(spell)?.values['date_of_death'] !== day)
      );
    }),
  'a day case is elective, meant to be one, and home the same day': (cohort) =>
    cohort.of('SPELL').filter((spell) => {
      const {
        admission_method: method,
        intended_management: meant,
        admitted_at: from,
        discharged_at: to,
      } = spell.values;
      const dayCase =
        ['11', '12', '13'].includes(String(method)) &&
        meant === '2' &&
        Math.floor(Number(from) / 86400) === Math.floor(Number(to) / 86400);
      return spell.values['classification'] === '2' && !dayCase;
    }),
  'a pathway has at most one running clock, and its status says so': (cohort) => {
    const running = cohort.of('CLOCK').filter((clock) => clock.values['stopped_on'] === undefined);
    const paths = running.map((clock) => clock.values['pathway_id']);
    const wrong = cohort
      .of('CLOCK')
      .filter(
        (clock) =>
          ['10', '11', '12', '20', '21'].includes(String(clock.values['status'])) !==
          (clock.values['stopped_on'] === undefined),
      );
    return [
      ...wrong,
      ...paths.filter((path, at) => paths.indexOf(path) !== at),
      ...running.filter((clock) => EXTRACT_DAY - number(clock, 'started_on') > 364),
    ];
  },
  'a running clock has a next step, and a closed referral none': (cohort) => {
    const next = new Set([
      ...cohort
        .of('APPT')
        .filter((row) => row.values['attendance'] === '0')
        .map((row) => row.values['referral_id']),
      ...cohort
        .of('IWL')
        .filter((row) => row.values['removed_on'] === undefined)
        .map((row) => row.values['referral_id']),
    ]);
    const lost = cohort
      .of('CLOCK')
      .filter((clock) => clock.values['stopped_on'] === undefined && !next.has(clock.values['referral_id']));
    const closed = cohort.of('REF').filter((row) => row.values['closed_on'] !== undefined && next.has(row.id));
    return [...lost, ...closed];
  },
  'an appointment is attended 0 exactly when it lies ahead': (cohort) =>
    cohort.of('APPT').filter((row) => (row.values['attendance'] === '0') !== number(row, 'starts_at') > EXTRACT_AT),
  'one attended first appointment a referral': (cohort) => {
    const firsts = cohort
      .of('APPT')
      .filter(
        (row) =>
          ['5', '6'].includes(String(row.values['attendance'])) &&
          ['1', '3'].includes(String(row.values['first_attendance'])),
      );
    const referrals = firsts.map((row) => row.values['referral_id']);
    return referrals.filter((referral, at) => referrals.indexOf(referral) !== at);
  },
  'a removal has a reason, and an admission its entry': (cohort) => [
    ...cohort
      .of('IWL')
      .filter((row) => (row.values['removed_on'] === undefined) !== (row.values['removal_reason'] === undefined)),
    ...cohort
      .of('SPELL')
      .filter(
        (row) =>
          ['11', '12', '13'].includes(String(row.values['admission_method'])) && row.values['entry_id'] === undefined,
      ),
  ],
  'a birth is where and when the baby was born': (cohort) =>
    cohort
      .of('SPELL')
      .filter(
        (spell) =>
          spell.values['admission_method'] === '82' &&
          (spell.values['admission_source'] !== '79' ||
            spell.values['mother_spell_id'] === undefined ||
            Math.floor(number(spell, 'admitted_at') / 86400) !== cohort.person(spell)?.values['date_of_birth']),
      ),
  'no section is open past its expiry, none ends before it starts': (cohort) =>
    cohort.of('MHA').filter((row) => {
      const end = row.values['ends_at'] as number | undefined;
      return end === undefined
        ? number(row, 'expires_at') < EXTRACT_AT
        : end < number(row, 'starts_at') || end > number(row, 'expires_at');
    }),
  'a live patient has one current address and one current practice': (cohort) =>
    cohort.of('PMI').filter((person) => {
      if (person.values['merged_into'] !== undefined) return false;
      const own = (family: string) =>
        cohort
          .of(family)
          .filter((row) => row.values['patient_id'] === person.id && row.values['valid_to'] === undefined);
      return own('ADDR').length !== 1 || own('GPREG').length !== 1;
    }),
  'NHS numbers are unique and missing ones say why': (cohort) => {
    const numbers = cohort
      .of('PMI')
      .map((row) => row.values['nhs_number'])
      .filter((value) => value !== undefined);
    const silent = cohort
      .of('PMI')
      .filter(
        (row) =>
          (row.values['nhs_number'] === undefined) === ['01', '02'].includes(String(row.values['nhs_number_status'])),
      );
    return [...silent, ...numbers.filter((value, at) => numbers.indexOf(value) !== at)];
  },
  'a taken bed holds one patient': (cohort) => {
    const beds = cohort
      .of('WARD')
      .filter((row) => row.values['ends_at'] === undefined)
      .map((row) => `${String(row.values['ward'])} ${String(row.values['bed'])}`);
    return beds.filter((bed, at) => beds.indexOf(bed) !== at);
  },
  'keys are unique within a family': (cohort) =>
    [...cohort.rows].flatMap(([family, rows]) =>
      new Set(rows.map((row) => row.id)).size === rows.length ? [] : [family],
    ),
};

/** `APPT 12`: enough to look a row up. */
function named(broken: readonly unknown[]): unknown[] {
  return broken.map((row) =>
    typeof row === 'object' && row !== null && 'family' in row && 'id' in row ? `${row.family} ${row.id}` : row,
  );
}

describe('laws of the canonical cohort', () => {
  const cohort = new Cohort(42, 400);
  for (const [law, breaks] of Object.entries(LAWS)) {
    it(law, () => assert.deepEqual(named(breaks(cohort)), []));
  }

  it('hold for any seed', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), (seed) => {
        const any = new Cohort(seed, 70);
        for (const [law, breaks] of Object.entries(LAWS)) assert.deepEqual(named(breaks(any)), [], law);
      }),
      { numRuns: 25 },
    );
  });

  it('a patient is the same in a cohort of any size', () => {
    const small = new Cohort(5, 23);
    const large = new Cohort(5, 95);
    for (const [family, rows] of small.rows) {
      const same = large.of(family).filter((row) => ownerOf(row) <= 23);
      assert.deepEqual(rows, same, family);
    }
  });

  it('another seed makes other people', () => {
    const names = (seed: number) => new Cohort(seed, 20).of('PMI').map((row) => row.values['surname']);
    assert.notDeepEqual(names(1), names(2));
  });

  it('the first twenty patients fill every family, whatever the seed', () => {
    for (const seed of [0, 1, 42, -7, 2 ** 31 - 1]) {
      const cohortOfTwenty = new Cohort(seed, 20);
      const empty = [...FAMILIES.keys()].filter(
        (family) => !isReferenceFamily(family) && family !== 'CODE' && cohortOfTwenty.of(family).length === 0,
      );
      assert.deepEqual(empty, [], `seed ${seed}`);
    }
  });

  it('ids of the largest cohort fit a 32-bit integer', () => {
    for (const family of FAMILIES.keys()) assert.ok(largestId(family, MAX_RECORDS + 10_000) < 2 ** 31, family);
  });
});
