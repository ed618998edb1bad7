import assert from 'node:assert/strict';
import { FORMATS, likeliest } from '../../../src/core/profile/formats.ts';
import { smallCatalog } from '../../support/catalog.ts';
import { column, profiled } from './profiled.ts';

/** [what, catalog type, description, values, format, notes] */
type Case = readonly [string, string, string, readonly string[], string, RegExp?];

const none = /^$/;
const CASES: readonly Case[] = [
  ['$HOROLOG days of a date', 'INTEGER', 'Date of birth', ['58074', '60123', '47117'], 'HOROLOG', none],
  ['$HOROLOG days the catalog types as date', 'DATE', '', ['58074', '60123'], 'HOROLOG', none],
  ['five digits of nothing', 'INTEGER', 'Count', ['58074', '60123'], 'INTEGER', /^could be \$HOROLOG days$/],
  ['five digits beyond 2100', 'INTEGER', 'Date', ['94964', '99999'], 'INTEGER', none],
  ['$HOROLOG stamps', 'VARCHAR', 'Admitted', ['66743,43200', '66744,1'], 'HOROLOG_STAMP'],
  ['stamps with too many seconds', 'VARCHAR', '', ['66743,86400', '66744,99999'], ''],
  ['seconds since midnight', 'INTEGER', 'Time seen in seconds', ['43200', '1', '86399'], 'HOROLOG_SECONDS'],
  ['five-digit seconds the catalog types as time', 'TIME', '', ['43200', '50000'], 'HOROLOG_SECONDS'],
  ['small numbers', 'INTEGER', 'Order', ['1', '20', '300'], 'INTEGER', none],
  ['days without separators', 'VARCHAR', '', ['20240105', '19990228'], 'YYYYMMDD', none],
  ['a leap day that there was', 'VARCHAR', '', ['20240229'], 'YYYYMMDD'],
  ['a leap day that there was not', 'VARCHAR', '', ['20230229'], 'INTEGER'],
  ['eight digits that are no days', 'VARCHAR', '', ['20241305', '99999999'], 'INTEGER'],
  ['days before 1850', 'VARCHAR', '', ['18490101'], 'INTEGER'],
  ['British days without separators', 'VARCHAR', '', ['05012024', '31121999'], 'DDMMYYYY', none],
  ['days that are none read backwards', 'VARCHAR', '', ['20121911', '20111910'], 'DDMMYYYY'],
  ['minutes without separators', 'VARCHAR', '', ['202401052359', '202401050000'], 'YYYYMMDDHHMM'],
  ['seconds without separators', 'VARCHAR', '', ['20240105235959'], 'YYYYMMDDHHMMSS'],
  ['British days', 'VARCHAR', '', ['05/01/2024', '31/12/1999'], 'DD/MM/YYYY'],
  ['American days', 'VARCHAR', '', ['01/31/2024', '12/31/1999'], ''],
  ['ISO days', 'VARCHAR', '', ['2024-01-05'], 'ISO_DATE'],
  ['ISO times', 'VARCHAR', '', ['2024-01-05T10:00:00Z', '2024-01-05 10:00'], 'ISO_DATETIME'],
  ['times', 'VARCHAR', '', ['10:59', '23:00'], 'HH:MM'],
  ['times without a colon', 'VARCHAR', 'Arrival time', ['1059', '2300'], 'HHMM'],
  ['four digits that need not be times', 'VARCHAR', 'Ward', ['1059', '2300'], 'INTEGER', /^could be HHMM times$/],
  ['NHS numbers with right check digits', 'VARCHAR', '', ['9990000018', '9990000026'], 'NHS_NUMBER'],
  ['ten digits with wrong check digits', 'VARCHAR', '', ['9990000011', '9990000012'], 'INTEGER'],
  ['ten zeros', 'VARCHAR', '', ['0000000000'], 'PHONE'],
  ['postcodes', 'VARCHAR', '', ['SW1A 1AA', 'AL38QE', 'm1 1ae'], 'POSTCODE'],
  ['ICD-10', 'VARCHAR', 'ICD-10 diagnosis', ['I21.9', 'E119', 'Z038'], 'ICD10'],
  ['OPCS-4', 'VARCHAR', 'OPCS-4 procedure', ['W37.1', 'K401'], 'OPCS4'],
  ['codes of either', 'VARCHAR', 'Code', ['W37.1', 'K401'], '', /^could be OPCS-4 codes; could be ICD-10 codes$/],
  ['e-mail addresses', 'VARCHAR', '', ['a.b@example.org'], 'EMAIL'],
  ['telephone numbers', 'VARCHAR', '', ['0113 496 0000', '+44 113 496 0000'], 'PHONE'],
  ['flags', 'VARCHAR', '', ['Y', 'N', 'y'], 'FLAG'],
  ['decimals', 'DECIMAL', '', ['1.5', '-0.25', '.5'], 'DECIMAL'],
  ['signed numbers', 'INTEGER', '', ['-1', '+7', '12'], 'INTEGER'],
  ['one in twenty-five that does not fit', 'VARCHAR', '', [...Array(24).fill('20240105'), 'unknown!'], 'YYYYMMDD'],
  ['two in twenty-five that do not fit', 'VARCHAR', '', [...Array(23).fill('20240105'), 'a', 'b'], ''],
  ['free text', 'VARCHAR', '', ['some text', 'other text'], ''],
  ['nothing at all', 'VARCHAR', '', ['', ''], '', /^always empty$/],
];

describe('formats in the source data', () => {
  // One run for all: each case is a table of its own.
  const fields = CASES.map(
    ([, type, description], at) => `T${at}\n V ${type}${description ? ` | ${description}` : ''}`,
  );
  const files = Object.fromEntries(CASES.map(([, , , values], at) => [`T${at}.csv`, column(values)]));
  let told: { format: string; notes: string }[] = [];

  before(() =>
    profiled(fields.join('\n '), files, ({ lines }) => {
      told = CASES.map((_, at) => {
        const line = lines.get(`T${at}.V`);
        return { format: line?.['detected_format'] ?? '?', notes: line?.['notes'] ?? '?' };
      });
    }),
  );
  for (const [at, [what, , , , format, notes]] of CASES.entries()) {
    it(`finds ${format === '' ? 'no format' : format} in ${what}`, () => {
      assert.equal(told[at]?.format, format);
      if (notes !== undefined) assert.match(told[at]?.notes ?? '', notes);
    });
  }

  it('believes the catalog where the data fit what it declares', () => {
    const [field] = smallCatalog('source', 'T\n V INTEGER').table('T')?.fields ?? [];
    assert.ok(field);
    const fitting = FORMATS.filter(({ name }) => ['HHMM', 'HOROLOG_SECONDS', 'INTEGER'].includes(name));
    const found = (format: typeof field.format): string | undefined =>
      likeliest(
        fitting.map((fit) => ({ format: fit })),
        { ...field, format },
      )?.format.name;
    assert.deepEqual([found(''), found('HHMM'), found('YYYYMMDD')], ['INTEGER', 'HHMM', 'INTEGER']);
  });

  it('gives the share of the filled cells that fit', async () => {
    const values = [...Array(39).fill('20240105'), 'unknown!', '', ''];
    await profiled('T\n V VARCHAR', { 'T.csv': column(values) }, ({ lines }) => {
      assert.equal(lines.get('T.V')?.['format_share'], '0.975');
    });
  });
});
