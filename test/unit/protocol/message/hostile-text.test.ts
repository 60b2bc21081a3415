import {
  applianceToCustomer,
  consoleSide,
  customerSide,
  helloShape,
  type Side,
} from "@handrail/protocol";
import { expect, it } from "vitest";
import { z } from "zod";

/** Texts over which a careless pattern looks from each place to the end. */
const longTexts = [
  ..."a .\n/\u200bé:\\-",
  ...[" .", ". ", "\ud83d\ude00", "\ud800", "https://a.b/", "https://", "a@", "[(", "\t\r"],
].flatMap((text) => {
  const many = text.repeat(Math.ceil(60_000 / text.length));
  return [many, `a${many}a`, `https://a.b/${many}a`];
});
/** Longer than the longest takes on a busy machine, and far less than a careless pattern does. */
const mostMs = 2000;

/** The texts of a shape, with what is asked of each. */
function textsOf(shape: unknown, found = new Set<z.ZodString>()): Set<z.ZodString> {
  if (!(shape instanceof z.ZodType)) return found;
  if (shape instanceof z.ZodString) return found.add(shape);
  const { def } = shape;
  const parts = Object.values(def).flatMap((part: unknown): unknown[] =>
    Array.isArray(part) ? part : part instanceof z.ZodType ? [part] : [],
  );
  const fields: unknown[] = shape instanceof z.ZodObject ? Object.values(shape.shape) : [];
  for (const part of [...parts, ...fields]) textsOf(part, found);
  return found;
}

function shapesOf({ calls, notices }: Side): z.ZodType[] {
  const asked = Object.values(calls).flatMap(({ params, result }) => [params, result]);
  return [...asked, ...Object.values(notices)];
}

it.each([
  ["before anybody has signed in", [helloShape]],
  ["from a customer", shapesOf(customerSide)],
  ["from a console", shapesOf(consoleSide)],
  ["from the appliance to a customer", shapesOf(applianceToCustomer)],
])("no text %s takes long to be read or refused", (_whence, shapes) => {
  const texts = new Set(shapes.flatMap((shape) => [...textsOf(shape)]));
  expect(texts.size).toBeGreaterThan(3);
  for (const text of texts) {
    for (const long of longTexts) {
      const beganAt = performance.now();
      text.safeParse(long);
      expect(performance.now() - beganAt).toBeLessThan(mostMs);
    }
  }
});
