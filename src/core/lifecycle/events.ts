/**
 * What a running stage tells the world (architecture, rule 3). Terminal, progress notification, tree and log
 * all listen to this one stream. No event carries a patient value: names, counts and rule ids only.
 */
export type StageEvent =
  | { readonly type: 'stage-started'; readonly stage: string; readonly title: string }
  | {
      readonly type: 'progress';
      readonly stage: string;
      /** What is being worked on: a table or file name. */
      readonly item: string;
      readonly done: number;
      readonly total: number;
      readonly rows?: number;
    }
  | {
      readonly type: 'note';
      readonly stage: string;
      readonly level: 'info' | 'warning' | 'error';
      readonly text: string;
    }
  | {
      readonly type: 'stage-finished';
      readonly stage: string;
      readonly status: 'passed' | 'failed' | 'cancelled' | 'error';
      readonly durationMs: number;
      /** Why it could not run: one sentence of what the user can mend; null otherwise. */
      readonly error: string | null;
    };

export type EventSink = (event: StageEvent) => void;
