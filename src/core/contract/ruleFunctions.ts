/** What a rule may call. Everything else is refused when the contract is checked. */
export interface RuleFunction {
  readonly name: string;
  /** Least and most number of arguments. */
  readonly args: readonly [number, number];
  /** What the function is for, shown in help and completion. */
  readonly help: string;
  /** True when it turns recorded text into a typed value: a filled argument that gives null is then a reject. */
  readonly converts?: true;
  /** Texts the given argument (from 0) may be, when only some are understood. */
  readonly literal?: { readonly argument: number; readonly values: readonly string[] };
}

const DATE_FORMATS = ['YYYYMMDD', 'DD/MM/YYYY', 'DDMMYYYY', 'YYYY-MM-DD'];
const DATETIME_FORMATS = ['YYYYMMDDHHMM', 'YYYYMMDDHHMMSS'];
const MANY = 20;

const FUNCTIONS: readonly RuleFunction[] = [
  { name: 'trim', args: [1, 2], help: 'without blanks at both ends' },
  { name: 'ltrim', args: [1, 2], help: 'without blanks at the start' },
  { name: 'rtrim', args: [1, 2], help: 'without blanks at the end' },
  { name: 'upper', args: [1, 1], help: 'in capitals' },
  { name: 'lower', args: [1, 1], help: 'in small letters' },
  { name: 'substr', args: [2, 3], help: 'part of a text: from the nth character, so many' },
  { name: 'left', args: [2, 2], help: 'first n characters' },
  { name: 'right', args: [2, 2], help: 'last n characters' },
  { name: 'length', args: [1, 1], help: 'number of characters' },
  { name: 'replace', args: [3, 3], help: 'each occurrence replaced' },
  { name: 'concat', args: [1, MANY], help: 'texts joined, empty ones skipped' },
  { name: 'coalesce', args: [1, MANY], help: 'first that is not empty' },
  { name: 'nullif', args: [2, 2], help: 'empty when equal to the second' },
  { name: 'lpad', args: [3, 3], help: 'filled up at the start' },
  { name: 'rpad', args: [3, 3], help: 'filled up at the end' },
  { name: 'split_part', args: [3, 3], help: 'nth part between separators' },
  { name: 'regexp_replace', args: [3, 4], help: 'pattern replaced' },
  { name: 'regexp_matches', args: [2, 2], help: 'whether the pattern occurs' },
  { name: 'strip_accents', args: [1, 1], help: 'letters without accents, for matching only' },
  { name: 'abs', args: [1, 1], help: 'absolute value' },
  { name: 'round', args: [1, 2], help: 'rounded' },
  { name: 'greatest', args: [2, MANY], help: 'largest of the values' },
  { name: 'least', args: [2, MANY], help: 'smallest of the values' },
  {
    name: 'date_diff',
    args: [3, 3],
    help: "number of units ('day', 'hour', 'minute') between two dates",
    literal: { argument: 0, values: ['day', 'hour', 'minute', 'month', 'year'] },
  },
  { name: 'horolog_date', args: [1, 1], converts: true, help: '$HOROLOG day number as a date; day 1 is 1841-01-01' },
  { name: 'horolog_time', args: [1, 1], converts: true, help: 'seconds since midnight, 0 to 86399, as a time' },
  { name: 'horolog_stamp', args: [1, 1], converts: true, help: "$HOROLOG 'days,seconds' as a date and time" },
  {
    name: 'horolog_datetime',
    args: [2, 2],
    converts: true,
    help: '$HOROLOG day number and seconds as a date and time',
  },
  {
    name: 'text_date',
    args: [2, 2],
    converts: true,
    help: 'recorded text in the given format as a date',
    literal: { argument: 1, values: DATE_FORMATS },
  },
  {
    name: 'text_datetime',
    args: [2, 2],
    converts: true,
    help: 'recorded text in the given format as a date and time',
    literal: { argument: 1, values: DATETIME_FORMATS },
  },
  {
    name: 'text_time',
    args: [2, 2],
    converts: true,
    help: 'recorded text in the given format as a time',
    literal: { argument: 1, values: ['HHMM', 'HH:MM'] },
  },
  { name: 'join_datetime', args: [2, 2], help: 'a date and a time as one' },
  { name: 'nhs_number', args: [1, 1], converts: true, help: 'ten digits without blanks, or a reject' },
  { name: 'postcode', args: [1, 1], help: 'capitals, one blank before the last three' },
  { name: 'piece', args: [3, 3], help: '$PIECE: nth piece of a delimited text' },
];

/** Allowed functions by name. */
export const RULE_FUNCTIONS: ReadonlyMap<string, RuleFunction> = new Map(FUNCTIONS.map((entry) => [entry.name, entry]));

/** Other spellings that DuckDB's parser or habit gives. */
export const FUNCTION_SYNONYMS: Readonly<Record<string, string>> = {
  substring: 'substr',
  ucase: 'upper',
  lcase: 'lower',
  len: 'length',
  datediff: 'date_diff',
};
