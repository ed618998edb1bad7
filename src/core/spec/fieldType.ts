import type { DataType, ValueFormat } from '../catalog/catalog.ts';

/** A declared type brought to the catalog's terms. */
export interface FieldType {
  readonly dataType: DataType;
  readonly length: number | null;
  readonly precision: number | null;
  readonly scale: number | null;
  readonly format: ValueFormat;
  /** 0 to 1: how sure the reading is. */
  readonly confidence: number;
}

/** Names of types in SQL products, dictionaries and Caché, without sizes. */
const TYPE_NAMES: readonly [DataType, RegExp][] = [
  ['BOOLEAN', /^(bool|boolean|bit|%boolean|yes\/?no|y\/n|logical)$/],
  ['DATETIME', /^(datetime2?|timestamp.*|%timestamp|smalldatetime|date\s*(and|\/|&|\+)?\s*time|datetimeoffset)$/],
  ['DATE', /^(date|%date|%library\.date)$/],
  ['TIME', /^(time|%time|time without time zone)$/],
  ['DECIMAL', /^(decimal|numeric|number|money|float|real|double( precision)?|%numeric|%decimal|%float|%double|dec)$/],
  [
    'INTEGER',
    /^(int|integer|bigint|smallint|tinyint|int[248]|serial|bigserial|%integer|%bigint|%smallint|counter|identity|whole number)$/,
  ],
  [
    'VARCHAR',
    /^(n?varchar2?|n?char|character( varying)?|n?text|string|%string|%text|%raw|clob|alpha(numeric)?|an|a|uuid|code|memo|free text)$/,
  ],
];

/** How dates are written, most specific first. Looked for in the format column, then the type, then the description. */
const FORMAT_WORDS: readonly [ValueFormat, DataType, RegExp][] = [
  [
    'HOROLOG_STAMP',
    'DATETIME',
    /(\$h(orolog)?\s*(date\s*)?,\s*(seconds|time))|(\$h(orolog)?\b.*\band\b.*\btime\b)|horolog.*stamp/i,
  ],
  ['HOROLOG', 'DATE', /\$h(orolog)?\b/i],
  ['HOROLOG_SECONDS', 'TIME', /seconds since midnight/i],
  ['YYYYMMDDHHMMSS', 'DATETIME', /\b(yyyy|ccyy)mmddhh(mm|mi)ss\b/i],
  ['YYYYMMDDHHMM', 'DATETIME', /\b(yyyy|ccyy)mmddhh(mm|mi)\b/i],
  ['YYYYMMDD', 'DATE', /\b(yyyy|ccyy)mmdd\b/i],
  ['DD/MM/YYYY', 'DATE', /\bdd\/mm\/(yyyy|ccyy)\b/i],
  ['DDMMYYYY', 'DATE', /\bddmm(yyyy|ccyy)\b/i],
  ['HHMM', 'TIME', /\bhhmm\b/i],
];

/** Reads a type as written, with what the length and format columns add. An unknown type is text, with low confidence. */
export function readFieldType(declared: string, lengthText: string, formatText: string): FieldType {
  const [, name = '', size = ''] = /^\s*([^(]*?)\s*(?:\(([^)]*)\))?\s*$/.exec(declared) ?? [];
  const bare = name.replace(/\s*\d+$/, '').toLowerCase();
  const trailing = /(\d+)$/.exec(name)?.[1] ?? '';
  const sizes = (size || trailing || lengthText).match(/\d+/g)?.map(Number) ?? [];
  const found = TYPE_NAMES.find(([, pattern]) => pattern.test(bare) || pattern.test(name.toLowerCase()));
  const format =
    FORMAT_WORDS.find(([, , pattern]) => pattern.test(formatText)) ??
    FORMAT_WORDS.find(([, , pattern]) => pattern.test(declared));
  const dataType = format?.[1] ?? integerWhenWhole(found?.[0] ?? 'VARCHAR', sizes);
  const [first = null, second = null] = sizes;
  return {
    dataType,
    length: dataType === 'VARCHAR' ? first : null,
    precision: dataType === 'DECIMAL' ? first : null,
    scale: dataType === 'DECIMAL' ? (second ?? 0) : null,
    format: format?.[0] ?? '',
    confidence: found !== undefined || format !== undefined ? 1 : declared.trim() === '' ? 0.4 : 0.5,
  };
}

/** NUMBER(5) and NUMERIC(5,0) hold whole numbers. */
function integerWhenWhole(dataType: DataType, sizes: readonly number[]): DataType {
  return dataType === 'DECIMAL' && sizes.length === 1 ? 'INTEGER' : dataType;
}
