import { stat } from 'node:fs/promises';
import type { Engine } from '../../engine/engine.ts';
import { quoteLiteral } from '../../engine/sqlText.ts';
import { ROLES, roleWords } from '../../governance/roleNames.ts';
import { ISSUE_GROUP_KEY_SQL, REJECT_GROUP_KEY_SQL, REJECT_KEY_SQL } from '../../governance/triageKeys.ts';
import { isRejectSummarySql } from '../../migration/rejectSummary.ts';
import { ISSUE_COLUMNS, REJECT_COLUMNS_WITHOUT_VALUE } from '../../project/evidenceColumns.ts';
import { ARTEFACTS, type Project } from '../../project/layout.ts';
import { ROW_NUMBER } from '../../quality/canonical.ts';
import { importCsv } from '../../quality/loadCsv.ts';
import { counted } from '../../shared/counted.ts';
import { UserError } from '../../shared/errors.ts';
import { DOMAIN_FILES, importDomains } from './issueDomains.ts';
import type { IssueFiles, IssueOrigin } from './issueQuery.ts';

/** The files that hold issues, and the command that makes them anew. */
export const ISSUE_FILES: Readonly<Record<IssueOrigin, { readonly path: string; readonly command: string }>> = {
  quality: { path: ARTEFACTS.qualityIssues, command: 'run-enterprise-pipeline' },
  migration: { path: ARTEFACTS.migrationIssues, command: 'run-contract-migration' },
  reject: { path: ARTEFACTS.migrationRejects, command: 'run-contract-migration' },
};

/** What identifies a state of the files that the list is made from, without reading them. */
export async function issueFilesStamp(project: Project): Promise<string> {
  const files = [...Object.values(ISSUE_FILES).map(({ path }) => path), ...DOMAIN_FILES];
  const stamps = files.map(async (path) => {
    const found = await stat(project.at(path)).catch(() => null);
    return found === null ? '-' : `${found.size}:${found.mtimeMs}:${found.ino}`;
  });
  return (await Promise.all(stamps)).join('|');
}

/**
 * Reads the issue files into the engine, so that a million lines are paged without any of them being in JavaScript:
 *
 * - `cause`: what many lines share (origin, severity, rule, table, field, wording without numbers), in the list's order;
 *   `start` and `n` say which lines are its own
 * - `issue`: one row a line, numbered by cause and place in its file
 * - `message`: each wording once
 * - `reject_place`: where a reject's source row stands
 *
 * Lines of the migration's issues that only sum up rejects are left out: the rejects are listed themselves.
 *
 * A file that is missing gives no lines; one that cannot be read gives a notice.
 *
 * @param goOn called between steps; throws to stop
 */
export async function importIssues(
  engine: Engine,
  project: Project,
  goOn: () => void = () => undefined,
): Promise<Pick<IssueFiles, 'files' | 'notices' | 'total'>> {
  for (const table of ['issue', 'cause', 'message', 'reject_place', 'raw_quality', 'raw_migration', 'raw_reject'])
    await engine.run(`DROP TABLE IF EXISTS ${table}`);
  const files: IssueFiles['files'][number][] = [];
  const notices: string[] = [];
  for (const origin of ['quality', 'migration', 'reject'] as const) {
    goOn();
    files.push(await importRaw(engine, project, origin, notices));
  }
  const summaries = await engine.run(`DELETE FROM raw_migration WHERE ${isRejectSummarySql('raw_reject')}`);
  goOn();
  await importDomains(engine, project);
  const listed = files.map((file) => (file.origin === 'migration' ? { ...file, rows: file.rows - summaries } : file));
  for (const statement of [STAGED, MESSAGES, CAUSES, ISSUES, STARTS]) {
    goOn();
    await engine.run(statement);
  }
  await engine.run(
    `CREATE TABLE reject_place AS SELECT ${ROW_NUMBER} AS record, coalesce(source_row, '') AS source_row FROM raw_reject`,
  );
  for (const table of ['raw_quality', 'raw_migration', 'raw_reject', 'message_text', 'table_domain'])
    await engine.run(`DROP TABLE IF EXISTS ${table}`);
  await engine.run('DROP VIEW IF EXISTS staged');
  return { files: listed, notices, total: listed.reduce((sum, { rows }) => sum + rows, 0) };
}

async function importRaw(
  engine: Engine,
  project: Project,
  origin: IssueOrigin,
  notices: string[],
): Promise<IssueFiles['files'][number]> {
  const { path, command } = ISSUE_FILES[origin];
  const table = `raw_${origin}`;
  const columns = origin === 'reject' ? REJECT_COLUMNS_WITHOUT_VALUE : ISSUE_COLUMNS;
  const bytes = (await stat(project.at(path)).catch(() => null))?.size ?? null;
  const next = `Run ${command} again.`;
  if (bytes !== null) {
    try {
      const read = await importCsv(engine, {
        path: project.at(path),
        name: path,
        schema: 'main',
        table,
        columns,
        next,
        tolerant: true,
      });
      if (read.unreadable > 0)
        notices.push(`${path}: ${counted(read.unreadable, 'line')} not well-formed, and left out. ${next}`);
      return { origin, path, rows: read.rows, bytes };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      notices.push(error.message);
      await engine.run(`DROP TABLE IF EXISTS ${table}`);
    }
  }
  const none = columns.map((name) => `CAST(NULL AS VARCHAR) AS ${name}`).join(', ');
  await engine.run(`CREATE TABLE ${table} AS SELECT CAST(0 AS BIGINT) AS ${ROW_NUMBER}, ${none} WHERE FALSE`);
  return { origin, path, rows: 0, bytes };
}

/** A role by its one name, also where a file of an earlier version calls it otherwise. */
const ROLE_TITLE = `CASE lower(trim(owner_role)) ${roleWords()
  .map(([words, title]) => `WHEN ${quoteLiteral(words)} THEN ${quoteLiteral(title)}`)
  .join(' ')} ELSE coalesce(owner_role, '') END`;

const ofIssues = (origin: IssueOrigin): string =>
  `SELECT '${origin}' AS origin, ${ROW_NUMBER} AS record, ${ISSUE_COLUMNS.map((name) => `${name === 'owner_role' ? ROLE_TITLE : `coalesce(${name}, '')`} AS ${name}`).join(', ')}, '' AS reject_group, '' AS source_table, '' AS source_field, '' AS crosswalk FROM raw_${origin}`;

const FROM_SOURCE =
  "concat(source_table, CASE WHEN coalesce(source_field, '') = '' THEN '' ELSE '.' || source_field END)";

/** A reject in an issue's words. Its value stays in the rejects file. */
const OF_REJECTS = `SELECT 'reject' AS origin, ${ROW_NUMBER} AS record, ${REJECT_KEY_SQL} AS issue_key,
  CASE WHEN safety_critical = 'Y' OR row_policy = 'hold' THEN 'ERROR' ELSE 'WARN' END AS severity,
  CASE WHEN safety_critical = 'Y' THEN 'safety-critical reject' ELSE 'reject' END AS category,
  coalesce(reason, '') AS rule_id, '' AS domain, coalesce(target_table, '') AS table_name,
  coalesce(target_field, '') AS field_name, coalesce(row_key, '') AS row_key,
  concat(reason, ' from ', ${FROM_SOURCE}, CASE WHEN coalesce(crosswalk, '') = '' THEN '' ELSE ' through crosswalk ' || crosswalk END,
    CASE WHEN row_policy = 'hold' THEN '; the row is held' ELSE '; loaded without the value' END) AS message,
  CASE WHEN safety_critical = 'Y' THEN ${quoteLiteral(ROLES.clinical_safety_reviewer)} ELSE ${quoteLiteral(ROLES.data_quality_lead)} END AS owner_role, ${REJECT_GROUP_KEY_SQL} AS reject_group,
  coalesce(source_table, '') AS source_table, coalesce(source_field, '') AS source_field, coalesce(crosswalk, '') AS crosswalk
  FROM raw_reject`;

const STAGED = `CREATE OR REPLACE VIEW staged AS
  SELECT s.* REPLACE (CASE WHEN s.domain = '' THEN coalesce(d.domain, '') ELSE s.domain END AS domain)
  FROM (${[ofIssues('quality'), ofIssues('migration'), OF_REJECTS].join(' UNION ALL ')}) s
    LEFT JOIN table_domain d USING (table_name)`;

/** Numbers and quoted text differ from row to row of one cause. */
const PATTERN = `regexp_replace(regexp_replace(message, '[0-9]+([.,:/-][0-9]+)*', '#', 'g'), ${quoteLiteral(`'[^']*'|"[^"]*"|“[^”]*”`)}, '“…”', 'g')`;

const MESSAGES = `CREATE TABLE message AS SELECT row_number() OVER (ORDER BY message) AS message_id, message, ${PATTERN} AS pattern
  FROM (SELECT DISTINCT message FROM staged)`;

export const SEVERITY_RANK = "CASE severity WHEN 'ERROR' THEN 0 WHEN 'WARN' THEN 1 WHEN 'INFO' THEN 2 ELSE 3 END";
const SHARED =
  'origin, severity, category, rule_id, domain, table_name, field_name, owner_role, reject_group, source_table, source_field, crosswalk';

const CAUSES =
  `CREATE TABLE cause AS SELECT (row_number() OVER (ORDER BY ${SEVERITY_RANK}, rule_id, table_name, field_name, pattern, ALL_COLUMNS))::INTEGER AS cause, *,
  CASE WHEN origin = 'reject' THEN reject_group ELSE ${ISSUE_GROUP_KEY_SQL} END AS group_key
  FROM (SELECT ${SHARED}, pattern, min(message) AS example, count(*)::BIGINT AS n FROM staged JOIN message USING (message) GROUP BY ALL)`.replace(
    'ALL_COLUMNS',
    SHARED,
  );

const ISSUES = `CREATE TABLE issue AS SELECT row_number() OVER (ORDER BY cause, record) AS ordinal, cause, message_id, record, issue_key, row_key
  FROM (SELECT c.cause, m.message_id, s.record, s.issue_key, s.row_key FROM staged s JOIN message m ON s.message = m.message
    JOIN cause c ON ${SHARED.split(', ')
      .map((name) => `s.${name} = c.${name}`)
      .join(' AND ')} AND m.pattern = c.pattern)
  ORDER BY ordinal`;

const STARTS =
  'CREATE OR REPLACE TABLE cause AS SELECT *, (sum(n) OVER (ORDER BY cause) - n + 1)::BIGINT AS start FROM cause';
