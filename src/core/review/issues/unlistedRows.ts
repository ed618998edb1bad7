import type { Project } from '../../project/layout.ts';
import { counted, said } from '../../shared/counted.ts';
import { qualityReport } from '../reports.ts';

/** Rules that are named; the others are a number. */
const MOST_NAMED = 3;

/**
 * That the issues file lists fewer rows than some rules failed for, in a sentence; none when it lists them all. The file
 * keeps the first rows of each rule, while the report counts every one.
 */
export async function unlistedRows(project: Project): Promise<string[]> {
  const { value } = await qualityReport(project);
  const cut = (value?.rules ?? []).filter(
    (rule) => rule.status === 'failed' && rule.issues_written < (rule.numerator ?? 0),
  );
  if (cut.length === 0) return [];
  const named = cut
    .slice(0, MOST_NAMED)
    .map((rule) => `${rule.id} (${said(rule.issues_written)} of ${said(rule.numerator ?? 0)})`);
  const more = cut.length - named.length;
  return [
    `The issues file holds only the first failing rows of ${counted(cut.length, 'rule')}: ${named.join(', ')}${more === 0 ? '' : ` and ${said(more)} more`}. The numbers of the report count all of them.`,
  ];
}
