import { z } from "zod";
import { lineText, unixMsShape } from "../session/state.ts";
import { jsonMessage } from "./json-message.ts";

/** What can be done with a service. */
export const serviceVerbs = ["start", "stop", "restart"] as const;
/** One of them. */
export type ServiceVerb = (typeof serviceVerbs)[number];

/** Longest name of a service: that of a unit of systemd, without its end. */
const maxServiceName = 247;

/**
 * A name of a service as systemd writes names of units, without `.service`. It begins with nothing
 * that a program would take for an option.
 */
export const serviceNameShape = z
  .string()
  .max(maxServiceName, { abort: true })
  .regex(/^[A-Za-z0-9_:.@\\][A-Za-z0-9_:.@\\-]*$/, "the name of a service");

/** Something to be done to programs or services of the customer's computer. */
export const systemActShape = z.discriminatedUnion("act", [
  z.object({
    act: z.literal("end-process"),
    processId: z.int().positive(),
    /**
     * When it was started, Unix ms, as the list of processes says: a number is used again, and
     * only the very process that was seen is ended.
     */
    startedAt: unixMsShape,
    /** Its name as it was seen, for whoever reads what was done. */
    name: lineText.max(255),
    /** Kills it: it cannot save anything. */
    isForced: z.boolean(),
  }),
  z.object({ act: z.enum(serviceVerbs), service: serviceNameShape }),
]);
export type SystemAct = z.infer<typeof systemActShape>;

/**
 * What came of it. `alive`: asked to end, the process goes on; `gone`: there is no such process any
 * more, or the number is another's; `own`: it is this program, which Stop ends; `forbidden`: the
 * customer's rights do not suffice; `no-systemd`: this computer's services are not those of systemd.
 */
export const systemOutcomes = [
  "done",
  "alive",
  "gone",
  "own",
  "forbidden",
  "no-service",
  "no-systemd",
  "too-slow",
  "failed",
] as const;
/** One of them. */
export type SystemOutcome = (typeof systemOutcomes)[number];

const requestShape = z.object({
  /** Chosen by the console; the answer bears it. */
  id: z.int().positive(),
  wanted: systemActShape,
});
/** A console wants something done. */
export type SystemActRequest = z.infer<typeof requestShape>;

const answerShape = z.object({
  id: z.int().positive(),
  outcome: z.enum(systemOutcomes),
  /** What the system said of it, in its own words; empty when it said nothing. */
  said: lineText.max(1024),
});
/** What came of a request: one answer to each, in the order asked. */
export type SystemActAnswer = z.infer<typeof answerShape>;

/** Writes and reads a console's messages on a `system-act` channel: JSON. */
export const systemActRequest = jsonMessage(requestShape);
/** Writes and reads a customer's messages on a `system-act` channel: JSON. */
export const systemActAnswer = jsonMessage(answerShape);
