import type { Engine } from '../core/engine/engine.ts';
import type { TriageChange } from '../core/governance/setTriage.ts';
import type { KpiUnit, KpiValue } from '../core/kpis/kpi.ts';
import { readKpis } from '../core/kpis/kpiFile.ts';
import { allKpiSources } from '../core/kpis/kpiSource.ts';
import { measureKpis } from '../core/kpis/measureKpis.ts';
import { Project } from '../core/project/layout.ts';
import { explainRule } from '../core/review/issues/explainRule.ts';
import { type FoundRow, findRow, issueDetail } from '../core/review/issues/issuePlaces.ts';
import type {
  IssueDetail,
  IssueFacets,
  IssueFiles,
  IssueFilter,
  IssueGrouping,
  IssueGroups,
  IssuePage,
  IssueSort,
  TriagePlan,
} from '../core/review/issues/issueQuery.ts';
import { IssueStore } from '../core/review/issues/issueStore.ts';
import {
  type Decided,
  decideIssues,
  type IssueSelection,
  planDecision,
  undoDecision,
} from '../core/review/issues/issueTriage.ts';
import type { QualityOverview } from '../core/review/qualityModel.ts';
import { readQualityOverview } from '../core/review/qualityOverview.ts';
import { UserError } from '../core/shared/errors.ts';
import { formatProblem } from '../core/shared/problem.ts';
import { realContext } from '../host/realContext.ts';

/** What the Quality panel asks of the core's thread, and what it is answered with. */
export type QualityAsk =
  | { readonly about: 'overview' }
  | { readonly about: 'kpis' }
  | { readonly about: 'files' }
  | {
      readonly about: 'page';
      readonly filter: IssueFilter;
      readonly sort: IssueSort;
      readonly offset: number;
      readonly limit: number;
    }
  | { readonly about: 'facets'; readonly filter: IssueFilter }
  | {
      readonly about: 'groups';
      readonly filter: IssueFilter;
      readonly by: IssueGrouping;
      readonly offset: number;
      readonly limit: number;
    }
  | { readonly about: 'plan'; readonly selection: IssueSelection; readonly editor: string }
  | {
      readonly about: 'decide';
      readonly selection: IssueSelection;
      readonly change: TriageChange;
      readonly version: number;
      readonly editor: string;
    }
  /** Takes back the last decision that this list recorded. */
  | { readonly about: 'undo'; readonly editor: string }
  | { readonly about: 'export'; readonly filter: IssueFilter; readonly sort: IssueSort; readonly path: string }
  | { readonly about: 'detail'; readonly ordinal: number }
  | { readonly about: 'row'; readonly ordinal: number; readonly side: 'source' | 'target' | 'evidence' }
  | { readonly about: 'rule'; readonly rule: string }
  /** Nobody looks any more: the database is closed. */
  | { readonly about: 'release' };

export interface KpiAnswer {
  readonly kpis: KpiValue[];
  /** What is wrong with the file of key figures; null when nothing is. */
  readonly problem: string | null;
  /** Whether the project has a file of its own, or these are the first ones. */
  readonly sources: { name: string; words: string; unit: KpiUnit }[];
}

export interface QualityAnswers {
  readonly overview: QualityOverview;
  readonly kpis: KpiAnswer;
  readonly files: IssueFiles;
  readonly page: IssuePage;
  readonly facets: IssueFacets;
  readonly groups: IssueGroups;
  readonly plan: TriagePlan;
  readonly decide: { issues: number };
  readonly undo: { issues: number };
  readonly export: { rows: number; guarded: number };
  readonly detail: IssueDetail | null;
  readonly row: FoundRow;
  /** Markdown. */
  readonly rule: string;
  readonly release: null;
}

/** Enough for a million lines with all they share; beyond it the database spills to disk. */
const MEMORY_MB = 1024;

/** Answers the Quality panel's questions. Keeps the issues of one project in a database while somebody looks at them. */
export class IssueRequests {
  #open: { readonly root: string; readonly engine: Engine; readonly store: IssueStore } | null = null;
  #opening: Promise<void> = Promise.resolve();
  /** The last decision, which can be undone until the next one. */
  #last: { readonly root: string; readonly decided: Decided } | null = null;

  async answer(root: string, ask: QualityAsk, signal: AbortSignal): Promise<QualityAnswers[keyof QualityAnswers]> {
    const project = new Project(root);
    switch (ask.about) {
      case 'overview':
        return readQualityOverview(project);
      case 'kpis': {
        const { value, problems } = await readKpis(project);
        const [first] = problems;
        return {
          kpis: await measureKpis(realContext({ project: root, signal, emit: () => undefined }), value),
          problem: first === undefined ? null : formatProblem(first),
          sources: [...allKpiSources()],
        };
      }
      case 'rule':
        return explainRule(ask.rule);
      case 'release':
        await this.close(root);
        return null;
      default:
        return this.#ofIssues(project, await this.#store(root), ask, signal);
    }
  }

  /** Closes the database; of one project, or whatever it holds. */
  async close(root: string | null = null): Promise<void> {
    await this.#queued(async () => {
      if (this.#open === null || (root !== null && this.#open.root !== root)) return;
      const { engine, store } = this.#open;
      this.#open = null;
      await store.close();
      await engine.close();
    });
  }

  async #ofIssues(
    project: Project,
    store: IssueStore,
    ask: Exclude<QualityAsk, { about: 'overview' | 'kpis' | 'rule' | 'release' }>,
    signal: AbortSignal,
  ): Promise<QualityAnswers[keyof QualityAnswers]> {
    const by = (editor: string) => realContext({ project: project.root, editor, signal, emit: () => undefined });
    switch (ask.about) {
      case 'files':
        return store.files(signal);
      case 'page':
        return store.page(ask.filter, ask.sort, ask.offset, ask.limit, signal);
      case 'facets':
        return store.facets(ask.filter, signal);
      case 'groups':
        return store.groups(ask.filter, ask.by, ask.offset, ask.limit, signal);
      case 'plan':
        return planDecision(by(ask.editor), store, ask.selection);
      case 'decide':
        this.#last = null;
        this.#last = {
          root: project.root,
          decided: await decideIssues(by(ask.editor), store, ask.selection, ask.change, ask.version),
        };
        return { issues: this.#last.decided.issues };
      case 'undo': {
        const last = this.#last;
        if (last === null || last.root !== project.root) throw new UserError('There is no decision to undo any more.');
        await undoDecision(by(ask.editor), last.decided);
        this.#last = null;
        return { issues: last.decided.issues };
      }
      case 'export':
        return store.export(ask.filter, ask.sort, ask.path, signal);
      case 'detail':
        return issueDetail(project, store, ask.ordinal, signal);
      case 'row':
        return findRow(project, store, ask.ordinal, ask.side, signal);
    }
  }

  async #store(root: string): Promise<IssueStore> {
    await this.#queued(async () => {
      if (this.#open?.root === root) return;
      const before = this.#open;
      this.#open = null;
      await before?.store.close();
      await before?.engine.close();
      const context = realContext({
        project: root,
        signal: new AbortController().signal,
        emit: () => undefined,
        memoryLimitMb: MEMORY_MB,
      });
      const engine = await context.openEngine();
      // Pages keep places of lines for longer than this process lives: no version may come twice.
      const store = new IssueStore(context.project, engine, context.now, Date.now());
      this.#open = { root, engine, store };
    });
    if (this.#open === null) throw new Error('The list was closed.');
    return this.#open.store;
  }

  #queued(work: () => Promise<void>): Promise<void> {
    const done = this.#opening.then(work);
    this.#opening = done.catch(() => undefined);
    return done;
  }
}
