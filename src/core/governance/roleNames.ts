/**
 * The roles of a migration, by the key that files use: six that run it, and the one that answers for what data may be used.
 * Stages, gates, issues and panels call a role by these names and no other.
 */
export const ROLES = {
  migration_delivery_lead: 'Migration Delivery Lead',
  data_mapping_analyst: 'Data Mapping Analyst',
  etl_engineer: 'ETL Engineer',
  data_quality_lead: 'Data Quality Lead',
  clinical_safety_reviewer: 'Clinical Safety/Assurance Reviewer',
  cutover_manager: 'Cutover Manager',
  information_governance_lead: 'Information Governance Lead',
} as const;
export type Role = keyof typeof ROLES;

/** The domains of a patient administration system that people own. */
export const DOMAIN_NAMES = ['PMI', 'ADT', 'OPD', 'IWL', 'MH'] as const;

interface ActionRule {
  /** What is done, as it follows “may”. */
  readonly words: string;
  readonly roles: readonly Role[];
  /** Cutover relies on it: without a roles file nobody may do it, and those who are not listed never may. */
  readonly named: boolean;
}

/** Everything a role is asked for, with the roles that may do it unless the project's file says otherwise. */
export const ACTIONS = {
  contract_approve: {
    words: 'approve or reject contract rows',
    roles: ['data_mapping_analyst', 'data_quality_lead', 'clinical_safety_reviewer'],
    named: false,
  },
  crosswalk_approve: {
    words: 'approve or reject crosswalk lines',
    roles: ['data_mapping_analyst', 'data_quality_lead', 'clinical_safety_reviewer'],
    named: false,
  },
  contract_lock: {
    words: 'lock the contract',
    roles: ['migration_delivery_lead', 'data_mapping_analyst'],
    named: false,
  },
  snapshot_restore: {
    words: 'restore a snapshot',
    roles: ['etl_engineer', 'cutover_manager', 'migration_delivery_lead'],
    named: false,
  },
  threshold_change: {
    words: 'change thresholds of the release gates',
    roles: ['migration_delivery_lead', 'data_quality_lead'],
    named: false,
  },
  triage_fix: {
    words: 'send a safety-critical reject back to be mapped',
    roles: ['data_mapping_analyst', 'etl_engineer', 'data_quality_lead', 'clinical_safety_reviewer'],
    named: false,
  },
  triage_exclude: {
    words: 'exclude a safety-critical reject',
    roles: ['data_quality_lead', 'clinical_safety_reviewer'],
    named: true,
  },
  triage_accept: {
    words: 'accept a safety-critical reject',
    roles: ['clinical_safety_reviewer'],
    named: true,
  },
  triage_hazard: {
    words: 'raise a hazard for a safety-critical reject',
    roles: ['data_quality_lead', 'clinical_safety_reviewer'],
    named: false,
  },
  sign_technical_qa: { words: 'sign technical QA', roles: ['etl_engineer', 'data_mapping_analyst'], named: true },
  sign_data_quality: { words: 'sign data quality', roles: ['data_quality_lead'], named: true },
  sign_clinical_safety: { words: 'sign clinical safety', roles: ['clinical_safety_reviewer'], named: true },
  sign_governance_board: {
    words: 'sign for the governance board',
    roles: ['migration_delivery_lead', 'cutover_manager'],
    named: true,
  },
  rehearsal_record: {
    words: 'record a dress rehearsal',
    roles: ['cutover_manager', 'migration_delivery_lead'],
    named: true,
  },
  incident_work: {
    words: 'work on an incident',
    roles: [
      'migration_delivery_lead',
      'data_mapping_analyst',
      'etl_engineer',
      'data_quality_lead',
      'clinical_safety_reviewer',
      'cutover_manager',
      'information_governance_lead',
    ],
    named: false,
  },
  incident_approve_root_cause: {
    words: 'approve the root cause of an incident',
    roles: ['migration_delivery_lead', 'data_quality_lead'],
    named: true,
  },
  incident_approve_mitigation: {
    words: 'approve the mitigation of an incident',
    roles: ['clinical_safety_reviewer'],
    named: true,
  },
  incident_close: {
    words: 'close an incident',
    roles: ['migration_delivery_lead', 'cutover_manager'],
    named: true,
  },
  evidence_build: {
    words: 'build an evidence pack',
    roles: ['migration_delivery_lead', 'cutover_manager', 'data_quality_lead', 'etl_engineer'],
    named: false,
  },
} as const satisfies Readonly<Record<string, ActionRule>>;
export type Action = keyof typeof ACTIONS;

/** What the table says of an action, without its literal types. */
export function actionRule(action: Action): ActionRule {
  return ACTIONS[action];
}

const KEYS = new Map(
  Object.entries(ROLES).flatMap(([key, title]) => [
    [key, key as Role],
    [title.toLowerCase(), key as Role],
  ]),
);

/** A role by its key or its title, in any case; null when it is none. */
export function roleOf(text: string): Role | null {
  return KEYS.get(text.trim().toLowerCase()) ?? null;
}

/** Words of earlier versions, of reports and contracts that were written with them, and of the users' guide. */
const OLD_WORDS: Readonly<Record<string, Role>> = {
  'delivery lead': 'migration_delivery_lead',
  'release manager': 'cutover_manager',
  'mapping lead': 'data_mapping_analyst',
  'mapping analyst': 'data_mapping_analyst',
  'migration engineer': 'etl_engineer',
  'technical qa': 'etl_engineer',
  technical_qa: 'etl_engineer',
  data_quality: 'data_quality_lead',
  'data quality': 'data_quality_lead',
  'clinical safety': 'clinical_safety_reviewer',
  clinical_safety: 'clinical_safety_reviewer',
  'clinical safety officer': 'clinical_safety_reviewer',
  'clinical safety reviewer': 'clinical_safety_reviewer',
};

/** The role that words mean: its key, its title, or what earlier versions called it; null when none. */
export function roleInWords(words: string): Role | null {
  const text = words.trim().toLowerCase();
  return roleOf(text) ?? (Object.hasOwn(OLD_WORDS, text) ? (OLD_WORDS[text] ?? null) : null);
}

/** The one name of the role that words mean; other words as they are. */
export function roleTitle(words: string): string {
  const role = roleInWords(words);
  return role === null ? words : ROLES[role];
}

/** Every word for a role beside its title, in lower case, with that title: for those who translate in SQL. */
export function roleWords(): readonly (readonly [words: string, title: string])[] {
  return [...Object.keys(ROLES).map((key) => [key, key as Role] as const), ...Object.entries(OLD_WORDS)].map(
    ([words, role]) => [words, ROLES[role]],
  );
}

/** `A, B or C`, as a refusal names those who may. */
export function rolesInWords(roles: readonly Role[]): string {
  return inWords(roles.map((role) => ROLES[role]));
}

/** Names in a row with “or” before the last. */
export function inWords(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? 'nobody') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
