import { dayAt, instantOf } from './calendar.ts';
import { type Entity, like } from './entity.ts';
import { addStay } from './inpatients.ts';
import { later, type Patient } from './patient.ts';

/** A delivery: when each baby was born and when mother and babies went home. */
export interface Delivery {
  readonly mother: Patient;
  readonly motherSpell: Entity;
  readonly bornAt: number;
  readonly homeAt: number;
}

/** The mother's spell (method 31), from some hours before the birth to a day or two after; null when she is elsewhere then. */
export function addDelivery(mother: Patient, bornDay: number): Delivery | null {
  const bornAt = instantOf(bornDay, 12, 24);
  const admitted = later(bornAt, -60 * mother.random.int(4, 9));
  const homeAt = instantOf(bornDay + mother.random.int(1, 2), 15);
  if (dayAt(homeAt) > mother.end || !mother.isFree(admitted, homeAt)) return null;
  const specialty = mother.world.reference.specialty('501');
  const motherSpell = addStay(mother, {
    admitted,
    discharged: homeAt,
    method: mother.code('admission_method', ['31', 1]),
    source: '19',
    classification: '1',
    intended: mother.world.palette.only('intended_management', '8') ?? '1',
    specialty,
    wardKind: '501',
    procedure: 'R249',
    diagnosis: 'O800',
  });
  return { mother, motherSpell, bornAt, homeAt };
}

/** The baby's own spell (82, source 79, admitted at birth) and the link to the mother. */
export function addBirth(baby: Patient, delivery: Delivery): void {
  const { bornAt, homeAt, mother, motherSpell } = delivery;
  const { random } = baby;
  const spell = addStay(baby, {
    admitted: bornAt,
    discharged: homeAt,
    method: baby.code('admission_method', ['82', 1]),
    source: '79',
    classification: '1',
    intended: baby.world.palette.only('intended_management', '8') ?? '1',
    specialty: baby.world.reference.specialty('420'),
    wardKind: '501',
    diagnosis: 'Z380',
    links: { mother_spell_id: motherSpell.id },
  });
  const day = dayAt(bornAt);
  baby.add(
    'BIRTH',
    'birth_id',
    {
      baby_patient_id: baby.number,
      mother_patient_id: mother.number,
      baby_spell_id: spell.id,
      mother_spell_id: motherSpell.id,
      born_at: bornAt,
      birth_order: 1,
      weight_grams: random.int(2400, 4300),
      delivery_method: like('SVD', /spontan|normal|vaginal/i),
      live_still: like('LIVE', /live/i),
      gestation_weeks: random.int(37, 41),
    },
    day,
    day,
  );
}
