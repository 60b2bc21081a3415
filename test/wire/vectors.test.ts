import { permissions } from "@handrail/protocol";
import { expect, describe, it } from "vitest";
import { type Format, formats } from "./formats.ts";
import { readVectors, toHex, type Vector } from "./vector.ts";

const vectors = await readVectors();

describe.each(vectors)("the vector $name", (vector) => {
  it("is written as the bytes that were agreed on", () => {
    const { format, value } = formatOf(vector);
    expect(format.encode(value).map(toHex)).toEqual(vector.lines?.map(toHex));
  });

  it("is read from the bytes that were agreed on", async () => {
    const { format, value } = formatOf(vector);
    expect(await format.decode(vector.lines ?? [])).toEqual(asReadToday(value));
  });
});

describe.each(Object.entries(formats))("%s", (name, format) => {
  const mine = vectors.filter((vector) => vector.format === name);
  const covered = mine.flatMap((vector) => {
    const type = format.typeOf(formatOf(vector).value);
    return name.startsWith("recording") ? type.split(" ") : [type];
  });

  it.each(format.types)("has a vector: %s", (type) => {
    expect(covered).toContain(type);
  });

  it("has no vector of a type that no longer exists", () => {
    expect(covered.filter((type) => !format.types.includes(type))).toEqual([]);
  });
});

it("every vector names a format", () => {
  expect(vectors.filter(({ format }) => !(format in formats)).map(({ name }) => name)).toEqual([]);
});

/** A vector never changes: what was agreed on before a permission existed reads as denied. */
function asReadToday(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asReadToday);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  const fields = Object.entries(value).map(([name, field]) => [name, asReadToday(field)] as const);
  const read: Record<string, unknown> = Object.fromEntries(fields);
  if (typeof read.permissions !== "object") return read;
  const unknown = Object.fromEntries(permissions.map((permission) => [permission, "denied"]));
  return { ...read, permissions: { ...unknown, ...read.permissions } };
}

/** The value is typed by its format, which is known only while running. */
function formatOf(vector: Vector): { format: Format<never>; value: never } {
  const format = formats[vector.format];
  if (!format) throw new Error(`${vector.name}: no format ${vector.format}`);
  return { format, value: vector.value as never };
}
