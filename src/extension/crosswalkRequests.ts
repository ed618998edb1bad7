import type { CrosswalkReview } from '../core/audit/crosswalkAudit.ts';
import type {
  CrosswalkFacts,
  LinePage,
  LineQuery,
  LineSelection,
  LineValues,
} from '../core/crosswalk/crosswalkShapes.ts';
import type { CrosswalkEditPlan } from '../core/crosswalk/crosswalkSheet.ts';
import type { TextChange } from '../core/csv/csvSheet.ts';
import type { RowMark, SheetPlan } from '../core/review/rowSheet.ts';

interface OfCrosswalk {
  readonly project: string;
  /** Of the crosswalk: its file's name without `.csv`. */
  readonly name: string;
}

/** What crosswalk editors ask of their thread, which keeps one sheet a file, fed with the document's text and changes. */
export type CrosswalkRequest =
  | (OfCrosswalk & { readonly kind: 'crosswalkText'; readonly text: string; readonly version: number })
  | (OfCrosswalk & {
      readonly kind: 'crosswalkChanges';
      readonly changes: readonly TextChange[];
      readonly version: number;
    })
  | (OfCrosswalk & { readonly kind: 'crosswalkMarks'; readonly marks: ReadonlyMap<number, readonly RowMark[]> })
  | (OfCrosswalk & { readonly kind: 'crosswalkClosed' })
  | (OfCrosswalk & {
      readonly kind: 'crosswalkLines';
      readonly query: LineQuery;
      readonly offset: number;
      readonly limit: number;
    })
  | (OfCrosswalk & { readonly kind: 'crosswalkFacts' })
  | (OfCrosswalk & {
      readonly kind: 'crosswalkPlan';
      readonly version: number;
      readonly selection: LineSelection;
      readonly set: LineValues;
      readonly who: string;
    })
  | (OfCrosswalk & {
      readonly kind: 'crosswalkMap';
      readonly version: number;
      readonly lines: readonly { readonly sourceCode: string; readonly targetCode: string }[];
    })
  | (OfCrosswalk & {
      readonly kind: 'recordCrosswalk';
      readonly who: string;
      readonly reviews: readonly CrosswalkReview[];
    });

/** Answer by request kind. */
export interface CrosswalkAnswers {
  readonly crosswalkText: null;
  readonly crosswalkChanges: null;
  readonly crosswalkMarks: null;
  readonly crosswalkClosed: null;
  /** Null when the thread has no sheet of the file. */
  readonly crosswalkLines: LinePage | null;
  readonly crosswalkFacts: CrosswalkFacts | null;
  /** Null when the text is another by now. */
  readonly crosswalkPlan: CrosswalkEditPlan | null;
  readonly crosswalkMap: SheetPlan | null;
  /** Lines that changed; null when the project is busy and it must be asked again. */
  readonly recordCrosswalk: number | null;
}
