import type { ConnectorStage } from './connector.ts';

/** What a run is for. `development` and `pre_production` are rehearsals; `cutover_ready` is the controlled path. */
export const RELEASE_PROFILES = ['development', 'pre_production', 'cutover_ready'] as const;
export type ReleaseProfile = (typeof RELEASE_PROFILES)[number];

/**
 * Which people the rows are: invented ones (NHS numbers of the test range, or the mock generator's own files), the trust's
 * own, both, or no NHS number was there to tell.
 */
export type DataClass = 'mock' | 'real' | 'mixed' | 'none';

/** One line of the policy. The reason is what a person reads when it says no. */
export interface PolicyLine<T extends string> {
  readonly subject: T;
  readonly profile: ReleaseProfile;
  readonly allowed: boolean;
  readonly reason: string;
}

const EMULATED = 'An emulator stands in for a system, so what passed on it proves nothing of the real one.';
const EXPERIMENTAL =
  'An experimental connector has not been proven against a real system, so no release may rest on it.';
const REAL = 'A rehearsal may hold no real patient; real data may be used in a cutover_ready run only.';
const MOCK = 'Invented patients prove nothing for cutover, and must never reach the live system.';

/** Which connectors may be used for what. */
export const CONNECTOR_POLICY: readonly PolicyLine<ConnectorStage>[] = [
  { subject: 'stable', profile: 'development', allowed: true, reason: 'For every run.' },
  { subject: 'stable', profile: 'pre_production', allowed: true, reason: 'For every run.' },
  { subject: 'stable', profile: 'cutover_ready', allowed: true, reason: 'The controlled path.' },
  { subject: 'emulator', profile: 'development', allowed: true, reason: 'For trying out.' },
  { subject: 'emulator', profile: 'pre_production', allowed: true, reason: 'For rehearsals.' },
  { subject: 'emulator', profile: 'cutover_ready', allowed: false, reason: EMULATED },
  { subject: 'experimental', profile: 'development', allowed: true, reason: 'For trying out.' },
  { subject: 'experimental', profile: 'pre_production', allowed: false, reason: EXPERIMENTAL },
  { subject: 'experimental', profile: 'cutover_ready', allowed: false, reason: EXPERIMENTAL },
];

/** Which data may be in what. */
export const DATA_POLICY: readonly PolicyLine<DataClass>[] = [
  { subject: 'mock', profile: 'development', allowed: true, reason: 'Invented patients are what a rehearsal is for.' },
  {
    subject: 'mock',
    profile: 'pre_production',
    allowed: true,
    reason: 'Invented patients are what a rehearsal is for.',
  },
  { subject: 'mock', profile: 'cutover_ready', allowed: false, reason: MOCK },
  { subject: 'real', profile: 'development', allowed: false, reason: REAL },
  { subject: 'real', profile: 'pre_production', allowed: false, reason: REAL },
  { subject: 'real', profile: 'cutover_ready', allowed: true, reason: 'The trust migrates its own patients.' },
  { subject: 'mixed', profile: 'development', allowed: false, reason: REAL },
  { subject: 'mixed', profile: 'pre_production', allowed: false, reason: REAL },
  { subject: 'mixed', profile: 'cutover_ready', allowed: false, reason: MOCK },
  { subject: 'none', profile: 'development', allowed: true, reason: 'No NHS number tells whose rows these are.' },
  { subject: 'none', profile: 'pre_production', allowed: true, reason: 'No NHS number tells whose rows these are.' },
  {
    subject: 'none',
    profile: 'cutover_ready',
    allowed: true,
    reason: 'The gate patient_data decides: it is not proven.',
  },
];

/** A connector that rows came or went by. */
export interface ConnectorPolicyUse {
  readonly side: 'source' | 'target';
  readonly connector: string;
  readonly stage: ConnectorStage;
}

/** What the policy says of a connector's stage for a profile. */
export function connectorPolicy(stage: ConnectorStage, profile: ReleaseProfile): PolicyLine<ConnectorStage> {
  return lineOf(CONNECTOR_POLICY, stage, profile);
}

/** What the policy says of a class of data for a profile. */
export function dataPolicy(dataClass: DataClass, profile: ReleaseProfile): PolicyLine<DataClass> {
  return lineOf(DATA_POLICY, dataClass, profile);
}

/** A line that is missing is a no: the policy fails closed. */
function lineOf<T extends string>(lines: readonly PolicyLine<T>[], subject: T, profile: ReleaseProfile): PolicyLine<T> {
  const found = lines.find((line) => line.subject === subject && line.profile === profile);
  return found ?? { subject, profile, allowed: false, reason: `The policy says nothing of ${subject} for ${profile}.` };
}
