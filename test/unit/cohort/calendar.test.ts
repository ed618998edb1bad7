import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { DataType, ValueFormat } from '../../../src/core/catalog/catalog.ts';
import {
  addMonths,
  civil,
  dayOf,
  EXTRACT_AT,
  EXTRACT_AT_ISO,
  isClockChange,
  isoDate,
  weekday,
  workingDay,
} from '../../../src/core/cohort/calendar.ts';
import { mix32, Random } from '../../../src/core/cohort/random.ts';
import { temporalWriter } from '../../../src/core/cohort/temporalCells.ts';
import { field } from './fullCatalog.ts';

describe('the cohort calendar', () => {
  // $HOROLOG days from the brief, section 3.
  const days: readonly (readonly [number, string])[] = [
    [1, '1841-01-01'],
    [21550, '1900-01-01'],
    [47117, '1970-01-01'],
    [58074, '2000-01-01'],
    [66000, '2021-09-13'],
    [66899, '2024-02-29'],
    [67571, '2026-01-01'],
  ];
  for (const [day, text] of days) it(`day ${day} is ${text}`, () => assert.equal(isoDate(day), text));

  it('goes there and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 90_000 }), (day) => {
        const { year, month, day: dayOfMonth } = civil(day);
        assert.equal(dayOf(year, month, dayOfMonth), day);
      }),
    );
  });

  it('knows the days clocks change', () => {
    const days2025 = Array.from({ length: 365 }, (_, at) => dayOf(2025, 1, 1) + at).filter(isClockChange);
    assert.deepEqual(days2025.map(isoDate), ['2025-03-30', '2025-10-26']);
    assert.deepEqual(days2025, [67294, 67504]);
  });

  it('keeps to working days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60_000, max: 70_000 }), (day) => {
        const working = workingDay(day);
        assert.ok(working >= day && working - day <= 2);
        assert.ok(![0, 6].includes(weekday(working)));
      }),
    );
  });

  it('adds months to the end of shorter months', () => {
    assert.equal(isoDate(addMonths(dayOf(2025, 8, 31), 6)), '2026-02-28');
    assert.equal(isoDate(addMonths(dayOf(2026, 1, 31), -12)), '2025-01-31');
  });

  const instant = dayOf(2021, 9, 13) * 86400 + 9 * 3600 + 5 * 60;
  const written: readonly (readonly [DataType, ValueFormat, string])[] = [
    ['DATETIME', 'HOROLOG_STAMP', '66000,32700'],
    ['DATE', 'HOROLOG', '66000'],
    ['TIME', 'HOROLOG_SECONDS', '32700'],
    ['DATE', 'YYYYMMDD', '20210913'],
    ['DATETIME', 'YYYYMMDDHHMM', '202109130905'],
    ['DATETIME', 'YYYYMMDDHHMMSS', '20210913090500'],
    ['DATE', 'DD/MM/YYYY', '13/09/2021'],
    ['DATE', 'DDMMYYYY', '13092021'],
    ['TIME', 'HHMM', '0905'],
    ['DATE', '', '2021-09-13'],
    ['DATETIME', '', '2021-09-13T09:05:00'],
    ['TIME', '', '09:05:00'],
  ];
  for (const [dataType, format, text] of written) {
    it(`writes an instant as ${dataType} ${format || 'ISO'}`, () => {
      assert.equal(temporalWriter(field('T', 'F', { dataType, format }), 'datetime')(instant), text);
    });
  }

  it('names one extract instant', () => {
    assert.equal(temporalWriter(field('T', 'F', { dataType: 'DATETIME' }), 'datetime')(EXTRACT_AT), EXTRACT_AT_ISO);
  });
});

describe('repeatable draws', () => {
  it('depend on seed, stream and number, and on nothing else', () => {
    const draw = (seed: number, stream: string, number: number) => new Random(seed, stream, number).next();
    assert.equal(draw(42, 'patient', 7), draw(42, 'patient', 7));
    assert.notEqual(draw(42, 'patient', 7), draw(43, 'patient', 7));
    assert.notEqual(draw(42, 'patient', 7), draw(42, 'block', 7));
    assert.notEqual(draw(42, 'patient', 7), draw(42, 'patient', 8));
  });

  it('stay within their bounds', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 0, max: 100 }),
        (seed, low, span) => {
          const value = new Random(seed, 'x', 1).int(low, low + span);
          assert.ok(value >= low && value <= low + span);
        },
      ),
    );
  });

  it('spread evenly', () => {
    const random = new Random(1, 'spread', 1);
    const counts = Array.from({ length: 10 }, () => 0);
    for (let turn = 0; turn < 20_000; turn += 1) counts[random.int(0, 9)] = (counts[random.int(0, 9)] ?? 0) + 1;
    assert.ok(counts.every((count) => count > 1500 && count < 2600));
    assert.equal(mix32(1), mix32(1));
  });
});
