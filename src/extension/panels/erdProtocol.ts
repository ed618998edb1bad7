import * as z from 'zod/mini';
import type { ErdModel } from '../../core/erd/model.ts';
import { DENSITIES, type ErdSettings, MAX_HOPS } from '../../core/erd/view.ts';
import { definePanel, NOTHING } from './panelProtocol.ts';

export const Side = z.enum(['source', 'target']);

/** What a person asked to see, as a page or the workspace kept it. */
export const Settings: z.ZodMiniType<ErdSettings> = z.object({
  roots: z.union([z.enum(['connected', 'all']), z.array(z.string())]),
  hops: z.int().check(z.gte(0), z.lte(MAX_HOPS)),
  density: z.enum(DENSITIES),
  domains: z.nullable(z.array(z.string())),
  links: z.object({ declared: z.boolean(), inferred: z.boolean(), minScore: z.number() }),
});

/** A view with a name, kept by the extension for the project's workspace. */
export const SavedView = z.object({ name: z.string(), side: Side, settings: Settings });
export type SavedView = z.infer<typeof SavedView>;

/** How a diagram can be taken out of the panel. */
export const EXPORT_FORMATS = ['svg', 'png', 'mermaid'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/**
 * A schema as a graph. Only its outline is looked at: it comes from our own core in the same version, and to look at each
 * of 40,000 columns would hold up the first drawing.
 */
const Model = z.custom<ErdModel>((value) => {
  const { tables, links } = (value ?? {}) as Partial<ErdModel>;
  return Array.isArray(tables) && Array.isArray(links);
});

const Content = z.object({
  source: z.nullable(Model),
  target: z.nullable(Model),
  /** What could not be read, as sentences. */
  problems: z.array(z.string()),
  views: z.array(SavedView),
});
export type ErdContent = Readonly<z.infer<typeof Content>>;

/** The entity relationship diagram of a project's schemas. */
export const ERD = definePanel({
  name: 'erd',
  questions: {
    content: { ask: NOTHING, answer: Content },
    saveViews: { ask: z.object({ views: z.array(SavedView) }), answer: NOTHING },
    /** Text for SVG and mermaid, base64 for PNG; answered with the file's name, null when the person chose none. */
    export: {
      ask: z.object({ format: z.enum(EXPORT_FORMATS), side: Side, data: z.string() }),
      answer: z.object({ file: z.nullable(z.string()) }),
    },
    /** Opens the catalog, at the table's first line when one is given. */
    reveal: { ask: z.object({ side: Side, table: z.nullable(z.string()) }), answer: NOTHING },
    extractSpecs: { ask: NOTHING, answer: NOTHING },
  },
  notices: {
    changed: NOTHING,
    /** Show this table and its neighbours. */
    focus: z.object({ side: Side, table: z.string() }),
  },
});
