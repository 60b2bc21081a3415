import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Bench, Canvas, random } from "./canvas.ts";

const rect = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });

describe("the surface encoder", () => {
  it("sends the first picture exactly", async () => {
    const canvas = new Canvas(700, 500);
    canvas.text(canvas.all, 1);
    using bench = new Bench(canvas);
    await bench.drain([canvas.all]);
    expect(bench.differences()).toBe(0);
  });

  it("sends nothing for damage that changed nothing", async () => {
    const canvas = new Canvas(300, 200);
    using bench = new Bench(canvas);
    canvas.text(canvas.all, 1);
    await bench.drain([canvas.all]);
    const before = bench.sizes.length;
    expect(await bench.step([canvas.all])).toBeUndefined();
    expect(bench.sizes).toHaveLength(before);
  });

  it("sends a typed letter as its own small rectangle in few bytes", async () => {
    const canvas = new Canvas(1280, 800);
    canvas.text(canvas.all, 1);
    using bench = new Bench(canvas);
    await bench.drain([canvas.all]);
    canvas.text(rect(405, 342, 9, 18), 2);
    await bench.drain([rect(400, 340, 40, 20)]);
    expect(bench.sizes.at(-1)).toBeLessThan(120);
    if (bench.lastMessage?.type !== "update") throw new Error("an update was expected");
    const [only, ...others] = bench.lastMessage.rects;
    expect(others).toEqual([]);
    expect(only?.width).toBeLessThanOrEqual(9);
    expect(bench.differences()).toBe(0);
  });

  it("finds a page that scrolls beside a sidebar that does not", async () => {
    const canvas = new Canvas(1000, 700);
    canvas.text(canvas.all, 1);
    using bench = new Bench(canvas);
    await bench.drain([canvas.all]);
    const page = rect(200, 40, 780, 640);
    canvas.move(page, 0, 53);
    canvas.text(rect(200, 627, 780, 53), 7);
    await bench.drain([rect(0, 0, 1000, 700)]);
    const kinds = bench.lastMessage;
    if (kinds?.type !== "update") throw new Error("an update was expected");
    expect(kinds.copies).toHaveLength(1);
    expect(kinds.copies[0]).toMatchObject({ dx: 0, dy: 53 });
    const area = kinds.rects.reduce((sum, r) => sum + r.width * r.height, 0);
    expect(area).toBeLessThan(0.25 * page.width * page.height);
    expect(bench.differences()).toBe(0);
  });

  it("finds content that moves sideways", async () => {
    const canvas = new Canvas(800, 600);
    canvas.text(canvas.all, 1);
    using bench = new Bench(canvas);
    await bench.drain([canvas.all]);
    canvas.move(rect(100, 100, 600, 400), -40, 0);
    await bench.drain([rect(100, 100, 600, 400)]);
    if (bench.lastMessage?.type !== "update") throw new Error("an update was expected");
    expect(bench.lastMessage.copies).toMatchObject([{ dx: -40, dy: 0 }]);
    expect(bench.differences()).toBe(0);
  });

  it("keeps each message near its budget, also for what does not compress", async () => {
    const canvas = new Canvas(640, 480);
    canvas.noise(canvas.all, random(5));
    using bench = new Bench(canvas);
    await bench.drain([canvas.all], { budgetBytes: 3750 });
    expect(Math.max(...bench.sizes)).toBeLessThan(7_500);
    expect(bench.differences()).toBe(0);
  });

  it("begins where the person looks", async () => {
    const canvas = new Canvas(1280, 800);
    canvas.noise(canvas.all, random(9));
    using bench = new Bench(canvas);
    await bench.step([canvas.all], { budgetBytes: 3000, focus: { x: 1000, y: 600 } });
    if (bench.lastMessage?.type !== "update") throw new Error("an update was expected");
    const [first] = bench.lastMessage.rects;
    expect(Math.abs((first?.x ?? 0) + 32 - 1000)).toBeLessThan(64);
    expect(Math.abs((first?.y ?? 0) + 32 - 600)).toBeLessThan(64);
  });

  it("sends a letter before a page that is still under way", async () => {
    const canvas = new Canvas(1280, 800);
    canvas.text(canvas.all, 1);
    using bench = new Bench(canvas);
    await bench.drain([canvas.all]);
    canvas.noise(rect(0, 0, 1280, 600), random(3));
    await bench.step([rect(0, 0, 1280, 600)], { budgetBytes: 4000, bytesPerSecond: 125_000 });
    canvas.text(rect(900, 702, 9, 18), 5);
    await bench.step([rect(900, 702, 9, 18)], { budgetBytes: 4000, bytesPerSecond: 125_000 });
    if (bench.lastMessage?.type !== "update") throw new Error("an update was expected");
    expect(bench.lastMessage.rects).toContainEqual(expect.objectContaining({ y: 702 + 4 }));
  });

  it("shows a whole page coarsely first on a slow line, and then exactly", async () => {
    const canvas = new Canvas(1280, 800);
    canvas.noise(canvas.all, random(3));
    using bench = new Bench(canvas);
    await bench.drain([canvas.all], { budgetBytes: 3750, bytesPerSecond: 125_000 });
    expect(bench.types[0]).toBe("preview");
    expect(bench.types.lastIndexOf("preview")).toBeLessThan(bench.types.indexOf("update"));
    expect(Math.max(...bench.sizes)).toBeLessThan(7_500);
    expect(bench.differences()).toBe(0);
  });

  it("keeps a moving picture within its share of a slow line, and makes it exact at rest", async () => {
    const canvas = new Canvas(1280, 800);
    using bench = new Bench(canvas);
    canvas.text(canvas.all, 1);
    await bench.drain([canvas.all]);
    const next = random(4);
    const film = rect(300, 200, 320, 180);
    const line = { budgetBytes: 3750, bytesPerSecond: 125_000 };
    let bytes = 0;
    for (let frame = 0; frame < 90; frame++) {
      canvas.noise(film, next);
      const count = bench.sizes.length;
      await bench.step([film], line);
      bench.now += 33;
      if (frame >= 30) bytes += bench.sizes.slice(count).reduce((sum, size) => sum + size, 0);
    }
    expect(bench.types.slice(-20)).toContain("preview");
    // Two seconds of line carry 250 KB.
    expect(bytes).toBeLessThan(0.65 * 250_000);
    await bench.drain([], line);
    expect(bench.differences()).toBe(0);
  });

  it("gives the viewer the very picture of the screen, whatever happens on it", async () => {
    const side = { min: 0, max: 399 };
    const area = fc
      .record({
        x: fc.integer(side),
        y: fc.integer({ min: 0, max: 299 }),
        width: fc.integer({ min: 1, max: 400 }),
        height: fc.integer({ min: 1, max: 300 }),
      })
      .map((r) => rect(r.x, r.y, Math.min(r.width, 400 - r.x), Math.min(r.height, 300 - r.y)));
    const edit = fc.record({
      what: fc.constantFrom("fill", "text", "noise", "move"),
      where: area,
      seed: fc.integer({ min: 0, max: 0xffffff }),
      dx: fc.integer({ min: -60, max: 60 }),
      dy: fc.integer({ min: -60, max: 60 }),
      waitMs: fc.integer({ min: 5, max: 400 }),
    });
    const line = fc.constantFrom(undefined, 20_000, 125_000, 3_000_000);
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { maxLength: 20 }), line, async (edits, bytesPerSecond) => {
        const canvas = new Canvas(400, 300);
        using bench = new Bench(canvas);
        const budgetBytes = bytesPerSecond === undefined ? 512 * 1024 : bytesPerSecond * 0.03;
        const options = bytesPerSecond ? { budgetBytes, bytesPerSecond } : { budgetBytes };
        await bench.step([canvas.all], options);
        for (const { what, where, seed, dx, dy, waitMs } of edits) {
          if (what === "fill") canvas.fill(where, () => seed);
          else if (what === "text") canvas.text(where, seed);
          else if (what === "noise") canvas.noise(where, random(seed));
          else canvas.move(where, dx, dy);
          bench.now += waitMs;
          await bench.step([where], options);
        }
        await bench.drain([], options);
        expect(bench.differences()).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
