/** What the client and the process of its help window say to each other: one JSON object per line. */
import { z } from "zod";

const texts = z.record(z.string(), z.string());

/** To the window. */
export const Order = z.discriminatedUnion("order", [
  z.object({ order: z.literal("open"), texts }),
  z.object({
    order: z.literal("show"),
    title: z.string(),
    site: z.string(),
    representatives: z.string(),
    status: z.string(),
    allowed: z.string(),
    isRecording: z.boolean(),
    warning: z.string(),
    maySendFiles: z.boolean(),
    mayWrite: z.boolean(),
  }),
  z.object({
    order: z.literal("ask"),
    id: z.number(),
    title: z.string(),
    body: z.string(),
    allow: z.string(),
    refuse: z.string(),
    seconds: z.number(),
  }),
  z.object({ order: z.literal("withdraw"), id: z.number() }),
  z.object({
    order: z.literal("ask-key"),
    window: z.string(),
    title: z.string(),
    body: z.string(),
    ok: z.string(),
    cancel: z.string(),
    error: z.string(),
  }),
  z.object({
    order: z.literal("chat"),
    heading: z.string(),
    /** What a representative offers with the address in `text`; empty for what is just said. */
    offer: z.string(),
    text: z.string(),
    isMine: z.boolean(),
    /** Something that was done: nobody need be called to read it. */
    isDeed: z.boolean(),
    /** The line announces a file, and bears this number. */
    fileId: z.number().optional(),
    /** Button with which the file is saved; empty: it has none. */
    save: z.string(),
  }),
  /** How the file of a line stands. */
  z.object({
    order: z.literal("file"),
    id: z.number(),
    text: z.string(),
    canSave: z.boolean(),
  }),
  /** What has become of the answers to the survey. */
  z.object({ order: z.literal("survey-result"), text: z.string() }),
  z.object({ order: z.literal("nudge"), text: z.string() }),
  z.object({ order: z.literal("typing"), text: z.string() }),
  z.object({
    order: z.literal("end"),
    window: z.string(),
    title: z.string(),
    body: z.string(),
    note: z.string(),
    close: z.string(),
    survey: z
      .object({
        title: z.string(),
        send: z.string(),
        questions: z.array(
          z.object({ id: z.string(), kind: z.enum(["scale", "yes-no", "text"]), text: z.string() }),
        ),
        /** What the ends of a scale mean. */
        scale: z.object({ worst: z.string(), best: z.string() }),
        yesNo: z.array(z.object({ value: z.string(), label: z.string() })),
      })
      .optional(),
  }),
]);
export type Order = z.infer<typeof Order>;

/** From the window. */
export const Report = z.discriminatedUnion("report", [
  z.object({ report: z.literal("ready") }),
  z.object({
    report: z.literal("failed"),
    reason: z.string(),
    missing: z.object({ library: z.string(), packages: z.string() }).optional(),
  }),
  z.object({ report: z.literal("answered"), id: z.number(), isAllowed: z.boolean() }),
  z.object({ report: z.literal("key"), key: z.string().optional() }),
  z.object({ report: z.literal("chat"), text: z.string() }),
  z.object({ report: z.literal("typing") }),
  z.object({ report: z.literal("save-file"), id: z.number() }),
  z.object({ report: z.literal("pick-file"), path: z.string() }),
  z.object({ report: z.literal("take-back") }),
  z.object({ report: z.literal("stop") }),
  z.object({ report: z.literal("close") }),
  z.object({
    report: z.literal("survey"),
    answers: z.array(z.object({ id: z.string(), value: z.string() })),
  }),
]);
export type Report = z.infer<typeof Report>;

/** Cuts what arrives into lines; a line may come in pieces. */
export class Lines {
  readonly #decoder = new TextDecoder();
  readonly #maxLength: number;
  #rest = "";

  /** `maxLength`: of what a line may come to, in characters, where others may write it. */
  constructor(maxLength = Infinity) {
    this.#maxLength = maxLength;
  }

  /** @throws RangeError when a line is too long */
  push(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > this.#maxLength) throw new RangeError("a line without an end");
    return lines.filter((line) => line !== "");
  }
}
