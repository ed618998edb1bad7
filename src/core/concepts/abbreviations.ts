/**
 * What short forms in table and column names of patient administration systems stand for. One line a word; add freely:
 * recogniser and semantic mapping both read it. Forms are matched on whole name parts (`PAT_NO` → patient number).
 */
const TEXT = `
adm: admission | admt: admission | adr: address | addr: address | ae: emergency department | alt: alert | appt: appointment
arr: arrival | att: attendance | ass: assessment | bkd: booked | brch: breach | cat: category | cd: code | clin: clinic
clk: clock | cls: closed | cnx: cancellation | cons: consultant | ctry: country | dep: departure | desc: description
diag: diagnosis | dis: discharge | disp: disposal | dob: date of birth | dod: date of death | dst: destination | dt: date
dta: decision to admit | dtm: date time | dx: diagnosis | edd: expected discharge date | eml: email | epi: episode
eth: ethnic category | evt: event | exp: expiry | fl: flag | fnm: forename | fr: from | fsn: former surname | fst: first
gp: gp | gpr: gp registration | hosp: hospital | hsn: hospital number | id: id | iwl: waiting list | lang: language
lat: laterality | lst: list | lv: leave | mar: marital | mn: minutes | mrg: merge | mrn: patient number | mspec: main specialty
mth: method | nat: national | nhs: nhs | nm: name | no: number | nok: next of kin | num: number | off: offer | opd: outpatient
org: organisation | out: outcome | pat: patient | pc: postcode | pln: planned | poa: present on admission | prac: practice
pri: priority | proc: procedure | pwy: pathway | px: procedure | rcv: received | ref: referral | rel: religion | rmv: removal
rsn: reason | rtt: rtt | sect: section | seq: sequence | snm: surname | spec: specialty | spl: spell | src: source | st: status
stat: status | sus: suspension | tci: tci | tel: telephone | tfc: treatment function code | tm: time | tri: triage | ttl: title
typ: type | usr: user | val: value | ver: version | wl: waiting list | ws: ward stay | wt: weight
`;

/** Short form → the words it stands for. */
export const ABBREVIATIONS: ReadonlyMap<string, readonly string[]> = new Map(
  TEXT.split(/[|\n]/)
    .filter((entry) => entry.includes(':'))
    .map((entry) => {
      const [short = '', long = ''] = entry.split(':').map((part) => part.trim());
      return [short, long.split(' ')] as const;
    }),
);

/** `PAT_NO` → patient, number; `DTADM` stays one word. Case changes and digits also part words. */
export function wordsOfName(name: string): string[] {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '' && word !== 'load')
    .flatMap((word) => ABBREVIATIONS.get(word) ?? [word]);
}

const SILENT = new Set(['of', 'the', 'a', 'an', 'and', 'or', 'for', 'in', 'on', 'is', 's', 'patients']);

/** Words of a phrase without filling words, cut to their stem: *changed*, *change* and *changes* are one. */
export function stems(words: Iterable<string>): Set<string> {
  const found = new Set<string>();
  for (const word of words) {
    for (const part of word.toLowerCase().split(/[^a-z0-9&]+/)) {
      if (part === '' || SILENT.has(part) || /^\d$/.test(part)) continue;
      found.add(stem(part));
    }
  }
  return found;
}

/** *changed*, *changes* and *change* have one stem. */
export function stem(word: string): string {
  if (word.length <= 4) return word.replace(/([^s])s$/, '$1');
  return word
    .replace(/ies$/, 'y')
    .replace(/(es|s)$/, '')
    .replace(/(ing|ed|e)$/, '')
    .replace(/y$/, '');
}
