import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEntry } from '../audit/auditLog.ts';
import type { GateReportFile } from '../gates/reports.ts';
import type { HazardReview } from '../governance/hazardStatus.ts';
import { type Incident, standing } from '../governance/incidents.ts';
import type { StepState } from '../governance/signOffs.ts';
import type { TriageLine } from '../governance/triage.ts';
import { badge, html, type Markup, table } from './html.ts';
import { REPORT_STYLE } from './reportStyle.ts';

/** What the report tells. Everything comes from files of the pack; nothing from the clock. */
export interface ReportFacts {
  readonly asOf: string;
  readonly gates: z.infer<typeof GateReportFile>;
  readonly counts: readonly (readonly [name: string, value: string | number])[];
  readonly tables: readonly Readonly<Record<string, string>>[];
  readonly rules: readonly {
    readonly id: string;
    readonly severity: string;
    readonly status: string;
    readonly numerator: number;
    readonly denominator: number;
  }[];
  readonly signOffs: readonly StepState[];
  /** Why the candidate cannot be signed as it is; null when it can. */
  readonly obstacle: string | null;
  /** True when files changed since the gates judged them. */
  readonly stale: boolean;
  readonly lock: string;
  readonly triage: readonly TriageLine[];
  readonly hazards: HazardReview;
  readonly incidents: readonly Incident[];
  readonly auditLog: readonly AuditEntry[];
  readonly environment: Readonly<Record<string, string>>;
  /** Files of the pack but the report itself. */
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
  readonly fingerprint: string;
}

/** The report as one HTML page: no script, nothing fetched, every text escaped; it prints to PDF from any browser. */
export function evidenceReport(facts: ReportFacts): string {
  const hash = createHash('sha256').update(REPORT_STYLE, 'utf8').digest('base64');
  const { gates } = facts;
  const passed = gates.status === 'PASS';
  const sections = [
    section('Decision', gateSection(facts)),
    section('Sign-off', signSection(facts)),
    section('Rows of each target table', tableSection(facts)),
    section('Data quality', ruleSection(facts)),
    section('Triage', triageSection(facts)),
    section('Hazards', hazardSection(facts)),
    section('Incidents', incidentSection(facts)),
    section('Changed thresholds and refused actions', overrideSection(facts)),
    section('Who did what', auditSection(facts)),
    section('Environment', table(['What', 'Version'], Object.entries(facts.environment), '')),
    section('Files', fileSection(facts)),
    section('How to check this pack', checkSection(facts)),
  ];
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Migration evidence, ${gates.profile}, ${gates.status}</title>
<style>${raw(REPORT_STYLE)}</style>
</head>
<body>
<h1>Migration evidence</h1>
<p class="lead">Profile ${gates.profile}. Everything here is as of ${moment(facts.asOf)}, from the files of this pack.</p>
<dl class="facts">
<div><dt>Release decision</dt><dd>${badge(facts.stale ? `${gates.status}, of an earlier state` : gates.status, passed && !facts.stale ? 'good' : 'bad')}</dd></div>
${facts.counts.map(
  ([
    name,
    value,
  ]) => html`<div><dt>${name}</dt><dd>${typeof value === 'number' ? value.toLocaleString('en-GB') : value}</dd></div>
`,
)}</dl>
${sections}</body>
</html>
`;
  return page.text;
}

function section(title: string, content: Markup): Markup {
  return html`<section><h2>${title}</h2>
${content}
</section>
`;
}

/** The style is this product's own text. */
function raw(text: string): Markup {
  return Object.assign(html``, { text });
}

function moment(utc: string): string {
  return utc === '' ? 'an unknown time' : `${utc.slice(0, 10)} ${utc.slice(11, 19)} UTC`;
}

function gateSection({ gates }: ReportFacts): Markup {
  return table(
    ['Verdict', 'Gate', 'Measured', 'Asked for', 'Why', 'Answers'],
    gates.gates.map((gate) => [
      badge(gate.verdict, gate.verdict === 'PASS' ? 'good' : gate.verdict === 'FAIL' ? 'bad' : 'open'),
      gate.title,
      String(gate.actual ?? '–'),
      String(gate.expected ?? '–'),
      gate.message,
      gate.owner_role,
    ]),
    'No gate was judged.',
  );
}

function signSection({ signOffs, obstacle, lock }: ReportFacts): Markup {
  const rows = signOffs.map((step) => [
    step.title,
    badge(step.state, step.state === 'signed' ? 'good' : step.state === 'void' ? 'bad' : 'open'),
    step.person,
    step.signedAt === '' ? '' : moment(step.signedAt),
    step.why,
  ]);
  return html`${table(['Step', 'State', 'Person', 'When', 'Remark'], rows, 'Nothing was signed.')}
<p>Contract lock: ${lock}</p>${obstacle === null ? '' : html`<p>As it is, the candidate cannot be signed: ${obstacle}</p>`}`;
}

function tableSection({ tables }: ReportFacts): Markup {
  const columns = ['rows_read', 'rows_written', 'rows_rejected', 'rows_excluded', 'rows_merged', 'rows_unexplained'];
  const rows = tables.map((line) => [
    line['target_table'] || 'not migrated',
    line['source_table'] ?? '',
    ...columns.map((name) => Number(line[name] ?? 0)),
  ]);
  return table(
    ['Target', 'Source', 'Read', 'Written', 'Rejected', 'Excluded', 'Merged', 'Unexplained'],
    rows,
    'No table was migrated.',
  );
}

function ruleSection({ rules }: ReportFacts): Markup {
  const failing = rules.filter(({ status }) => status === 'failed' || status === 'error');
  const silent = rules.filter(({ status }) => status === 'not_applicable').length;
  return html`<p>${rules.length} rules: ${rules.length - failing.length - silent} passed, ${failing.length} failed, ${silent} had nothing to examine.</p>
${table(
  ['Rule', 'Severity', 'Failing', 'Of'],
  failing.map((rule) => [rule.id, rule.severity, rule.numerator, rule.denominator]),
  'No rule fails.',
)}`;
}

function triageSection({ triage }: ReportFacts): Markup {
  return table(
    ['About', 'Decision', 'Owner', 'Due', 'By', 'When'],
    triage.map((line) => [
      line.about,
      line.disposition || 'open',
      line.owner,
      line.dueDate,
      line.decidedBy,
      line.decidedAtUtc === '' ? '' : moment(line.decidedAtUtc),
    ]),
    'Nothing was triaged.',
  );
}

function hazardSection({ hazards }: ReportFacts): Markup {
  const rows = hazards.hazards.map((hazard) => {
    const green = hazard.controls.filter(({ state }) => state === 'green').length;
    const others = hazard.controls
      .filter(({ state }) => state !== 'green')
      .map(({ id, state }) => `${id} ${state.replace('_', ' ')}`);
    return [
      hazard.id,
      hazard.title,
      hazard.status,
      hazard.initialRating ?? 'not scored',
      hazard.residualRating ?? 'not scored',
      hazard.controls.length === 0
        ? 'none linked'
        : [`${green} of ${hazard.controls.length} green`, ...others].join(', '),
      hazard.obstacle ?? '',
    ];
  });
  return table(
    ['Hazard', 'Title', 'Status', 'Rating before', 'Rating now', 'Controls', 'Remark'],
    rows,
    'There is no hazard log.',
  );
}

function incidentSection({ incidents }: ReportFacts): Markup {
  const rows = incidents.map((incident) => [
    incident.incident_id,
    badge(incident.status, incident.status === 'closed' ? 'good' : 'bad'),
    incident.reason,
    moment(incident.opened_at_utc),
    standing(incident)
      .map(({ step, by }) => `${step.replaceAll('_', ' ')} (${by})`)
      .join(', '),
  ]);
  return table(['Incident', 'State', 'Reason', 'Opened', 'Steps'], rows, 'There was none.');
}

const Threshold = z.object({
  profile: z.string(),
  threshold: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  reason: z.string(),
  changedBy: z.string(),
  fault: z.string(),
});

/** People should see who moved a limit, and who tried what they may not. */
function overrideSection({ auditLog }: ReportFacts): Markup {
  const changes = auditLog.flatMap(({ event, at_utc: at, details }) =>
    event === 'thresholds-changed'
      ? (z.array(Threshold).safeParse(details['changes']).data ?? []).map((change) => ({ at, ...change }))
      : [],
  );
  const refused = auditLog.filter(({ details }) => details['status'] === 'error');
  return html`${table(
    ['When', 'Threshold', 'Before', 'After', 'By', 'Reason', 'Fault'],
    changes.map((change) => [
      moment(change.at),
      `${change.profile}.${change.threshold}`,
      JSON.stringify(change.before),
      JSON.stringify(change.after),
      change.changedBy,
      change.reason,
      change.fault,
    ]),
    'No threshold was changed.',
  )}
${table(
  ['When', 'Who', 'Command', 'Refused because'],
  refused
    .slice(-30)
    .map((entry) => [
      moment(entry.at_utc),
      entry.who,
      String(entry.details['command'] ?? ''),
      String(entry.details['error'] ?? ''),
    ]),
  'Nothing was refused.',
)}`;
}

function auditSection({ auditLog }: ReportFacts): Markup {
  const shown = auditLog.slice(-40);
  return html`<p>${auditLog.length} entries, each carries the hash of the one before; the newest ${shown.length} are shown.</p>
${table(
  ['No.', 'When', 'Who', 'Event', 'Command', 'Outcome'],
  shown.map((entry) => [
    String(entry.sequence),
    moment(entry.at_utc),
    entry.who,
    entry.event,
    String(entry.details['command'] ?? ''),
    String(entry.details['status'] ?? ''),
  ]),
  'The log is empty.',
)}`;
}

function fileSection({ files }: ReportFacts): Markup {
  return table(
    ['File', 'Bytes', 'SHA-256'],
    files.map(({ path, bytes, sha256 }) => [path, bytes, html`<code>${sha256}</code>`]),
    '',
  );
}

function checkSection({ fingerprint }: ReportFacts): Markup {
  return html`<p>The manifest lists every file with its SHA-256 and is signed with an Ed25519 key. On any machine with Node:</p>
<p><code>node verify-evidence.mjs PACK --key ${fingerprint}</code></p>
<p>or <code>pas-migration evidence verify PACK --key ${fingerprint}</code>. The key in the pack proves only that one key signed all of it.
Whose key it is, its fingerprint tells: compare it with the one that the signer gave you by another way than this pack.</p>`;
}
