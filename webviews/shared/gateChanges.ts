import { otherProfiles } from '../../src/core/history/differenceWords.ts';
import type { Difference } from '../../src/core/review/runsModel.ts';
import { html } from './dom.ts';
import { type Content, table, verdict } from './ui.ts';

/** Gates whose verdict differs between two runs, and that the runs were judged for other profiles; nothing when neither is so. */
export function gateChanges(difference: Difference): HTMLElement[] {
  const { gates } = difference;
  const other = otherProfiles(difference);
  return [
    ...(other === '' ? [] : [html('p', {}, verdict('warning', `${other[0]?.toUpperCase()}${other.slice(1)}.`))]),
    ...(gates.length === 0
      ? []
      : [
          table(
            'Gates whose verdict differs',
            [
              { title: 'Gate', cell: (gate: Difference['gates'][number]) => gate.gate },
              { title: 'Before', cell: (gate) => word(gate.before) },
              { title: 'After', cell: (gate) => word(gate.after) },
            ],
            gates,
          ),
        ]),
  ];
}

function word(text: string | null): Content {
  if (text === null) return 'not asked for';
  return verdict(
    text === 'PASS' ? 'good' : text === 'FAIL' ? 'bad' : 'unknown',
    text === 'PASS' ? 'Passes' : text === 'FAIL' ? 'Fails' : 'Not proven',
  );
}
