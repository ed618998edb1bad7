import type { Catalog } from '../catalog/catalog.ts';
import { loadCatalog } from '../catalog/loadCatalog.ts';
import { domainOf } from '../concepts/domain.ts';
import type { Identity } from '../governance/identity.ts';
import { readRoles, refusal, whoIs } from '../governance/roles.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { UserError } from '../shared/errors.ts';
import type { Checking } from './checking.ts';

/** The person who reviews, and what the role model lets them decide. */
export interface Reviewer {
  readonly name: string;
  /** Why they may not approve or reject rows of a target table; null when they may. */
  mayNotDecide(targetTable: string): string | null;
}

/**
 * Who reviews, by `governance/roles.json` when it is there. With a roles file that has an error nobody decides anything:
 * the reason is the error.
 */
export async function reviewerOf(project: Project, identity: Identity, checking: Checking): Promise<Reviewer> {
  try {
    const roles = await checking.of(project, 'roles', [ARTEFACTS.roles], () => readRoles(project));
    const person = whoIs(roles, identity);
    const target = await checking
      .of(project, 'target catalog', [ARTEFACTS.targetCatalog], () =>
        loadCatalog(project, ARTEFACTS.targetCatalog, 'target'),
      )
      .catch((): Catalog | null => null);
    const known = new Map<string, string | null>();
    return {
      name: person.name,
      mayNotDecide(targetTable) {
        const domain = domainOf(target?.table(targetTable)?.family ?? '');
        const before = known.get(domain);
        if (before !== undefined) return before;
        const why = refusal(roles, person, 'contract_approve', { domain });
        known.set(domain, why);
        return why;
      },
    };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { name: whoIs(null, identity).name, mayNotDecide: () => error.message };
  }
}
