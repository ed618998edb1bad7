import { parseCsvText } from '../csv/csvText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import type { Parsed, Problem } from '../shared/problem.ts';
import { patientNumberFault } from './freeText.ts';
import { type HazardMatrix, indexOf, ratingOf } from './hazardMatrix.ts';
import { NOBODY } from './identity.ts';
import { type Roles, whoIs } from './roles.ts';

/** Columns of `governance/hazard_log.csv`: the fields of DCB0129 and DCB0160, and what each hazard is linked to. */
export const HAZARD_COLUMNS = [
  'hazard_id',
  'title',
  'description',
  'causes',
  'effect_on_care',
  'potential_harm',
  'domain',
  'rule_ids',
  'gate_ids',
  'contract_rows',
  'reject_keys',
  'existing_controls',
  'initial_severity',
  'initial_likelihood',
  'initial_rating',
  'controls_design',
  'controls_test',
  'controls_training',
  'controls_business_process',
  'control_evidence',
  'residual_severity',
  'residual_likelihood',
  'residual_rating',
  'owner',
  'status',
  'accepted_by',
  'accepted_on',
  'cso_reviewed_by',
  'cso_reviewed_on',
  'linked_incidents',
] as const;
type Column = (typeof HAZARD_COLUMNS)[number];

export const HAZARD_STATUSES = ['open', 'controlled', 'transferred', 'closed'] as const;
export type HazardStatus = (typeof HAZARD_STATUSES)[number];

/** One hazard. Scores are people's; ratings are looked up in the matrix. */
export interface Hazard {
  readonly id: string;
  readonly title: string;
  readonly line: number;
  readonly status: HazardStatus;
  readonly owner: string;
  readonly ruleIds: readonly string[];
  readonly gateIds: readonly string[];
  /** `TABLE.FIELD` or `TABLE.FIELD@row set`. */
  readonly contractRows: readonly string[];
  /** Keys of rejects or of their groups, as triage lists them. */
  readonly rejectKeys: readonly string[];
  readonly initialRating: number | null;
  readonly residualRating: number | null;
  readonly acceptedBy: string;
  readonly reviewedBy: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** The hazards of a project; null when there is no log. Lines with errors are told with their place and left out. */
export async function readHazards(project: Project, matrix: HazardMatrix): Promise<Parsed<readonly Hazard[]> | null> {
  const text = await readOptionalText(project, ARTEFACTS.hazardLog);
  return text === null ? null : parseHazards(text, matrix);
}

/** The same from the text of the log. */
export function parseHazards(text: string, matrix: HazardMatrix): Parsed<readonly Hazard[]> {
  const file = ARTEFACTS.hazardLog;
  const { value, problems } = parseCsvText(text, file, HAZARD_COLUMNS);
  const told: Problem[] = [...problems];
  const hazards: Hazard[] = [];
  const ids = new Set<string>();
  for (const { cells, line } of value.records) {
    const faults = lineFaults(cells, matrix);
    const id = cell(cells, 'hazard_id');
    if (ids.has(id)) faults.push(`${id} stands for two hazards; give each its own id.`);
    ids.add(id);
    for (const message of faults) told.push({ code: 'hazard-line', severity: 'error', message, place: { file, line } });
    if (faults.length === 0) hazards.push(hazardOf(cells, line, matrix));
  }
  return { value: hazards, problems: told };
}

function hazardOf(cells: Readonly<Record<string, string>>, line: number, matrix: HazardMatrix): Hazard {
  const at = (name: Column): string => cell(cells, name);
  return {
    id: at('hazard_id'),
    title: at('title'),
    line,
    status: HAZARD_STATUSES.find((known) => known === at('status')) ?? 'open',
    owner: at('owner'),
    ruleIds: listOf(at('rule_ids')),
    gateIds: listOf(at('gate_ids')),
    contractRows: listOf(at('contract_rows')),
    rejectKeys: listOf(at('reject_keys')),
    initialRating: ratingOf(matrix, at('initial_severity'), at('initial_likelihood')),
    residualRating: ratingOf(matrix, at('residual_severity'), at('residual_likelihood')),
    acceptedBy: at('accepted_by'),
    reviewedBy: at('cso_reviewed_by'),
    cells,
  };
}

function lineFaults(cells: Readonly<Record<string, string>>, matrix: HazardMatrix): string[] {
  const at = (name: Column): string => cell(cells, name);
  const faults: string[] = [];
  for (const [name, text] of Object.entries(cells)) {
    const fault = name === 'reject_keys' ? null : patientNumberFault(name, text);
    if (fault !== null) faults.push(fault);
  }
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(at('hazard_id')))
    faults.push('hazard_id must be a short name of letters, digits, dots and dashes.');
  if (at('title') === '') faults.push('The hazard has no title.');
  if (!HAZARD_STATUSES.some((known) => known === at('status')))
    faults.push(`status must be one of ${HAZARD_STATUSES.join(', ')}.`);
  for (const stage of ['initial', 'residual'] as const) {
    const [severity, likelihood] = [at(`${stage}_severity`), at(`${stage}_likelihood`)];
    if (severity !== '' && indexOf(matrix.severities, severity) < 0)
      faults.push(`${stage}_severity ${severity} is none of ${matrix.severities.join(', ')}.`);
    if (likelihood !== '' && indexOf(matrix.likelihoods, likelihood) < 0)
      faults.push(`${stage}_likelihood ${likelihood} is none of ${matrix.likelihoods.join(', ')}.`);
    if ((severity === '') !== (likelihood === '')) faults.push(`A ${stage} score needs both severity and likelihood.`);
    const written = at(`${stage}_rating`);
    const rating = ratingOf(matrix, severity, likelihood);
    if (written !== '' && written !== String(rating))
      faults.push(
        `${stage}_rating is ${written}, the matrix gives ${rating ?? 'none'}; leave it empty or write what the matrix gives.`,
      );
  }
  for (const name of ['accepted_on', 'cso_reviewed_on'] as const)
    if (!/^(\d{4}-\d{2}-\d{2})?$/.test(at(name))) faults.push(`${name} must be a day as CCYY-MM-DD, or empty.`);
  return faults;
}

/**
 * Why a hazard does not let its candidate be signed; null when it does: scored by people, the residual rating tolerable or
 * accepted by somebody named, and reviewed by a clinical safety reviewer of the roles file.
 */
export function hazardObstacle(hazard: Hazard, matrix: HazardMatrix, roles: Roles | null): string | null {
  if (hazard.status === 'closed' || hazard.status === 'transferred') return null;
  const { residualRating: rating, id } = hazard;
  if (rating === null) return `${id} is not scored: severity and likelihood that remain are for people to set.`;
  if (rating > matrix.tolerable_max)
    return `${id} keeps a rating of ${rating}, above ${matrix.tolerable_max}: control it.`;
  if (rating > matrix.acceptable_max && hazard.acceptedBy === '')
    return `${id} keeps a rating of ${rating}: somebody named must accept it.`;
  const reviewer = whoIs(roles, { ...NOBODY, editor: hazard.reviewedBy });
  if (hazard.reviewedBy === '' || !reviewer.listed || !reviewer.roles.includes('clinical_safety_reviewer'))
    return `${id} was not reviewed by a Clinical Safety/Assurance Reviewer of ${ARTEFACTS.roles}.`;
  return null;
}

/** Several values in one cell, parted by semicolons. */
function listOf(text: string): string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function cell(cells: Readonly<Record<string, string>>, name: Column): string {
  return (cells[name] ?? '').trim();
}
