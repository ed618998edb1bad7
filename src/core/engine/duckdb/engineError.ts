/** An error of the SQL engine with every quoted value taken out, because a value may be a patient's. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}

/**
 * DuckDB's errors have no codes and quote the cell they choke on. Keeps the kind of error and its words, replaces
 * what stands in quotes, and drops the echo of the SQL text and of the CSV line.
 */
export function describeEngineError(error: unknown): Error {
  if (!(error instanceof Error)) return new EngineError('The SQL engine failed without saying why.');
  const firstLine = error.message.split('\n', 1)[0] ?? '';
  const kept = firstLine.replace(/'[^']*'/g, "'…'").replace(/\b\d{6,}\b/g, '…');
  const described = new EngineError(kept);
  described.cause = process.env['PAS_MIGRATION_DEBUG'] === undefined ? undefined : error;
  return described;
}
