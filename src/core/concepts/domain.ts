const DOMAINS: Readonly<Record<string, readonly string[]>> = {
  PMI: ['PMI', 'ALIAS', 'FORMER_NAME', 'MERGE', 'ADDR', 'CONTACT', 'NOK', 'GPREG', 'ALERT'],
  OPD: ['REF', 'RTT', 'CLOCK', 'RTT_EVENT', 'CLINIC', 'APPT', 'CANCEL'],
  IWL: ['IWL', 'OFFER'],
  ADT: ['SPELL', 'EPI', 'WARD', 'DX', 'PX', 'BIRTH'],
  ED: ['ED'],
  MH: ['MHA', 'LEAVE', 'CTO'],
  REFERENCE: ['STAFF', 'GP', 'PRACTICE', 'SITE', 'WARD_REF', 'SPECIALTY', 'CODE'],
};

/** Hospital domain of a table family; `ALL` for what spans them. */
export function domainOf(family: string): string {
  return Object.entries(DOMAINS).find(([, families]) => families.includes(family))?.[0] ?? 'ALL';
}
