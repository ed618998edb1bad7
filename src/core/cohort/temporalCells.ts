import type { CatalogField } from '../catalog/catalog.ts';
import { dateParts, dayAt, isoDate, timeAt, twoDigits } from './calendar.ts';

/** What a canonical number stands for. */
export type TemporalKind = 'date' | 'datetime' | 'time';

/** Writes a canonical day, instant or time as a field declares it. */
export type TemporalWriter = (value: number) => string;

const isDateFormat = new Set(['HOROLOG', 'YYYYMMDD', 'DD/MM/YYYY', 'DDMMYYYY']);
const isTimeFormat = new Set(['HOROLOG_SECONDS', 'HHMM']);

/** Formats of one part each; the field's own, or ISO 8601. */
export function temporalWriter(field: CatalogField, kind: TemporalKind): TemporalWriter {
  const holds = holdsPart(field, kind);
  const toDay: (value: number) => number = kind === 'date' ? (value) => value : dayAt;
  const toTime: (value: number) => number = kind === 'time' ? (value) => value : kind === 'date' ? () => 0 : timeAt;
  if (holds === 'date') {
    const write = dateWriter(field);
    return (value) => write(toDay(value));
  }
  if (holds === 'time') {
    const write = timeWriter(field);
    return (value) => write(toTime(value));
  }
  const write = stampWriter(field);
  return (value) => write(toDay(value), toTime(value));
}

function holdsPart(field: CatalogField, kind: TemporalKind): TemporalKind {
  if (isDateFormat.has(field.format)) return 'date';
  if (isTimeFormat.has(field.format)) return 'time';
  if (field.format !== '') return 'datetime';
  if (field.dataType === 'DATE') return 'date';
  if (field.dataType === 'TIME') return 'time';
  return field.dataType === 'DATETIME' ? 'datetime' : kind;
}

/** Distinct days are few: each way of writing one remembers what it wrote. */
function remembered(write: (day: number) => string): (day: number) => string {
  const known: (string | undefined)[] = [];
  return (day) => {
    if (day < 0) return write(day);
    let text = known[day];
    if (text === undefined) {
      text = write(day);
      known[day] = text;
    }
    return text;
  };
}

const isoDay = remembered(isoDate);
const compactDay = remembered((day) => dateParts(day).join(''));
const slashedDay = remembered((day) => dateParts(day).toReversed().join('/'));
const reversedDay = remembered((day) => dateParts(day).toReversed().join(''));

function dateWriter(field: CatalogField): (day: number) => string {
  const compact = field.format === '' && (field.dataType === 'INTEGER' || (field.length !== null && field.length < 10));
  switch (field.format) {
    case 'HOROLOG':
      return String;
    case 'DD/MM/YYYY':
      return slashedDay;
    case 'DDMMYYYY':
      return reversedDay;
    case 'YYYYMMDD':
      return compactDay;
    default:
      return compact && field.dataType !== 'DATE' ? compactDay : isoDay;
  }
}

function hoursMinutes(time: number): readonly [string, string] {
  return [twoDigits(Math.floor(time / 3600)), twoDigits(Math.floor(time / 60) % 60)];
}

function isoTime(time: number): string {
  const [hours, minutes] = hoursMinutes(time);
  return `${hours}:${minutes}:${twoDigits(time % 60)}`;
}

function timeWriter(field: CatalogField): (time: number) => string {
  if (field.format === 'HOROLOG_SECONDS') return String;
  if (field.format === 'HHMM') return (time) => hoursMinutes(time).join('');
  const short = field.dataType !== 'TIME' && field.length !== null && field.length < 8;
  return short ? (time) => hoursMinutes(time).join(field.length !== null && field.length < 5 ? '' : ':') : isoTime;
}

function stampWriter(field: CatalogField): (day: number, time: number) => string {
  switch (field.format) {
    case 'HOROLOG_STAMP':
      return (day, time) => `${day},${time}`;
    case 'YYYYMMDDHHMM':
      return (day, time) => compactDay(day) + hoursMinutes(time).join('');
    case 'YYYYMMDDHHMMSS':
      return (day, time) => compactDay(day) + hoursMinutes(time).join('') + twoDigits(time % 60);
    default:
      return (day, time) => `${isoDay(day)}T${isoTime(time)}`;
  }
}

/** What an undescribed field holds, by its type and format; null when it is no date or time. */
export function temporalKindOf(field: CatalogField): TemporalKind | null {
  const kind =
    field.dataType === 'DATE'
      ? 'date'
      : field.dataType === 'DATETIME'
        ? 'datetime'
        : field.dataType === 'TIME'
          ? 'time'
          : null;
  return field.format === '' ? kind : holdsPart(field, kind ?? 'date');
}
