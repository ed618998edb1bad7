import type { CatalogSide } from '../../core/catalog/catalog.ts';
import type { ErdModel } from '../../core/erd/model.ts';
import { DENSITIES, type ErdSettings, MAX_HOPS } from '../../core/erd/view.ts';

/** What the ERD panel's page and the extension say to each other. Only plain data; both sides import this file. */

/** A view with a name, kept by the extension for the project's workspace. */
export interface SavedView {
  readonly name: string;
  readonly side: CatalogSide;
  readonly settings: ErdSettings;
}

/** How a diagram can be taken out of the panel. */
export const EXPORT_FORMATS = ['svg', 'png', 'mermaid'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** From the page to the extension. */
export type FromErdPage =
  /** The page listens; the schemas may come. */
  | { readonly type: 'ready' }
  | { readonly type: 'saveViews'; readonly views: readonly SavedView[] }
  /** Text for SVG and mermaid, base64 for PNG. */
  | { readonly type: 'export'; readonly format: ExportFormat; readonly side: CatalogSide; readonly data: string }
  /** Show the table's lines in its catalog file. */
  | { readonly type: 'reveal'; readonly side: CatalogSide; readonly table: string }
  | { readonly type: 'extractSpecs' }
  /** Something went wrong in the page, for the log. */
  | { readonly type: 'failed'; readonly message: string };

/** The schemas of the project, and what the extension keeps for the page. */
export interface ErdContent {
  readonly type: 'content';
  /** Name of the project's folder; null when no project is open. */
  readonly project: string | null;
  readonly source: ErdModel | null;
  readonly target: ErdModel | null;
  readonly problems: readonly string[];
  readonly views: readonly SavedView[];
}

/** From the extension to the page. */
export type ToErdPage =
  | ErdContent
  /** The schemas could not be read. */
  | { readonly type: 'unreadable'; readonly message: string }
  /** Show this table and its neighbours. */
  | { readonly type: 'focus'; readonly side: CatalogSide; readonly table: string }
  /** How an export ended; null when it was written. */
  | { readonly type: 'exported'; readonly file: string | null; readonly problem: string | null };

/** The message if it is one of the page's, else null. */
export function readFromPage(message: unknown): FromErdPage | null {
  if (!isRecord(message)) return null;
  switch (message['type']) {
    case 'ready':
    case 'extractSpecs':
      return { type: message['type'] };
    case 'saveViews':
      return Array.isArray(message['views']) ? { type: 'saveViews', views: readViews(message['views']) } : null;
    case 'export': {
      const format = EXPORT_FORMATS.find((known) => known === message['format']);
      const { side, data } = message;
      return format !== undefined && isSide(side) && typeof data === 'string'
        ? { type: 'export', format, side, data }
        : null;
    }
    case 'reveal': {
      const { side, table } = message;
      return isSide(side) && typeof table === 'string' ? { type: 'reveal', side, table } : null;
    }
    case 'failed':
      return { type: 'failed', message: String(message['message']).slice(0, 500) };
    default:
      return null;
  }
}

/** Saved views as they were kept; what is no view any more is left out. */
export function readViews(kept: unknown): SavedView[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((view: unknown) => {
    if (!isRecord(view) || typeof view['name'] !== 'string' || !isSide(view['side'])) return [];
    const settings = readSettings(view['settings']);
    return settings === null ? [] : [{ name: view['name'], side: view['side'], settings }];
  });
}

/** Settings as they were kept, or null when they are none. */
export function readSettings(kept: unknown): ErdSettings | null {
  if (!isRecord(kept) || !isRecord(kept['links'])) return null;
  const { roots, domains, hops } = kept;
  const { declared, inferred, minScore } = kept['links'];
  const density = DENSITIES.find((known) => known === kept['density']);
  const knownRoots = roots === 'connected' || roots === 'all' ? roots : isTexts(roots) ? roots : null;
  if (density === undefined || knownRoots === null || (domains !== null && !isTexts(domains))) return null;
  return {
    roots: knownRoots,
    hops: Math.min(MAX_HOPS, Math.max(0, Math.trunc(Number(hops)) || 0)),
    density,
    domains,
    links: { declared: declared === true, inferred: inferred === true, minScore: Number(minScore) || 0 },
  };
}

/** True for the name of a side. */
export function isSide(value: unknown): value is CatalogSide {
  return value === 'source' || value === 'target';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
