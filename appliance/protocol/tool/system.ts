import { z } from "zod";
import { lineText } from "../session/state.ts";
import { jsonMessage } from "./json-message.ts";

/**
 * What a representative can read about the customer's computer, on a `system` channel, in the order
 * shown. Each category is asked for by itself, and each reading is written to the audit log.
 */
export const systemCategories = [
  "computer",
  "processor",
  "memory",
  "disks",
  "network",
  "users",
  "processes",
  "services",
  "software",
  "errors",
] as const;
/** One category. */
export type SystemCategory = (typeof systemCategories)[number];

/** Most rows of one list; what a computer has beyond that is counted and not sent. */
export const maxSystemRows = 5000;
/** Most characters of one value. */
export const maxSystemText = 1024;
const maxFields = 24;
const maxLists = 4;

/** Not `constructor` and the like: whoever looks such a name up finds what every object has. */
const fieldName = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9]{0,31}$/)
  .refine((name) => !(name in Object.prototype), "a name that every object has");
const fieldValue = z.union([lineText.max(maxSystemText), z.number(), z.boolean()]);
const fieldsShape = z
  .record(fieldName, fieldValue)
  .refine((fields) => Object.keys(fields).length <= maxFields, `at most ${maxFields} fields`);

/** A value: text is one line. The unit is in the field's name. */
export type SystemValue = z.infer<typeof fieldValue>;
/**
 * Values by name. The end of a name says its unit: `…Bytes`, `…Percent`, `…Ms`, `…Mhz`,
 * `…MbitPerSecond`, and `…At` for a time in Unix ms. What is not known is absent.
 */
export type SystemFields = Readonly<Record<string, SystemValue>>;

const reportShape = z.object({
  facts: fieldsShape,
  lists: z
    .array(
      z.object({
        name: fieldName,
        rows: z
          .array(fieldsShape)
          .max(maxSystemRows)
          .refine(areOfOneKind, `at most ${maxFields} columns`),
        /** Rows that there are and that were left out. */
        omitted: z.int().nonnegative(),
      }),
    )
    .max(maxLists),
});

/** Rows that had nothing in common would make a table of as many columns as they have fields. */
function areOfOneKind(rows: readonly SystemFields[]): boolean {
  return new Set(rows.flatMap((row) => Object.keys(row))).size <= maxFields;
}

/** What a computer says of one category: single facts, and lists of things of one kind. */
export type SystemReport = z.infer<typeof reportShape>;
/** One list of a report. */
export type SystemList = SystemReport["lists"][number];

const requestShape = z.object({
  /** Chosen by the console; the answer bears it. */
  id: z.int().positive(),
  category: z.enum(systemCategories),
});
/** A console asks for a category. */
export type SystemRequest = z.infer<typeof requestShape>;

/** See `SystemAnswer`. */
export const systemAnswerShape = z.discriminatedUnion("answer", [
  z.object({
    answer: z.literal("report"),
    id: z.int().positive(),
    /** When it was read, by the customer's clock, Unix ms. */
    takenAt: z.int(),
    report: reportShape,
  }),
  z.object({
    answer: z.literal("failed"),
    id: z.int().positive(),
    /** This computer cannot say; it took too long. */
    reason: z.enum(["unavailable", "too-slow"]),
  }),
]);
/** What the customer's client answers: one answer to each request, in the order asked. */
export type SystemAnswer = z.infer<typeof systemAnswerShape>;

/** Writes and reads a console's messages on a `system` channel: JSON. */
export const systemRequest = jsonMessage(requestShape);
/** Writes and reads a customer's messages on a `system` channel: JSON. */
export const systemAnswer = jsonMessage(systemAnswerShape);
