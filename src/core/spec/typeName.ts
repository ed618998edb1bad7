import type { DataType } from '../catalog/catalog.ts';

/** The name in a declared type, apart from its size. */
export interface TypeName {
  /** Null when the name is not known. */
  readonly dataType: DataType | null;
  /** *Number*, which documents write for counts and amounts alike. */
  readonly bareNumber: boolean;
  /** Binary fractions: their size says nothing about decimal places. */
  readonly floating: boolean;
  /** A type of Caché or IRIS, whose stored form is not what its ODBC form shows. */
  readonly inner: boolean;
  /** What stands in brackets or behind the name, or empty. */
  readonly size: string;
  /** 1 for a product's type; less for single letters and loose words. */
  readonly confidence: number;
}

/** Types of SQL products, Caché and dictionaries by their first word or words, without sizes. */
const NAMES: readonly (readonly [DataType, string])[] = [
  ['BOOLEAN', 'bool, boolean, bit, yes/no, y/n, logical'],
  ['DATETIME', 'datetime, datetime2, timestamp, timestamptz, smalldatetime, datetimeoffset, posixtime'],
  ['DATETIME', 'date time, date/time, date and time, date & time, date+time'],
  ['DATE', 'date'],
  ['TIME', 'time, timetz'],
  ['DECIMAL', 'decimal, numeric, number, money, smallmoney, currency, dec, num'],
  ['DECIMAL', 'float, real, double, double precision, doubleprecision, float4, float8, binary_float, binary_double'],
  ['INTEGER', 'int, integer, bigint, smallint, tinyint, mediumint, int2, int4, int8, long integer'],
  ['INTEGER', 'serial, bigserial, smallserial, counter, identity, autonumber, whole number'],
  ['VARCHAR', 'varchar, varchar2, nvarchar, nvarchar2, char, nchar, character, character varying, text, ntext'],
  ['VARCHAR', 'blob, bytea, binary, varbinary, image, json, jsonb, xml, xmltype, longblob, stream, bfile'],
  ['VARCHAR', 'tinytext, mediumtext, longtext, string, raw, clob, nclob, longvarchar, long varchar'],
  ['VARCHAR', 'alpha, alphanumeric, free text, memo, code, coded, uuid, uniqueidentifier, guid, short text, long text'],
];

/** Single letters and loose words: likely, not sure. */
const LOOSE: readonly (readonly [DataType, string])[] = [
  ['BOOLEAN', 'flag, indicator'],
  ['DATE', 'd'],
  ['DECIMAL', 'n'],
  ['VARCHAR', 'a, an, c, x, identifier, name, characters'],
];

const FLOATING = new Set([
  'doubleprecision',
  'float',
  'real',
  'double',
  'double precision',
  'float4',
  'float8',
  'binary_float',
  'binary_double',
]);

const BY_NAME: ReadonlyMap<string, { readonly dataType: DataType; readonly confidence: number }> = new Map(
  [...NAMES.map((line) => [...line, 1] as const), ...LOOSE.map((line) => [...line, 0.8] as const)].flatMap(
    ([dataType, names, confidence]) => names.split(', ').map((name) => [name, { dataType, confidence }] as const),
  ),
);

/** No type is longer; what follows is prose. */
const MOST_LETTERS = 120;

/** Formats of the NHS Data Dictionary that are no fixed text: `max n4`, `max n8.max n2`, `min an4 max an6`. */
function nhsFormat(text: string): Pick<TypeName, 'dataType' | 'size'> | null {
  const decimal = /^max n(\d+)\.\s*(?:max )?n(\d+)$/.exec(text);
  if (decimal !== null)
    return { dataType: 'DECIMAL', size: `${Number(decimal[1]) + Number(decimal[2])},${decimal[2]}` };
  const whole = /^max n(\d+)$/.exec(text);
  if (whole !== null) return { dataType: 'INTEGER', size: whole[1] ?? '' };
  const range = /^min an?\d+ max an?(\d+)$/.exec(text);
  return range === null ? null : { dataType: 'VARCHAR', size: range[1] ?? '' };
}

/** Reads `VARCHAR2(30)`, `char 30`, `%Library.String(MAXLEN=30)`, `timestamp(6) without time zone`, `max an35`. */
export function findTypeName(declared: string): TypeName {
  const text = declared.slice(0, MOST_LETTERS).trim();
  const nhs = nhsFormat(text.toLowerCase());
  if (nhs !== null) return { ...nhs, bareNumber: false, floating: false, inner: false, confidence: 1 };
  const [, before = '', brackets = ''] = /^([^()]*)(?:\(([^()]*))?/.exec(text) ?? [];
  const inner = /^%/.test(before.trim());
  const name = before
    .toLowerCase()
    .replace(/^\s*(%library\.|%|max\.?\s)/, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const [, stem = name, digits = ''] = /^(.*?[a-z])[ .]*(\d+)$/.exec(name) ?? [];
  const found = BY_NAME.get(name) ?? BY_NAME.get(stem) ?? firstWords(name);
  const known = BY_NAME.has(name) || found === undefined;
  const size = /\d/.test(brackets) ? brackets : known ? '' : digits;
  // MySQL keeps yes and no as `tinyint(1)`.
  const yesNo = name === 'tinyint' && brackets.trim() === '1';
  // `n10` of the NHS Data Dictionary is ten digits of text: a code such as 007 keeps its zeros.
  const digitText = stem === 'n' && digits !== '' && brackets === '';
  return {
    dataType: digitText ? 'VARCHAR' : yesNo ? 'BOOLEAN' : (found?.dataType ?? null),
    bareNumber: /^(number|num)$/.test(name),
    floating: FLOATING.has(name) || FLOATING.has(stem),
    inner,
    size,
    confidence: found?.confidence ?? 1,
  };
}

/** `int unsigned`, `varchar not null`, `datetime year to minute`: the longest beginning that is a type. */
function firstWords(name: string): { readonly dataType: DataType; readonly confidence: number } | undefined {
  const words = name.split(' ').slice(0, 3);
  for (let count = words.length; count > 0; count -= 1) {
    const found = BY_NAME.get(words.slice(0, count).join(' '));
    // A single letter in front of other words is an article, not a type.
    if (found !== undefined && (found.confidence === 1 || words.length === 1)) return found;
  }
  return undefined;
}
