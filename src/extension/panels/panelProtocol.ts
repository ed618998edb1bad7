import * as z from 'zod/mini';

/**
 * What every panel's page and the extension say to each other. A panel's own file names its questions and notices with
 * their shapes (`definePanel`); both ends read them from `unknown` with those shapes. Only plain data; pages import this.
 */

/** A question of a page and the shape of what it is answered with. */
export interface Question {
  readonly ask: z.ZodMiniType;
  readonly answer: z.ZodMiniType;
}

/** One panel: its bundle's name, and what its two ends say. */
export interface PanelShape {
  /** Also the name of its bundle in `dist/webviews` and of its folder in `webviews`. */
  readonly name: string;
  /** By name. The page asks, the extension answers each, with an error when it must. */
  readonly questions: Readonly<Record<string, Question>>;
  /** By name. The extension tells, nobody answers. */
  readonly notices: Readonly<Record<string, z.ZodMiniType>>;
}

/** Keeps the types of a panel's questions and notices. */
export function definePanel<const P extends PanelShape>(panel: P): P {
  return panel;
}

export type Asked<P extends PanelShape, K extends keyof P['questions']> = z.infer<P['questions'][K]['ask']>;
export type Answered<P extends PanelShape, K extends keyof P['questions']> = z.infer<P['questions'][K]['answer']>;
export type Noticed<P extends PanelShape, K extends keyof P['notices']> = z.infer<P['notices'][K]>;

/** For questions without words and answers without content. */
export const NOTHING = z.object({});

/** From a page: it listens, it asks, it has shown its first content, something in it went wrong. */
export const FromPanel = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('ask'), id: z.int(), question: z.string(), ask: z.unknown() }),
  z.object({ type: z.literal('shown') }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type FromPanel = z.infer<typeof FromPanel>;

/** To a page: which project it shows, an answer, a refusal in one sentence, a notice. */
export const ToPanel = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('setup'),
    /** Null when no project is open. */
    project: z.nullable(z.object({ root: z.string(), name: z.string() })),
    /** False when nothing may be run or written. */
    trusted: z.boolean(),
  }),
  z.object({ type: z.literal('answer'), id: z.int(), answer: z.unknown() }),
  z.object({ type: z.literal('refused'), id: z.int(), message: z.string() }),
  z.object({ type: z.literal('notice'), notice: z.string(), content: z.unknown() }),
]);
export type ToPanel = z.infer<typeof ToPanel>;
export type PanelSetup = Extract<ToPanel, { type: 'setup' }>;

/** What a page keeps with the editor: the project it shows, and what the page itself wants to find again. */
export const KeptState = z.object({ project: z.nullable(z.string()), page: z.unknown() });
