import type { ProjectErd } from '../core/erd/loadErd.ts';
import type { StageEvent } from '../core/lifecycle/events.ts';
import type { EvidencePlace, EvidenceSubject } from '../core/review/evidencePlaces.ts';
import type { ProjectState } from '../core/review/projectState.ts';
import type { Problem } from '../core/shared/problem.ts';

/**
 * What the extension asks of the thread in which the migration core runs, and what it answers. The core works in a
 * thread of the extension host, so that neither DuckDB nor a long loop ever holds the editor.
 */
export type CoreRequest =
  | {
      readonly kind: 'run';
      readonly project: string;
      readonly command: string;
      readonly options: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: 'state'; readonly project: string }
  | { readonly kind: 'busy'; readonly project: string }
  | { readonly kind: 'contractVersion'; readonly project: string; readonly snapshot: string }
  | { readonly kind: 'erd'; readonly project: string }
  | { readonly kind: 'problems'; readonly project: string; readonly open: ReadonlyMap<string, string> }
  | { readonly kind: 'candidates'; readonly project: string; readonly table: string; readonly field: string }
  | { readonly kind: 'unknownCodes'; readonly project: string; readonly crosswalk: string }
  | { readonly kind: 'sourceCodes'; readonly project: string; readonly table: string; readonly field: string }
  | { readonly kind: 'evidence'; readonly project: string; readonly subject: EvidenceSubject };

/** How a run ended, as the terminal would say it. */
export interface RunAnswer {
  readonly status: 'passed' | 'failed' | 'error' | 'cancelled';
  readonly returnCode: number;
  readonly text: readonly string[];
  readonly error: string | null;
}

/** A source field that may feed a target field. */
export interface CandidateAnswer {
  readonly rank: number;
  readonly sourceTable: string;
  readonly sourceField: string;
  readonly score: number;
  readonly proposedClass: string;
  readonly reasons: string;
}

/** Answer by request kind. */
export interface CoreAnswers {
  readonly run: RunAnswer;
  readonly state: ProjectState;
  readonly busy: Pick<ProjectState, 'busy' | 'progress'>;
  readonly erd: ProjectErd;
  readonly contractVersion: string;
  readonly problems: readonly Problem[];
  readonly candidates: readonly CandidateAnswer[];
  readonly unknownCodes: readonly { readonly code: string; readonly rows: number }[];
  readonly sourceCodes: readonly string[];
  readonly evidence: readonly EvidencePlace[];
}

export type ToCore =
  | { readonly type: 'request'; readonly id: number; readonly request: CoreRequest }
  | { readonly type: 'cancel'; readonly id: number }
  /** Stop everything, leave nothing, and end. */
  | { readonly type: 'close' };

export type FromCore =
  | { readonly type: 'answer'; readonly id: number; readonly answer: CoreAnswers[keyof CoreAnswers] }
  | { readonly type: 'failed'; readonly id: number; readonly message: string; readonly mendable: boolean }
  | { readonly type: 'event'; readonly id: number; readonly event: StageEvent };
