/** SQL products whose table definitions are read. */
export const DIALECTS = ['postgres', 'mysql', 'oracle', 'mssql'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** Words that one product writes and the others do not. */
const MARKS: Readonly<Record<Dialect, RegExp>> = {
  postgres:
    /\b(character varying|timestamp(\(\d\))? with(out)? time zone|bytea|jsonb?|bigserial|serial|text\[\]|owner to|alter table only|nextval|timestamptz|int[248]|bool)\b|::/gi,
  mysql: /`|\b(auto_increment|engine\s*=|unsigned|tinyint\(\d\)|mediumint|longtext|charset|enum\()/gi,
  oracle: /\b(n?varchar2|number\(|tablespace|pctfree|clob|segment creation|sysdate|using index|byte\))/gi,
  mssql:
    /^go\s*$|\[dbo\]|\b(identity\(|nvarchar\(|datetime2|uniqueidentifier|nonclustered|clustered|with (no)?check add|\bbit\b)/gim,
};

/** The product a script was written for, by its words; PostgreSQL, the nearest to the standard, when nothing tells. */
export function dialectOf(script: string): Dialect {
  const sample = script.length > 400_000 ? script.slice(0, 400_000) : script;
  const marks = (dialect: Dialect): number => sample.match(MARKS[dialect])?.length ?? 0;
  return DIALECTS.reduce((best, dialect) => (marks(dialect) > marks(best) ? dialect : best));
}
