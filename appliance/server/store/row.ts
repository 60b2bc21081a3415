import type { SQLOutputValue } from "node:sqlite";
import { z } from "zod";

/** A row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>;

/** A column that may be NULL, which our own values write as a missing property. */
export const optional = <T extends z.ZodType>(shape: T) =>
  shape.nullable().transform((value) => value ?? undefined);

/** A column that holds JSON. */
export const json = <T extends z.ZodType>(shape: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(shape);
