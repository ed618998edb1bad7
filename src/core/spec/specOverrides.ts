import { z } from 'zod';
import { FAMILIES } from '../concepts/vocabulary.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import { MEANINGS, type Meaning } from './headers.ts';

/**
 * `requirement_spec/overrides.json`: what people decide where the reader guesses wrong.
 * `headers`: `{"requirement_spec/source/dictionary.xlsx": {"Remark": "description", "Old type": ""}}` gives header texts
 * of one document (`*`: of all) their meaning, empty for none. `types`: `{"source": {"TABLE.FIELD": "$HOROLOG date"}}`.
 * `families`: `{"source": {"TABLE": "SPELL"}}`; `concepts`: `{"target": {"TABLE.FIELD": "admitted_at"}}` (empty: none).
 */
const Side = z.record(z.string(), z.string()).default({});
const Sides = z.strictObject({ source: Side, target: Side }).default({ source: {}, target: {} });
const Overrides = z.strictObject({
  headers: z.record(z.string(), z.record(z.string(), z.union([z.enum(MEANINGS), z.literal('')]))).default({}),
  types: Sides,
  families: Sides,
  concepts: Sides,
});
export type SpecOverrides = z.infer<typeof Overrides>;

/** Reads the overrides; none when there is no such file. A broken one is a `UserError` with the place. */
export async function readSpecOverrides(project: Project): Promise<SpecOverrides> {
  const text = await readOptionalText(project, ARTEFACTS.specOverrides);
  if (text === null) return Overrides.parse({});
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new UserError(`${ARTEFACTS.specOverrides}: is not valid JSON; mend it or take it away.`);
  }
  const parsed = Overrides.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new UserError(`${ARTEFACTS.specOverrides}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}.`);
  }
  for (const side of ['source', 'target'] as const) {
    for (const [table, family] of Object.entries(parsed.data.families[side])) {
      if (!FAMILIES.has(family))
        throw new UserError(
          `${ARTEFACTS.specOverrides}: families.${side}.${table}: ${family} is no table family; use one of ${[...FAMILIES.keys()].join(', ')}.`,
        );
    }
  }
  return parsed.data;
}

/** Header text → meaning, as decided for one document: its own words win over those for all. */
export function headersOf(overrides: SpecOverrides, file: string): Map<string, Meaning | ''> {
  return new Map([...Object.entries(overrides.headers['*'] ?? {}), ...Object.entries(overrides.headers[file] ?? {})]);
}
