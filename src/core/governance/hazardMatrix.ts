import { z } from 'zod';
import { readJsonText } from '../project/jsonText.ts';
import { ARTEFACTS, type Project } from '../project/layout.ts';
import { readOptionalText } from '../project/readText.ts';
import { UserError } from '../shared/errors.ts';
import type { Parsed } from '../shared/problem.ts';

const Word = z.string().trim().min(1).max(60);
const MatrixFile = z
  .strictObject({
    schema_version: z.literal(1),
    source: z.string().default(''),
    /** Least first. */
    severities: z.array(Word).min(2).max(10),
    likelihoods: z.array(Word).min(2).max(10),
    /** One row a likelihood, one column a severity. */
    ratings: z.array(z.array(z.int().min(1).max(10))),
    /** A residual rating up to this needs nobody's acceptance; up to the next one a named person's; above none is enough. */
    acceptable_max: z.int().min(1),
    tolerable_max: z.int().min(1),
    meanings: z.record(z.string(), z.string()).default({}),
  })
  .refine(
    ({ ratings, likelihoods, severities }) =>
      ratings.length === likelihoods.length && ratings.every((row) => row.length === severities.length),
    { path: ['ratings'], message: 'needs one row for each likelihood and one number in it for each severity' },
  );
/** How severity and likelihood make a rating. The organisation's own; people score, this only looks up. */
export type HazardMatrix = z.infer<typeof MatrixFile>;

/** The matrix of the NHS UK Core hazard log; the default where a project has none of its own. */
export const NHS_MATRIX: HazardMatrix = {
  schema_version: 1,
  source: 'NHS England UK Core hazard log',
  severities: ['Minor', 'Significant', 'Considerable', 'Major', 'Catastrophic'],
  likelihoods: ['Very low', 'Low', 'Medium', 'High', 'Very high'],
  ratings: [
    [1, 1, 2, 2, 3],
    [1, 2, 2, 3, 4],
    [2, 2, 3, 3, 4],
    [2, 3, 3, 4, 5],
    [3, 4, 4, 5, 5],
  ],
  acceptable_max: 2,
  tolerable_max: 3,
  meanings: {
    '1': 'Acceptable',
    '2': 'Acceptable where further reduction costs more than it helps',
    '3': 'Undesirable; acceptable only when further reduction is impractical',
    '4': 'Mandatory elimination or control',
    '5': 'Unacceptable',
  },
};

/** Reads the text of a matrix; never throws. */
export function readMatrixFile(text: string): Parsed<HazardMatrix | null> {
  return readJsonText(text, ARTEFACTS.hazardMatrix, MatrixFile, 'hazard-matrix-invalid');
}

/** The project's matrix, or the NHS one. A broken file is a `UserError`: a rating by another matrix would be a wrong one. */
export async function readHazardMatrix(project: Project): Promise<HazardMatrix> {
  const text = await readOptionalText(project, ARTEFACTS.hazardMatrix);
  if (text === null) return NHS_MATRIX;
  const { value, problems } = readMatrixFile(text);
  if (value === null) throw UserError.from(problems);
  return value;
}

/** The rating of a score; null when it is not scored in the matrix's words. */
export function ratingOf(matrix: HazardMatrix, severity: string, likelihood: string): number | null {
  const column = indexOf(matrix.severities, severity);
  const row = indexOf(matrix.likelihoods, likelihood);
  return matrix.ratings[row]?.[column] ?? null;
}

/** Place of a word in a scale, in any case; -1 when it is none. */
export function indexOf(scale: readonly string[], word: string): number {
  return scale.findIndex((known) => known.toLowerCase() === word.trim().toLowerCase());
}
