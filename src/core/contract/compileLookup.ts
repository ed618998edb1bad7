import type { EventDate } from '../crosswalk/crosswalkIndex.ts';
import type { LookupPlan } from '../migration/plan.ts';
import type { CompileInput } from './compileContract.ts';
import type { CompileLog } from './compileLog.ts';
import type { ContractField } from './contract.ts';
import { column, type Expression } from './expression.ts';
import { converted } from './sourceFormat.ts';

/** Formats that hold a time of day and no day. */
const NO_DAY = new Set(['HOROLOG_SECONDS', 'HHMM']);

/** Undefined when the row names a crosswalk that does not exist; null when the row needs none. */
export function compileLookup(
  row: ContractField,
  drivingTable: string,
  input: CompileInput,
  log: CompileLog,
): LookupPlan | null | undefined {
  if (row.mappingClass !== 'lookup') return null;
  const name = `${row.targetTable}.${row.targetField}`;
  const crosswalk = input.crosswalks.get(row.crosswalk);
  if (crosswalk === undefined) {
    const what = row.crosswalk === '' ? 'a lookup needs a crosswalk' : `the crosswalk ${row.crosswalk} does not exist`;
    const message = `${name}: ${what}; create schemas/crosswalks/<name>.csv or change the class.`;
    log.field(row, 'contract-unknown-crosswalk', 'error', message);
    return undefined;
  }
  const { rowPolicy, safetyCritical, dated, changing } = crosswalk;
  const named = eventDateOf(crosswalk.eventDates, drivingTable, input);
  const index = 'event_date of crosswalk_index.csv';
  if (named === undefined) {
    const message = `${name}: ${index} names a column of ${drivingTable} for ${crosswalk.name} that is not there or holds no day; correct it there.`;
    log.field(row, 'contract-unknown-event-date', dated ? 'error' : 'warning', message);
  } else if (named === null && dated) {
    // One line a code can be used without its dates, as a person who reads it would; of several none may be picked.
    const what = changing
      ? 'codes change their meaning with the date'
      : 'lines have dates, which are not applied until then';
    const message = `${name}: in the crosswalk ${crosswalk.name} ${what}; write the deciding column of ${drivingTable} into ${index}, e.g. ${drivingTable}.COLUMN.`;
    log.field(row, 'contract-no-event-date', changing ? 'error' : 'warning', message);
  }
  const event = named === undefined || named === null ? {} : { event: { day: named, decides: dated } };
  return { name: crosswalk.name, rowPolicy, safetyCritical, ...event };
}

/** Null when none is named for the table; undefined when the one that is named cannot be used. */
function eventDateOf(
  dates: readonly EventDate[],
  drivingTable: string,
  input: CompileInput,
): Expression | null | undefined {
  const fieldOf = ({ column: name }: EventDate) => input.source.field(drivingTable, name);
  const own = dates.find(({ table }) => table === drivingTable);
  const named = own ?? dates.find((date) => date.table === '' && fieldOf(date) !== undefined);
  if (named === undefined) return null;
  const field = fieldOf(named);
  if (field === undefined || NO_DAY.has(field.format)) return undefined;
  return converted(column(drivingTable, field.field), field);
}
