import type { DataType, ValueFormat } from '../catalog/catalog.ts';
import { type DateFormat, findDateFormat } from './dateFormat.ts';
import { findTypeName, type TypeName } from './typeName.ts';

/** What a document says about the type of one field, cell by cell; empty where it says nothing. */
export interface TypeWords {
  readonly type: string;
  readonly length?: string;
  readonly precision?: string;
  readonly scale?: string;
  readonly format?: string;
  readonly description?: string;
}

/** Why a reading is not sure; each has a sentence in `DOUBTS`. */
export type TypeDoubt = keyof typeof DOUBTS;

/** A declared type brought to the catalog's terms. */
export interface FieldType {
  readonly dataType: DataType;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly format: ValueFormat;
  /** 0 to 1: how sure the reading is. */
  readonly confidence: number;
  readonly doubts: readonly TypeDoubt[];
}

/** What follows the field's name in a problem, and what the doubt leaves of the confidence. */
export const DOUBTS = {
  'no-type': { left: 0.4, says: 'has no type; it is read as text' },
  'unknown-type': { left: 0.5, says: 'has a type that is not understood; it is read as text' },
  'unknown-date-format': {
    left: 0.5,
    says: 'has a date format that is not understood; ISO 8601 is assumed, so correct the format',
  },
  'length-misfit': { left: 0.7, says: 'has a length that its date format does not fit; correct one of the two' },
  'several-lengths': { left: 0.8, says: 'has several lengths; the longest is used' },
  'inner-date': {
    left: 0.8,
    says: 'is a Caché date without a format; it is read as ISO 8601, so write `$H date` when the extract holds day numbers',
  },
} as const;

/** Whole numbers beyond this many digits do not fit an integer of the engine. */
const MOST_DIGITS = 18;

/**
 * Reads a type as written, with what the other columns add. The format column is believed; a pattern in the description
 * counts only where the type leaves room for it, since descriptions also speak of other things.
 */
export function readFieldType(words: TypeWords): FieldType {
  const name = findTypeName(words.type);
  const doubts: TypeDoubt[] = [];
  if (name.dataType === null) doubts.push(words.type.trim() === '' ? 'no-type' : 'unknown-type');
  const sizes = sizesOf(name, words);
  const date = dateFormatOf(words, name, sizes);
  if (date !== null) return dateType(words, name, sizes, date);
  if (name.dataType === 'DECIMAL') return numberType(name, words, sizes);
  const dataType = name.dataType ?? 'VARCHAR';
  if (name.inner && (dataType === 'DATE' || dataType === 'TIME')) doubts.push('inner-date');
  if (dataType === 'VARCHAR' && sizes.length > 1) doubts.push('several-lengths');
  const length = dataType === 'VARCHAR' && sizes.length > 0 ? Math.max(...sizes) : null;
  return fieldType({ dataType, length }, name, doubts);
}

function dateType(words: TypeWords, name: TypeName, sizes: readonly number[], date: DateFormat): FieldType {
  const doubts: TypeDoubt[] = [];
  if (date.format === null) doubts.push('unknown-date-format');
  const size = sizes[0];
  // A length says how wide a text or a number is; for a date type it says how the product stores it.
  const says = name.dataType === null || name.dataType === 'VARCHAR' || name.dataType === 'INTEGER';
  if (says && size !== undefined && size < date.length[0]) doubts.push('length-misfit');
  const known = name.dataType === null && words.type.trim() !== '' && findDateFormat(words.type) === null;
  if (known) doubts.push('unknown-type');
  return fieldType({ dataType: date.dataType, format: date.format ?? '' }, name, doubts);
}

function numberType(name: TypeName, words: TypeWords, sizes: readonly number[]): FieldType {
  // `10,4` may stand in the precision column.
  const [digits = null, places = null] = (words.precision ?? '').match(/\d{1,9}/g)?.map(Number) ?? [];
  const precision = sizes[0] ?? digits;
  const scale = sizes[1] ?? wholeNumber(words.scale) ?? places;
  const whole = !name.floating && precision !== null && (scale ?? 0) === 0;
  if (whole && precision <= MOST_DIGITS) return fieldType({ dataType: 'INTEGER' }, name, []);
  // A *number* without any size counts something; one with decimals would say so, and a wrong guess is a reject, not a loss.
  if (name.bareNumber && precision === null && scale === null) return fieldType({ dataType: 'INTEGER' }, name, []);
  if (name.floating) return fieldType({ dataType: 'DECIMAL', scale }, name, []);
  // Without a size the places behind the point are unknown, which is not the same as none.
  return fieldType({ dataType: 'DECIMAL', precision, scale: precision === null ? scale : (scale ?? 0) }, name, []);
}

function fieldType(
  found: Pick<FieldType, 'dataType'> & Partial<FieldType>,
  name: TypeName,
  doubts: readonly TypeDoubt[],
): FieldType {
  const left = doubts.reduce((least, doubt) => Math.min(least, DOUBTS[doubt].left), name.confidence);
  const plain = { length: null, precision: null, scale: null, format: '' as const };
  return { ...plain, ...found, confidence: left, doubts };
}

function dateFormatOf(words: TypeWords, name: TypeName, sizes: readonly number[]): DateFormat | null {
  const stated = findDateFormat(words.format ?? '') ?? findDateFormat(words.type);
  if (stated !== null) return stated;
  const hinted = findDateFormat(words.description ?? '');
  if (hinted === null || hinted.format === null) return null;
  if (name.dataType === hinted.dataType) return hinted;
  const size = sizes[0];
  const roomy = name.dataType === null || name.dataType === 'VARCHAR' || name.dataType === 'INTEGER';
  return roomy && size !== undefined && size >= hinted.length[0] && size <= hinted.length[1] ? hinted : null;
}

/** Sizes in the type win over the length column; `4,000` is one number for a text, two for a decimal. */
function sizesOf(name: TypeName, words: TypeWords): number[] {
  const text = (name.size || (words.length ?? '')).slice(0, 40);
  const joined = name.dataType === 'DECIMAL' ? text : text.replaceAll(/(\d),(?=\d{3}\b)/g, '$1');
  return (joined.match(/\d{1,9}/g) ?? []).map(Number);
}

function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
