import { throwIfCancelled, UserError } from '../../shared/errors.ts';
import { formatProblem, hasErrors, type Problem } from '../../shared/problem.ts';
import type { TestReport } from '../connector.ts';
import { type CsvConnection, Inspector } from './inspect.ts';
import { listTables } from './tableFiles.ts';

/** Looks at the beginning of every file of the folder: which tables can be read, and what is wrong with the others. */
export async function testFolder(connection: CsvConnection): Promise<TestReport> {
  const { options, context } = connection;
  const found = await listTables(context.project, options.path).catch((error: unknown) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  if (found instanceof UserError) return { ok: false, message: found.message, details: {} };
  const problems: Problem[] = found.broken.map(({ problem }) => problem);
  let good = 0;
  let written: Record<string, string> = {};
  const inspector = new Inspector(connection);
  try {
    for (const table of found.tables) {
      throwIfCancelled(context.signal);
      const { faults, rows, peek } = await inspector.inspect(table);
      const told = [...faults, ...rows].filter(({ severity }) => severity !== 'info');
      problems.push(...told);
      if (!hasErrors(told)) good += 1;
      if (peek === null || faults.length > 0 || 'encoding' in written) continue;
      const { encoding, dialect } = peek;
      written = { encoding, delimiter: dialect.delimiter === '\t' ? 'tab' : dialect.delimiter };
    }
  } finally {
    await inspector.close();
  }
  const total = found.tables.length + found.broken.length;
  return {
    ok: good === total,
    answers: good > 0,
    message: messageOf(context.project.name(options.path), good, total, problems),
    details: {
      tables: good,
      files: found.tables.reduce((sum, table) => sum + table.files.length, 0),
      parquet: found.tables.filter((table) => table.parquet).length,
      problems: problems.length,
      ...written,
    },
    problems,
  };
}

function messageOf(folder: string, good: number, total: number, problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) {
    const warned = problems.length === 0 ? '' : ` ${problems.length} warnings tell of rows or characters.`;
    return `${total} tables are in ${folder}.${warned}`;
  }
  const more = errors.length > 1 ? ` There are ${errors.length - 1} more problems.` : '';
  return `${good} of ${total} tables in ${folder} can be read. ${formatProblem(first)}${more}`;
}
