import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstLook, isInSight, lookAt, nextTable, sameLook, wholeOf, zoomed } from '../../../webviews/erd/look.ts';

const ROOM = { width: 1000, height: 800 };
const box = (x: number, y: number) => ({ x, y, width: 100, height: 50 });
const drawing = (boxes: Record<string, ReturnType<typeof box>>, width = 4000, height = 3000, readableFrom = 0.5) => ({
  width,
  height,
  readableFrom,
  boxes: new Map(Object.entries(boxes)),
});

describe('where the diagram is looked at', () => {
  it('a small drawing stands in the middle in its own size; a large one is made to fit', () => {
    assert.deepEqual(wholeOf(drawing({}, 400, 200), ROOM), { scale: 1, x: 300, y: 300 });
    const { scale, x, y } = wholeOf(drawing({}), ROOM);
    assert.ok(scale < 1 && x >= 0 && y >= 0 && x + 4000 * scale <= 1000 && y + 3000 * scale <= 800);
  });

  it('the first look at what is too large to read is at its hub, without needless empty ground', () => {
    const large = drawing({ HUB: box(3900, 10) });
    assert.deepEqual(firstLook(large, ROOM, 'HUB'), { scale: 0.5, x: 1000 - 2000 - 24, y: 24 });
    assert.deepEqual(firstLook(large, ROOM, null), wholeOf(large, ROOM));
    assert.deepEqual(firstLook(drawing({ HUB: box(0, 0) }, 400, 200), ROOM, 'HUB').scale, 1);
  });

  it('a table keeps its corner in another drawing, at any scale', () => {
    const number = fc.integer({ min: -5000, max: 5000 });
    const scales = fc.double({ min: 0.02, max: 4, noNaN: true });
    fc.assert(
      fc.property(number, number, number, number, scales, (x, y, nextX, nextY, scale) => {
        const before = drawing({ A: box(x, y), B: box(x + 9000, y) });
        const after = drawing({ A: box(nextX, nextY), C: box(0, 0) });
        const position = { x: 12, y: -7, scale };
        const kept = sameLook(before, after, position, ROOM, null);
        assert.ok(kept !== null && kept.scale === scale);
        assert.ok(Math.abs(kept.x + nextX * scale - (position.x + x * scale)) < 1e-6);
        assert.ok(Math.abs(kept.y + nextY * scale - (position.y + y * scale)) < 1e-6);
      }),
    );
    const apart = sameLook(drawing({ A: box(0, 0) }), drawing({ B: box(0, 0) }), { x: 0, y: 0, scale: 1 }, ROOM, 'A');
    assert.equal(apart, null);
  });

  it('the selected table is kept rather than the one in the middle', () => {
    const before = drawing({ MIDDLE: box(500, 400), CHOSEN: box(0, 0) });
    const after = drawing({ MIDDLE: box(900, 900), CHOSEN: box(50, 0) });
    const position = { x: 0, y: 0, scale: 1 };
    assert.deepEqual(sameLook(before, after, position, ROOM, 'CHOSEN'), { x: -50, y: 0, scale: 1 });
    assert.deepEqual(sameLook(before, after, position, ROOM, null), { x: -400, y: -500, scale: 1 });
    assert.deepEqual(sameLook(before, after, position, ROOM, 'GONE'), { x: -400, y: -500, scale: 1 });
  });

  it('a zoom keeps the point under the mouse and ends at its limits', () => {
    const position = { x: 10, y: 20, scale: 1 };
    const near = zoomed(position, 2, { x: 110, y: 220 });
    assert.deepEqual(near, { scale: 2, x: -90, y: -180 });
    assert.equal(zoomed(position, 1000, { x: 0, y: 0 }).scale, 4);
    assert.equal(zoomed(position, 0, { x: 0, y: 0 }).scale, 0.02);
  });

  it('a table that is asked for is brought into sight, readable', () => {
    const look = lookAt(box(2000, 2000), { x: 0, y: 0, scale: 0.1 }, ROOM);
    assert.equal(look.scale, 0.7);
    assert.ok(isInSight(box(2000, 2000), look, ROOM));
    assert.ok(!isInSight(box(2000, 2000), { x: 0, y: 0, scale: 1 }, ROOM));
  });

  it('an arrow goes to the near table that way, and nowhere when there is none', () => {
    const { boxes } = drawing({ A: box(0, 0), RIGHT: box(300, 0), ASIDE: box(200, 200), BELOW: box(0, 400) });
    assert.equal(nextTable(boxes, 'A', [1, 0]), 'RIGHT');
    assert.equal(nextTable(boxes, 'A', [0, 1]), 'BELOW');
    assert.equal(nextTable(boxes, 'A', [-1, 0]), null);
    assert.equal(nextTable(boxes, 'GONE', [1, 0]), null);
    assert.equal(nextTable(boxes, { x: 240, y: 190 }, [1, 0]), 'ASIDE');
    assert.equal(nextTable(new Map(), { x: 0, y: 0 }, [1, 0]), null);
  });
});
