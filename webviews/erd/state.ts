import type { CatalogSide } from '../../src/core/catalog/catalog.ts';
import { type ErdSettings, FIRST_SETTINGS } from '../../src/core/erd/view.ts';
import { isSide, readSettings } from '../../src/extension/panels/erdProtocol.ts';
import type { Position } from './canvas.ts';

/** Which of the two drawings is wanted. */
export const RENDERERS = ['auto', 'mermaid', 'boxes'] as const;
export type Renderer = (typeof RENDERERS)[number];

/** All that a page must know to look as it did: kept by the editor while the page is hidden or the window reloads. */
export interface PageState {
  readonly side: CatalogSide;
  readonly settings: Readonly<Record<CatalogSide, ErdSettings>>;
  readonly renderer: Renderer;
  readonly selected: string | null;
  readonly search: string;
  readonly listShown: boolean;
  /** Null before the first drawing. */
  readonly position: Position | null;
}

/** How a page looks that was never open. */
export const FIRST_STATE: PageState = {
  side: 'source',
  settings: { source: FIRST_SETTINGS, target: FIRST_SETTINGS },
  renderer: 'auto',
  selected: null,
  search: '',
  listShown: true,
  position: null,
};

/** A state that was kept, perhaps by an older version: what cannot be understood is as on the first day. */
export function readState(kept: unknown): PageState {
  if (typeof kept !== 'object' || kept === null) return FIRST_STATE;
  const { side, settings, renderer, selected, search, listShown, position } = kept as Record<string, unknown>;
  const both = (typeof settings === 'object' && settings !== null ? settings : {}) as Record<string, unknown>;
  return {
    side: isSide(side) ? side : FIRST_STATE.side,
    settings: {
      source: readSettings(both['source']) ?? FIRST_SETTINGS,
      target: readSettings(both['target']) ?? FIRST_SETTINGS,
    },
    renderer: RENDERERS.find((known) => known === renderer) ?? FIRST_STATE.renderer,
    selected: typeof selected === 'string' ? selected : null,
    search: typeof search === 'string' ? search : '',
    listShown: listShown !== false,
    position: readPosition(position),
  };
}

function readPosition(kept: unknown): Position | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { x, y, scale } = kept as Record<string, unknown>;
  const all = [x, y, scale].every((value) => typeof value === 'number' && Number.isFinite(value));
  return all && Number(scale) > 0 ? { x: Number(x), y: Number(y), scale: Number(scale) } : null;
}
