import { parse } from 'csv-parse/sync';
import { writeCatalogText } from '../../../src/core/catalog/catalogFile.ts';
import { runStage } from '../../../src/core/lifecycle/runStage.ts';
import type { StageDefinition } from '../../../src/core/lifecycle/stage.ts';
import { profileSource } from '../../../src/core/profile/profileSource.ts';
import { smallCatalog } from '../../support/catalog.ts';
import { type TestProject, withProject } from '../../support/project.ts';

export type Line = Record<string, string>;

/** What a run left behind: profile lines by `TABLE.FIELD`, link lines, the JSON report, and how it ended. */
export interface Found {
  readonly lines: ReadonlyMap<string, Line>;
  readonly links: readonly Line[];
  readonly report: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly status: string;
  readonly returnCode: number;
  readonly project: TestProject;
}

/** The files of a project whose source has these fields and whose `data/` holds these CSVs. */
export function profileProject(fields: string, files: Readonly<Record<string, string>>): Record<string, string> {
  const data = Object.entries(files).map(([name, text]) => [`data/${name}`, text] as const);
  const catalog = writeCatalogText(smallCatalog('source', fields));
  return { 'schemas/source_schema_catalog.csv': catalog, ...Object.fromEntries(data) };
}

/** Profiles `data/` of such a project and looks at what came out. */
export function profiled<T>(
  fields: string,
  files: Readonly<Record<string, string>>,
  look: (found: Found) => Promise<T> | T,
  options: { threads?: number; signal?: AbortSignal } = {},
): Promise<T> {
  return withProject(profileProject(fields, files), async (project) => {
    const stage = profileSource as unknown as StageDefinition;
    const outcome = await runStage(project.context(options), stage, { source_dir: 'data' });
    const table = async (name: string): Promise<Line[]> =>
      parse((await project.readIfThere(`reports/${name}`)) ?? '', { columns: true });
    const lines = (await table('source_profile.csv')).map(
      (line) => [`${line['table_name']}.${line['field_name']}`, line] as const,
    );
    return look({
      lines: new Map(lines),
      links: await table('source_relationships.csv'),
      report: JSON.parse((await project.readIfThere('reports/source_profile.json')) ?? '{}') as Found['report'],
      text: (outcome.result?.text ?? [outcome.error?.message ?? '']).join('\n'),
      status: outcome.status,
      returnCode: outcome.returnCode,
      project,
    });
  });
}

/** A CSV with the one column `V`. */
export function column(values: readonly string[]): string {
  return `V\n${values.map((value) => `"${value}"`).join('\n')}\n`;
}
