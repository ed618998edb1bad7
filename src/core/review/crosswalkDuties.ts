import { readCrosswalks } from '../crosswalk/crosswalk.ts';
import { parseCsvText } from '../csv/csvText.ts';
import { type Person, type Roles, refusal, rolesFor } from '../governance/roles.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Duty } from './duties.ts';
import { filePlace } from './place.ts';

/** Lines of crosswalks in review, by crosswalk, for whoever may approve them; nobody approves a crosswalk of their own. */
export async function crosswalkDuties(project: Project, roles: Roles | null): Promise<Duty[]> {
  const { value: crosswalks } = await readCrosswalks(project, ARTEFACTS.crosswalks).catch(() => ({ value: new Map() }));
  const duties: Duty[] = [];
  for (const { name, file, entry } of crosswalks.values()) {
    const text = (await readOptionalText(project, file).catch(() => null)) ?? '';
    const lines = parseCsvText(text, file, ['status']).value.records;
    const rows = lines.filter(({ cells }) => (cells['status'] ?? '').trim().toUpperCase() === 'IN_REVIEW').length;
    if (rows === 0) continue;
    const reviewers = (roles?.people ?? [])
      .map((one): Person => ({ ...one, listed: true, account: '' }))
      .filter(
        (person) => refusal(roles, person, 'crosswalk_approve') === null && !same(person.name, entry?.owner ?? ''),
      )
      .map((person) => person.name);
    duties.push({
      words: [`line of crosswalk ${name} to review`, `lines of crosswalk ${name} to review`],
      rows,
      place: filePlace(file),
      roles: reviewers.length === 0 ? rolesFor(roles, 'crosswalk_approve') : [],
      people: reviewers,
    });
  }
  return duties;
}

function same(name: string, owner: string): boolean {
  return name.trim().toLowerCase() === owner.trim().toLowerCase();
}
