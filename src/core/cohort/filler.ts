import type { CatalogField } from '../catalog/catalog.ts';
import { DAY_SECONDS } from './calendar.ts';
import type { CodeChooser } from './codeCells.ts';
import type { Entity } from './entity.ts';
import { STREETS, SURNAMES, TOWNS } from './names.ts';
import { mix32 } from './random.ts';
import { type TemporalKind, temporalKindOf, temporalWriter } from './temporalCells.ts';

/** Writes a field nobody described: from its type, list and length, and the row's own days. */
export type Filler = (entity: Entity) => string;

/** Share of optional fields without a concept that are filled, in percent. */
const FILLED = 60;

/**
 * @param keyOf the row's own key as text, for a second number column
 */
export function fillerFor(
  field: CatalogField,
  codes: CodeChooser,
  salt: number,
  keyOf: (entity: Entity) => string,
): Filler {
  const about = aboutField(field);
  // Nothing has ended that nobody said has, and spare columns are spare.
  if (!field.mandatory && (SPARE.test(about) || (temporalKindOf(field) !== null && ENDS.test(about)))) return () => '';
  const number = field.mandatory && field.codeSet === '' && !temporalKindOf(field) && NUMBER.test(about);
  if (number && field.dataType === 'VARCHAR') return (entity) => keyOf(entity).slice(-(field.length ?? 20));
  const write = valueFor(field, codes, salt);
  if (field.mandatory) return write;
  return (entity) => (mix32(entity.salt ^ salt ^ 0x5bd1e995) % 100 < FILLED ? write(entity) : '');
}

const SPARE = /\b(spare|unused|filler|reserved)/i;
const ENDS = /\b(end|ends|ended|to|expir\w*|left|leaving|clos\w*|until|valid to)\b/i;
const NUMBER = /\bnumber\b/i;
const CREATED = /\b(creat|enter|add)(ed|ion)\b/i;

/** Name and description as words. */
function aboutField(field: CatalogField): string {
  return `${field.field.replaceAll('_', ' ')} ${field.description}`;
}

function valueFor(field: CatalogField, codes: CodeChooser, salt: number): Filler {
  const draw = (entity: Entity): number => mix32(entity.salt ^ salt);
  if (field.codeSet !== '') {
    const fallback = plainValue(field, draw);
    return (entity) => codes.any(entity) ?? fallback(entity);
  }
  return plainValue(field, draw);
}

function plainValue(field: CatalogField, draw: (entity: Entity) => number): Filler {
  const temporal = temporalKindOf(field);
  if (temporal !== null) {
    const write = temporalWriter(field, temporal);
    const created = CREATED.test(aboutField(field));
    return (entity) => write(temporalValue(entity, draw(entity), temporal, created));
  }
  switch (field.dataType) {
    case 'BOOLEAN':
      return (entity) => (draw(entity) % 10 === 0 ? '1' : '0');
    case 'INTEGER':
      return numberFiller(field, draw, 0);
    case 'DECIMAL':
      return numberFiller(field, draw, field.scale ?? 2);
    default:
      return textFiller(field, draw);
  }
}

/**
 * Within the row's days, in working hours: never before birth, after death or after the extract.
 *
 * @param created the row was made on its first day, before any change to it
 */
function temporalValue(entity: Entity, draw: number, kind: TemporalKind, created: boolean): number {
  const day = created ? entity.from : entity.from + (draw % (entity.to - entity.from + 1));
  const time = 8 * 3600 + ((draw >>> 9) % 108) * 300;
  return kind === 'date' ? day : kind === 'time' ? time : day * DAY_SECONDS + time;
}

function numberFiller(field: CatalogField, draw: (entity: Entity) => number, scale: number): Filler {
  const digits = Math.max(1, Math.min(2, (field.precision ?? field.length ?? 4) - scale));
  return (entity) => {
    const whole = String(1 + (draw(entity) % (10 ** digits - 1)));
    return scale === 0
      ? whole
      : `${whole}.${String((draw(entity) >>> 12) % 10 ** Math.min(scale, 6)).padStart(Math.min(scale, 6), '0')}`;
  };
}

/** What a text field may hold, by a word in its name or description. */
const TEXTS: readonly (readonly [RegExp, (draw: number) => string])[] = [
  [/sending system|source system/i, () => 'LEGACYPAS'],
  [/batch/i, () => 'BATCH001'],
  [/uprn|property reference/i, (draw) => String(900_000_000 + (draw % 1_000_000))],
  [/e-?mail/i, (draw) => `office${draw % 100}@example.com`],
  [/phone|telephone|\btel|fax|mobile/i, (draw) => `01632960${String(draw % 1000).padStart(3, '0')}`],
  [
    /\buser|created by|updated by|entered by|operator|clerk|\bby$|\busr/i,
    (draw) => `USR${String(draw % 400).padStart(3, '0')}`,
  ],
  [
    /comment|note|remark|free ?text|detail/i,
    (draw) => pick(['Letter sent', 'See notes', 'Rang patient', 'Checked at desk'], draw),
  ],
  [/version/i, () => '1'],
  [/\bname\b|surname|\bnm\b/i, (draw) => pick(SURNAMES, draw)],
  [/address|street/i, (draw) => `${1 + (draw % 90)} ${pick(STREETS, draw)} Road`],
  [/town|city|place/i, (draw) => pick(TOWNS, draw)[0]],
  [/flag|indicator|y\/n|yes\/no/i, (draw) => (draw % 5 === 0 ? 'Y' : 'N')],
];

function pick<T>(list: readonly T[], draw: number): T {
  return list[draw % list.length] as T;
}

function textFiller(field: CatalogField, draw: (entity: Entity) => number): Filler {
  const length = field.length ?? 30;
  const about = aboutField(field);
  if (length === 1) return (entity) => (draw(entity) % 4 === 0 ? 'Y' : 'N');
  const words =
    TEXTS.find(([pattern]) => pattern.test(about))?.[1] ??
    ((number: number) => `L${String(number % 1000).padStart(3, '0')}`);
  return (entity) => words(draw(entity)).slice(0, length);
}
