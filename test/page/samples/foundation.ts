import '../../../webviews/shared/panel.css';
import * as z from 'zod/mini';
import { definePanel, NOTHING } from '../../../src/extension/panels/panelProtocol.ts';
import { chart } from '../../../webviews/shared/chart.ts';
import { Host } from '../../../webviews/shared/host.ts';
import * as ui from '../../../webviews/shared/ui.ts';

/** A page with everything that panels are made of, to look at and to test it. */
const panel = definePanel({
  name: 'foundation',
  questions: {
    text: { ask: z.object({ row: z.int() }), answer: z.object({ text: z.string() }) },
    bad: { ask: NOTHING, answer: NOTHING },
  },
  notices: { told: z.object({ text: z.string() }) },
});
const shell = new ui.Shell('Foundation');
const host = new Host(panel, ({ project }) => void show(project?.name ?? 'no project'));
host.on('told', ({ text }) => shell.say(text));

async function show(project: string): Promise<void> {
  const { text } = await host.ask('text', { row: 1 });
  const refusal = await host.ask('bad', {}).then(
    () => 'answered',
    (error: Error) => error.message,
  );
  shell.head(
    [project, ' · ', ui.moment('2026-11-25T10:00:00Z')],
    [
      ui.button('Primary', () => shell.say('pressed'), { look: 'primary' }),
      ui.button('Off', () => undefined, { disabled: true }),
    ],
  );
  shell.show(
    ui.loading('Reading the project'),
    ui.empty(
      'Nothing yet',
      'Run the lifecycle first.',
      ui.button('Run', () => undefined),
    ),
    ui.failure(refusal, () => undefined),
    ui.tabs(
      'Parts',
      [
        {
          id: 'one',
          title: 'One',
          content: ui.card(
            text,
            ui.figure('1,234', 'rows', () => shell.say('opened')),
            ui.badge('3'),
          ),
        },
        { id: 'two', title: 'Two', content: ui.card('Second') },
      ],
      'one',
      (id) => host.keep({ tab: id }),
    ),
    ui.card(
      'Controls',
      ui.actionRow(
        ui.checkbox('Only open', true, () => undefined),
        ui.textField('Search', '', (typed) => shell.say(typed)),
        ui.select(
          'Profile',
          [
            { value: 'a', label: 'Development' },
            { value: 'b', label: 'Cutover' },
          ],
          'b',
          () => undefined,
        ),
      ),
      ui.table(
        'Standings',
        [
          { title: 'Name', cell: (row) => row },
          { title: 'Verdict', cell: (row) => ui.verdict(row, row) },
        ],
        ['good', 'bad', 'warning', 'unknown', 'neutral'] as const,
      ),
      ui.partsBar([
        { name: 'a', value: 3, standing: 'good' },
        { name: 'b', value: 1, standing: 'bad' },
      ]),
    ),
    ui.card(
      'Chart',
      chart({
        title: 'Rows by run',
        unit: 'rows',
        axis: 'Run',
        labels: ['1', '2', '3'],
        kind: 'bar',
        stacked: true,
        series: [
          { name: 'Loaded', values: [5, 6, 7], colour: 'blue' },
          { name: 'Rejected', values: [3, null, 1], colour: 'red' },
        ],
      }),
    ),
  );
  host.shown();
}
