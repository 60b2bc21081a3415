import { z } from "zod";
import { stages } from "../update/journal.ts";
import { updateFaults } from "../update/update-error.ts";

/**
 * What the server may have root do, and no more: one request for each connection to the socket, a
 * line of JSON; lines of JSON come back, of which the last says how it ended. No request names a
 * file or a program.
 */
const who = { by: z.string().min(1).max(100) };

export const machineRequestShape = z.discriminatedUnion("verb", [
  /** Checks the bundle that was uploaded. An older one is for the operator at the machine. */
  z.strictObject({ verb: z.literal("update-check") }),
  z.strictObject({ verb: z.literal("update-install"), ...who }),
  z.strictObject({ verb: z.literal("update-rollback"), loseChanges: z.boolean(), ...who }),
  /** What the machine's log says, without what is somebody's: for whoever helps its administrators. */
  z.strictObject({ verb: z.literal("journal") }),
  /** Of the server alone; everyone is warned, as with the next two. */
  z.strictObject({ verb: z.literal("restart"), ...who }),
  /** Of the machine. */
  z.strictObject({ verb: z.literal("reboot"), ...who }),
  z.strictObject({ verb: z.literal("power-off"), ...who }),
]);
/** One of these requests. */
export type MachineRequest = z.infer<typeof machineRequestShape>;

/** A line of the answer. After `done` or `refused` comes nothing. */
export const machineAnswerShape = z.union([
  z.object({
    progress: z.object({ step: z.enum([...stages, "warning"]), share: z.number().optional() }),
  }),
  /** `version`: of the bundle that was checked, or of the release that runs now. */
  z.object({
    done: z.object({ version: z.string().optional(), journal: z.string().optional() }),
  }),
  z.object({ refused: z.object({ fault: z.enum(updateFaults), message: z.string() }) }),
]);
/** One of these lines. */
export type MachineAnswer = z.infer<typeof machineAnswerShape>;

/** The name of the uploaded bundle, in the folder `update` of the server's data. */
export const uploadName = "upload.hrupdate";
