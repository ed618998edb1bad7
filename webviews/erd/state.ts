import * as z from 'zod/mini';
import { FIRST_SETTINGS } from '../../src/core/erd/view.ts';
import { Settings, Side } from '../../src/extension/panels/erdProtocol.ts';

/** Which of the two drawings is wanted. */
export const RENDERERS = ['auto', 'mermaid', 'boxes'] as const;
export type Renderer = (typeof RENDERERS)[number];

const settings = z.catch(Settings, FIRST_SETTINGS);
const sides = z.object({ source: settings, target: settings });

/**
 * All that a page must know to look as it did: kept by the editor while the page is hidden or the window reloads, perhaps
 * by an older version. What cannot be understood is as on the first day.
 */
const PageState = z.object({
  side: z.catch(Side, 'source'),
  settings: z.catch(sides, { source: FIRST_SETTINGS, target: FIRST_SETTINGS }),
  renderer: z.catch(z.enum(RENDERERS), 'auto'),
  selected: z.catch(z.nullable(z.string()), null),
  search: z.catch(z.string(), ''),
  listShown: z.catch(z.boolean(), true),
  /** Null before the first drawing. */
  position: z.catch(
    z.nullable(z.object({ x: z.number(), y: z.number(), scale: z.number().check(z.positive()) })),
    null,
  ),
});
export type PageState = Readonly<z.infer<typeof PageState>>;

/** A kept state, or how a page looks that was never open. */
export function readState(kept: unknown): PageState {
  const read = PageState.safeParse(kept);
  return read.success ? read.data : PageState.parse({});
}
