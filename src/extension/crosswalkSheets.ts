import { codeAuthors, decides, recordCrosswalkChange } from '../core/audit/crosswalkAudit.ts';
import { diffCrosswalks } from '../core/audit/crosswalkEvents.ts';
import { crosswalkFacts } from '../core/crosswalk/crosswalkFacts.ts';
import { crosswalkFile } from '../core/crosswalk/crosswalkName.ts';
import { CrosswalkSheet, type PlanReview } from '../core/crosswalk/crosswalkSheet.ts';
import type { Engine } from '../core/engine/engine.ts';
import { readRoles, refusal, whoIs } from '../core/governance/roles.ts';
import { Project } from '../core/project/layout.ts';
import { withProjectLock } from '../core/project/lock.ts';
import { readOptionalText } from '../core/project/readText.ts';
import type { Checking } from '../core/review/checking.ts';
import { UserError } from '../core/shared/errors.ts';
import { realIdentity } from '../host/identity.ts';
import type { CrosswalkAnswers, CrosswalkRequest } from './crosswalkRequests.ts';

/** What the thread shares with its crosswalk sheets. */
export interface SheetParts {
  readonly checking: (project: Project) => Promise<Checking>;
  readonly openEngine: (project: Project) => Promise<Engine>;
  readonly signal: AbortSignal;
}

/** Decisions of a review; other changes anybody may make. */
const DECISIONS = new Set(['APPROVED', 'REJECTED']);
/** Crosswalks as open editors show them, by project and name. */
const sheets = new Map<string, CrosswalkSheet>();

/** True for requests of crosswalk editors. */
export function isCrosswalkRequest(request: { readonly kind: string }): request is CrosswalkRequest {
  return request.kind.startsWith('crosswalk') || request.kind === 'recordCrosswalk';
}

/** Answers the requests of crosswalk editors. */
export async function answerCrosswalk(
  request: CrosswalkRequest,
  parts: SheetParts,
): Promise<CrosswalkAnswers[keyof CrosswalkAnswers]> {
  const key = `${request.project}\0${request.name}`;
  const project = new Project(request.project);
  const sheet = sheets.get(key);
  switch (request.kind) {
    case 'crosswalkText':
      if (sheet === undefined) sheets.set(key, new CrosswalkSheet(request.text, request.version));
      else if (!sheet.adopt(request.text, request.version)) sheet.replace(request.text, request.version);
      return null;
    case 'crosswalkChanges':
      sheet?.change(request.changes, request.version);
      return null;
    case 'crosswalkMarks':
      sheet?.mark(request.marks);
      return null;
    case 'crosswalkClosed':
      sheets.delete(key);
      return null;
    case 'crosswalkLines':
      return sheet?.linePage(request.query, request.offset, request.limit) ?? null;
    case 'crosswalkFacts': {
      if (sheet === undefined) return null;
      const { signal } = parts;
      const openEngine = (): Promise<Engine> => parts.openEngine(project);
      return crosswalkFacts(project, request.name, sheet, {
        checking: await parts.checking(project),
        openEngine,
        signal,
      });
    }
    case 'crosswalkPlan': {
      if (sheet?.version !== request.version) return null;
      const review = await reviewOf(project, request, sheet);
      // The text may have changed while the roles were read.
      return sheet.version === request.version ? sheet.plan(request.selection, request.set, review) : null;
    }
    case 'crosswalkMap':
      return sheet?.version === request.version ? sheet.planLines(request.lines) : null;
    case 'recordCrosswalk': {
      const at = new Date();
      try {
        return await withProjectLock(project, 'review', at, () =>
          recordCrosswalkChange(project, crosswalkFile(request.name), {
            who: request.who,
            at,
            reviews: request.reviews,
          }),
        );
      } catch (error) {
        if (error instanceof UserError) return null;
        throw error;
      }
    }
  }
}

/** Who asks and what they may decide. Only a decision needs to know who wrote the lines. */
async function reviewOf(
  project: Project,
  request: Extract<CrosswalkRequest, { kind: 'crosswalkPlan' }>,
  sheet: CrosswalkSheet,
): Promise<PlanReview> {
  const { who } = request;
  if (!DECISIONS.has(request.set.status ?? '')) return { who, owner: '', mayNotDecide: null, author: () => '' };
  const file = crosswalkFile(request.name);
  const authors = await codeAuthors(project, file);
  // What is not saved yet was written by whoever sits here.
  const saved = (await readOptionalText(project, file)) ?? '';
  for (const change of diffCrosswalks(saved, sheet.text)) if (decides(change)) authors.set(change.key[0] ?? '', who);
  const owner = sheet.owner;
  return { who, owner, mayNotDecide: await mayNotDecide(project, who), author: (code) => authors.get(code) ?? '' };
}

async function mayNotDecide(project: Project, who: string): Promise<string | null> {
  try {
    const roles = await readRoles(project);
    return refusal(roles, whoIs(roles, await realIdentity(project.root, { editor: who })), 'crosswalk_approve');
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}
