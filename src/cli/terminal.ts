import type { EventSink, StageEvent } from '../core/lifecycle/events.ts';

/** Prints the event stream as a readable progress list. On a terminal the current line is rewritten in place. */
export function progressPrinter(stream: NodeJS.WriteStream): EventSink {
  let open = '';
  const clear = (): void => {
    if (open !== '' && stream.isTTY) stream.write('\r\x1b[2K');
    open = '';
  };
  return (event) => {
    switch (event.type) {
      case 'stage-started':
        clear();
        if (stream.isTTY) open = event.title;
        if (stream.isTTY) stream.write(`… ${event.title}`);
        return;
      case 'progress':
        if (!stream.isTTY) return;
        clear();
        open = event.item;
        stream.write(
          `… ${event.item} (${event.done} of ${event.total}${event.rows === undefined ? '' : `, ${event.rows.toLocaleString('en-GB')} rows`})`,
        );
        return;
      case 'note':
        clear();
        stream.write(`  ${event.text}\n`);
        return;
      case 'stage-finished':
        clear();
        stream.write(`${MARKS[event.status]} ${event.stage}  ${seconds(event.durationMs)}\n`);
    }
  };
}

const MARKS: Readonly<Record<Extract<StageEvent, { type: 'stage-finished' }>['status'], string>> = {
  passed: '✔',
  failed: '✘',
  error: '✘',
  cancelled: '■',
};

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
