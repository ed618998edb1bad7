import { inputNote, type MeasureLine, measureLines } from '../../src/core/history/differenceWords.ts';
import type { Difference } from '../../src/core/review/runsModel.ts';
import { html } from './dom.ts';
import { change } from './format.ts';
import { table, verdict } from './ui.ts';

/** What two runs read, rejected and found, and in front of it that they did not read the same where that is so. */
export function runDifference(difference: Difference): HTMLElement[] {
  const note = inputNote(difference);
  return [
    ...(note === '' ? [] : [html('p', {}, verdict('warning', note))]),
    table(
      'Rows of the two runs',
      [
        { title: 'Measure', cell: (line: MeasureLine) => line.name },
        { title: 'Before → after', cell: (line) => `${line.before} → ${line.after}` },
        { title: 'Change', number: true, cell: (line) => (line.change === null ? '–' : change(line.change)) },
      ],
      measureLines(difference),
    ),
  ];
}
