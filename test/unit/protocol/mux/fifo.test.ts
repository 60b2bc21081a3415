import fc from "fast-check";
import { expect, it } from "vitest";
import { Fifo } from "../../../../appliance/protocol/mux/fifo.ts";

it("gives things back in the order in which they came, however they are mixed", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("push", "shift", "replace", "clear")), (acts) => {
      const fifo = new Fifo<{ n: number }>();
      const model: { n: number }[] = [];
      acts.forEach((act, n) => {
        if (act === "push") fifo.push({ n });
        if (act === "push") model.push({ n });
        if (act === "shift") expect(fifo.shift()).toEqual(model.shift());
        if (act === "replace" && fifo.first) fifo.replaceFirst((model[0] = { n }));
        if (act === "clear") fifo.clear();
        if (act === "clear") model.length = 0;
        expect([fifo.length, fifo.first, fifo.all()]).toEqual([model.length, model[0], model]);
      });
    }),
  );
});

it("takes a hundred thousand in and out in no time", () => {
  const fifo = new Fifo<{ n: number }>();
  for (let n = 0; n < 100_000; n++) fifo.push({ n });
  let last: { n: number } | undefined;
  const startedAt = performance.now();
  while (fifo.length > 0) last = fifo.shift();
  expect(last).toEqual({ n: 99_999 });
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
