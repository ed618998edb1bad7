import type { ContractLock } from '../core/contract/lockFile.ts';
import type { ProjectErd } from '../core/erd/loadErd.ts';
import type { LastAsked } from '../core/history/lastAsked.ts';
import type { StageEvent } from '../core/lifecycle/events.ts';
import type { ContractPlan } from '../core/preview/contractPlan.ts';
import type {
  CellValues,
  ContractEditPlan,
  RowMark,
  SheetPage,
  SheetQuery,
  SheetRow,
  SheetSelection,
  TextChange,
} from '../core/review/contractSheet.ts';
import type { Dashboard } from '../core/review/dashboardModel.ts';
import type { EvidencePlace, EvidenceSubject } from '../core/review/evidencePlaces.ts';
import type { Lifecycle } from '../core/review/lifecycleModel.ts';
import type { ContractMerge, Side } from '../core/review/mergeContracts.ts';
import type { ProjectState } from '../core/review/projectState.ts';
import type { ColumnRename } from '../core/review/renameColumn.ts';
import type { ContractReview, ContractRowName, Offers, RowDetail } from '../core/review/rowFacts.ts';
import type { Comparison, Runs } from '../core/review/runsModel.ts';
import type { Users } from '../core/review/usersModel.ts';
import type { Problem } from '../core/shared/problem.ts';
import type { RestorePlan } from '../core/snapshots/restorePlan.ts';
import type { ConnectorAnswers, ConnectorAsk, GivenSecrets } from './connectorRequests.ts';
import type { CrosswalkAnswers, CrosswalkRequest } from './crosswalkRequests.ts';
import type { QualityAnswers, QualityAsk } from './issueRequests.ts';
import type { Decided } from './panels/dashboardProtocol.ts';

/**
 * What the extension asks of the thread in which the migration core runs, and what it answers. The core works in a
 * thread of the extension host, so that neither DuckDB nor a long loop ever holds the editor.
 */
export type CoreRequest =
  | CrosswalkRequest
  | {
      readonly kind: 'run';
      readonly project: string;
      readonly command: string;
      readonly options: Readonly<Record<string, unknown>>;
      /** The name set in the editor; empty when there is none. */
      readonly editor: string;
      /** Secrets of the connection that the command uses. */
      readonly given?: GivenSecrets;
    }
  /** What connector commands ask; `connectorRequests.ts` has it all. */
  | { readonly kind: 'connector'; readonly project: string; readonly ask: ConnectorAsk }
  | { readonly kind: 'state'; readonly project: string }
  | { readonly kind: 'busy'; readonly project: string }
  /** What the project's last runs were asked for. */
  | { readonly kind: 'lastAsked'; readonly project: string }
  /** The contract grid: the thread keeps one sheet a project, fed with the document's text and changes. */
  | { readonly kind: 'sheetAhead'; readonly project: string }
  | { readonly kind: 'sheetText'; readonly project: string; readonly text: string; readonly version: number }
  | {
      readonly kind: 'sheetChanges';
      readonly project: string;
      readonly changes: readonly TextChange[];
      readonly version: number;
    }
  | { readonly kind: 'sheetMarks'; readonly project: string; readonly marks: ReadonlyMap<number, readonly RowMark[]> }
  | {
      readonly kind: 'sheetPage';
      readonly project: string;
      readonly query: SheetQuery;
      readonly offset: number;
      readonly limit: number;
      readonly facets: boolean;
    }
  | {
      readonly kind: 'sheetPlan';
      readonly project: string;
      readonly version: number;
      readonly selection: SheetSelection;
      readonly set: CellValues;
      /** The name set in the editor; empty when there is none. */
      readonly editor: string;
      /** What the reviewer says of a decision; null while it was not asked for. */
      readonly comment: string | null;
      /** The one row that is edited: when the text is another by now, it is looked for by its name. */
      readonly row: EditedRow | null;
    }
  /** What the Problems panel would say of a row with these cells. `tables` is the tables file where it is not saved. */
  | {
      readonly kind: 'sheetCheck';
      readonly project: string;
      readonly version: number;
      readonly index: number;
      readonly set: CellValues;
      readonly editor: string;
      readonly tables: string | null;
    }
  | {
      readonly kind: 'mergeContracts';
      readonly project: string;
      readonly base: string;
      readonly mine: string;
      readonly theirs: string;
      readonly choices: Readonly<Record<string, Side>>;
    }
  | {
      readonly kind: 'renameColumn';
      readonly project: string;
      readonly text: string;
      readonly table: string;
      readonly from: string;
      readonly to: string;
    }
  | {
      readonly kind: 'sheetDetail';
      readonly project: string;
      readonly version: number;
      readonly index: number;
      readonly samples: boolean;
    }
  | {
      readonly kind: 'sheetIndex';
      readonly project: string;
      readonly table: string;
      readonly field: string;
      readonly rowSet: string;
    }
  | { readonly kind: 'offers'; readonly project: string }
  /** What the dashboard, lifecycle, runs and users panels show. */
  | About<'dashboard'>
  | About<'decideProfiles'>
  | About<'lifecycle'>
  | About<'runs'>
  | About<'users'>
  | { readonly kind: 'compareRuns'; readonly project: string; readonly before: string; readonly after: string }
  | { readonly kind: 'keptText'; readonly project: string; readonly run: string; readonly path: string }
  /** `found`: the change was found, and who made it is not known. */
  | {
      readonly kind: 'recordContract';
      readonly project: string;
      readonly editor: string;
      readonly found: boolean;
      readonly reviews: readonly ContractReview[];
    }
  | {
      readonly kind: 'restorePlan';
      readonly project: string;
      readonly snapshot: string;
      readonly fromStage: string | null;
    }
  | { readonly kind: 'contractVersion'; readonly project: string; readonly snapshot: string }
  | {
      readonly kind: 'contractDiff';
      readonly project: string;
      readonly before: VersionAsked;
      readonly after: VersionAsked;
    }
  | { readonly kind: 'contractLocks'; readonly project: string }
  /** Tries pending texts in the places of project files. */
  | { readonly kind: 'planContract'; readonly project: string; readonly files: ReadonlyMap<string, string> }
  | { readonly kind: 'erd'; readonly project: string }
  /** What the Quality panel asks; `issueRequests.ts` has it all. */
  | { readonly kind: 'quality'; readonly project: string; readonly ask: QualityAsk }
  | { readonly kind: 'problems'; readonly project: string; readonly open: ReadonlyMap<string, string> }
  | { readonly kind: 'candidates'; readonly project: string; readonly table: string; readonly field: string }
  | { readonly kind: 'unknownCodes'; readonly project: string; readonly crosswalk: string }
  | { readonly kind: 'sourceCodes'; readonly project: string; readonly table: string; readonly field: string }
  | { readonly kind: 'evidence'; readonly project: string; readonly subject: EvidenceSubject };

/** A version that the core finds by its name (`contract diff` says which there are), or one that the editor has. */
export type VersionAsked =
  | string
  /** A null text is the project's own. */
  | { readonly name: string; readonly fields: string | null; readonly tables: string | null };

/** A version of the contract with its rows in key order; empty where a file is not there. */
export interface OrderedVersion {
  readonly name: string;
  readonly fields: string;
  readonly tables: string;
}

/** A question about a project as a whole. */
interface About<K extends string> {
  readonly kind: K;
  readonly project: string;
}

/** A row as the person saw it who edited its cells. */
export interface EditedRow extends ContractRowName {
  /** The cells that are set, as they were. */
  readonly was: CellValues;
}

/** What is wrong with a row as it is typed. */
export interface RowCheck {
  readonly marks: readonly RowMark[];
  /** Why the review's rules do not allow it; null when they do. */
  readonly refusal: string | null;
}

/** How a run ended, as the terminal would say it. */
export interface RunAnswer {
  readonly status: 'passed' | 'failed' | 'error' | 'cancelled';
  readonly returnCode: number;
  readonly text: readonly string[];
  readonly error: string | null;
  /** What `--json` prints: counts, names and keys. */
  readonly summary: Readonly<Record<string, unknown>>;
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
export interface CoreAnswers extends CrosswalkAnswers {
  readonly connector: ConnectorAnswers[keyof ConnectorAnswers];
  readonly run: RunAnswer;
  readonly state: ProjectState;
  readonly busy: Pick<ProjectState, 'busy' | 'progress'>;
  readonly lastAsked: LastAsked;
  readonly erd: ProjectErd;
  readonly quality: QualityAnswers[keyof QualityAnswers];
  readonly dashboard: Dashboard;
  readonly decideProfiles: Decided[];
  readonly lifecycle: Lifecycle;
  readonly runs: Runs;
  readonly compareRuns: Comparison;
  readonly keptText: string;
  readonly users: Users;
  readonly restorePlan: RestorePlan;
  readonly contractVersion: string;
  readonly contractLocks: readonly ContractLock[];
  readonly contractDiff: {
    readonly before: OrderedVersion;
    readonly after: OrderedVersion;
    readonly rows: number;
    readonly tableRows: number;
    readonly text: readonly string[];
    readonly csv: string;
  };
  /** A refusal says why the pending contract cannot run, with the places of its problems. */
  readonly planContract: {
    readonly plan: ContractPlan | null;
    readonly refusal: {
      readonly message: string;
      readonly problems: readonly { readonly message: string; readonly file: string; readonly line: number }[];
    } | null;
  };
  readonly sheetAhead: null;
  readonly sheetText: null;
  readonly sheetChanges: null;
  readonly sheetMarks: null;
  /** Null when the thread has no sheet of the project. */
  readonly sheetPage: SheetPage | null;
  /** Null when the text is another by now. */
  readonly sheetPlan: { readonly plan: ContractEditPlan; readonly who: string } | null;
  readonly sheetCheck: RowCheck | null;
  readonly mergeContracts: ContractMerge;
  readonly renameColumn: ColumnRename;
  readonly sheetDetail: { readonly row: SheetRow; readonly detail: RowDetail } | null;
  readonly sheetIndex: number;
  readonly offers: Offers;
  /** Rows that changed; null when the project is busy and it must be asked again. */
  readonly recordContract: number | null;
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
