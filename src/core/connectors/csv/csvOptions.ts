import { z } from 'zod';
import { ARTEFACTS } from '../../project/layout.ts';

export const ENCODINGS = ['auto', 'utf-8', 'utf-16le', 'utf-16be', 'windows-1252'] as const;
export const FILE_FORMATS = ['csv', 'csv.gz', 'parquet'] as const;

/** One ASCII character that may stand between cells: no letter, digit, quote, blank or line end. */
const DELIMITER = /^(auto|tab|[\t!#$%&()*+,\-./:;<=>?@[\\\]^_`{|}~])$/;

export const CsvOptions = z.object({
  path: z
    .string()
    .min(1)
    .regex(/^[^\0]*$/, 'must not hold a NUL character')
    .default(ARTEFACTS.mockSource)
    .describe('folder with one file (or one folder of parts) per table, or a single file'),
  delimiter: z
    .string()
    .regex(DELIMITER, 'must be auto, tab, or one character such as , ; | ^ ~')
    .default('auto')
    .describe('character between cells; auto looks at the file'),
  quote: z.enum(['double', 'single', 'none']).default('double').describe('character around cells that need one'),
  escape: z.enum(['doubled', 'backslash']).default('doubled').describe('how a quote inside a quoted cell is written'),
  encoding: z.enum(ENCODINGS).default('auto').describe('how characters are written; auto looks at the bytes'),
  header: z.boolean().default(true).describe('the first row names the columns; without it the source catalog does'),
  null_text: z
    .string()
    .max(20)
    .regex(/^[^\r\n\0]*$/, 'must be on one line')
    .default('')
    .describe('text that stands for "no value" beside the empty cell, e.g. NULL or \\N'),
  ragged_rows: z
    .enum(['stop', 'leave_out'])
    .default('stop')
    .describe('rows with too few or too many cells: refuse the table, or leave them out and count them'),
  file_format: z.enum(FILE_FORMATS).default('csv').describe('form of the files that a load writes'),
});
export type CsvOptions = z.infer<typeof CsvOptions>;
