import { findNodeAtLocation, getNodeValue, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import type { Parsed, Place, Problem } from '../shared/problem.ts';

/**
 * Reads a JSON file that people edit: never throws; every problem stands at its line and column.
 *
 * @param file project-relative name; @param code problem code of the kind of file
 * @returns null with problems when it does not have the shape
 */
export function readJsonText<T>(text: string, file: string, shape: z.ZodType<T>, code: string): Parsed<T | null> {
  const body = text.replace(/^\uFEFF/, '');
  const errors: ParseError[] = [];
  const tree = parseTree(body, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first !== undefined || tree === undefined) {
    const why = first === undefined ? 'it is empty' : printParseErrorCode(first.error);
    const message = `The file is not valid JSON (${why}); mend it here.`;
    return { value: null, problems: [{ code, severity: 'error', message, place: placeAt(body, file, first?.offset) }] };
  }
  const read = shape.safeParse(getNodeValue(tree));
  if (read.success) return { value: read.data, problems: [] };
  const problems = read.error.issues.map((issue): Problem => {
    const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol');
    const message = `${path.length === 0 ? 'The file' : path.join('.')}: ${issue.message}.`.replace(/\.\.$/, '.');
    return { code, severity: 'error', message, place: jsonPlace(body, file, path) };
  });
  return { value: null, problems };
}

/** Place of a value in a JSON text; of the nearest one around it when it is not there. */
export function jsonPlace(text: string, file: string, path: readonly (string | number)[]): Place {
  const body = text.replace(/^\uFEFF/, '');
  const tree = parseTree(body);
  for (let depth = path.length; tree !== undefined && depth >= 0; depth -= 1) {
    const node = findNodeAtLocation(tree, path.slice(0, depth));
    if (node !== undefined) return placeAt(body, file, node.offset);
  }
  return { file, line: 1 };
}

function placeAt(text: string, file: string, offset = 0): Place {
  const before = text.slice(0, offset).split('\n');
  return { file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
