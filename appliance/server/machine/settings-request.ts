import {
  machineFaults,
  machineStateShape,
  networkSettingsShape,
  proxySettingsShape,
  sshSettingsShape,
  timeSettingsShape,
} from "@handrail/protocol/upkeep";
import { z } from "zod";

/**
 * What the server, and the operator's command, may have root do with the machine's settings, and no
 * more. No request names a file or a program.
 */
export const settingsRequestShape = z.discriminatedUnion("verb", [
  z.strictObject({ verb: z.literal("read") }),
  /** The former returns by itself unless `network-confirm` comes. */
  z.strictObject({ verb: z.literal("network-set"), settings: networkSettingsShape }),
  z.strictObject({ verb: z.literal("network-confirm") }),
  z.strictObject({ verb: z.literal("network-undo") }),
  z.strictObject({ verb: z.literal("time-set"), settings: timeSettingsShape }),
  z.strictObject({ verb: z.literal("proxy-set"), settings: proxySettingsShape }),
  z.strictObject({ verb: z.literal("ssh-set"), settings: sshSettingsShape }),
  z.strictObject({ verb: z.literal("host-name-set"), hostName: z.string().max(253) }),
]);
/** One of these requests. */
export type SettingsRequest = z.infer<typeof settingsRequestShape>;

/** The one line of the answer. */
export const settingsAnswerShape = z.union([
  /** `state` is there when it was asked for. */
  z.object({ done: z.object({ state: machineStateShape.optional() }) }),
  z.object({ refused: z.object({ fault: z.enum(machineFaults), message: z.string() }) }),
]);
/** The same, read. */
export type SettingsAnswer = z.infer<typeof settingsAnswerShape>;
