import { type Box, type Layout, placeBoxes } from './layout.ts';

/** One drawing to lay out; the number tells which answer is for which. */
export interface LayoutRequest {
  readonly id: number;
  readonly boxes: readonly Box[];
  readonly links: readonly (readonly [from: string, to: string])[];
}

/** The answer, with the time it took. */
export interface LayoutAnswer {
  readonly id: number;
  readonly layout: Layout;
  readonly ms: number;
}

addEventListener('message', (event: MessageEvent<LayoutRequest>) => {
  const { id, boxes, links } = event.data;
  const started = performance.now();
  const layout = placeBoxes(boxes, links);
  const answer: LayoutAnswer = { id, layout, ms: performance.now() - started };
  postMessage(answer);
});
