import { bindColumns, type Scope } from './bind.ts';
import type { CompileInput } from './compileContract.ts';
import type { Expression } from './expression.ts';

/** Binds one parsed rule text to the tables in scope; reports the fault and gives null when that fails. */
export function compileText(
  text: string,
  scope: Scope,
  input: CompileInput,
  report: (message: string) => void,
): Expression | null {
  const parsed = input.rules.get(text);
  if (parsed === undefined) throw new Error('A rule was compiled before it was parsed.');
  if (!parsed.ok) {
    report(
      parsed.fault.offset === null
        ? parsed.fault.message
        : `at character ${parsed.fault.offset + 1}: ${parsed.fault.message}`,
    );
    return null;
  }
  const bound = bindColumns(parsed.expression, scope);
  if ('fault' in bound) {
    report(bound.fault);
    return null;
  }
  return bound.expression;
}
