import { z } from "zod";
import type { ChannelKind } from "../mux/channel.ts";
import { visible } from "../person-text.ts";
import type { Permission } from "./policy.ts";
import { personText } from "./state.ts";

/**
 * The tools of a session: what a representative uses on the customer's computer besides screen,
 * mouse and keyboard. Each use is a channel of its own from console to customer, which the appliance
 * forwards and does not read; the permission named here decides whether it may be opened and stay.
 * A `snapshot` alone the appliance takes by itself, and no console.
 * `events`: what the customer's client reports of its use, for the audit log.
 */
export const tools = {
  shell: { permission: "shell", events: ["shell.command"] },
  files: { permission: "files", events: ["files.searched", "files.listed", "file.hashed"] },
  download: {
    permission: "files",
    events: ["file.downloaded", "file.download-stopped", "files.downloaded"],
  },
  "files-write": {
    permission: "files-write",
    events: [
      ...["file.saved", "files.saved", "folder.made", "file.renamed", "file.copied"],
      ...["file.removed", "file.linked", "file.changed"],
    ],
  },
  system: { permission: "system", events: ["system.read"] },
  snapshot: { permission: "snapshot", events: ["snapshot.kept"] },
  script: { permission: "scripts", events: ["script.ran"] },
  "system-act": { permission: "system-act", events: ["system-act.begun", "system-act.done"] },
  elevate: {
    permission: "elevate",
    events: [
      ...["elevation.asked", "elevation.granted", "elevation.refused", "elevation.ended"],
      "elevation.wrong-password",
    ],
  },
  "clipboard-to-customer": {
    permission: "clipboard-to-customer",
    events: ["clipboard-to-customer.placed", "clipboard-to-customer.refused"],
  },
  "clipboard-from-customer": {
    permission: "clipboard-from-customer",
    events: ["clipboard-from-customer.given", "clipboard-from-customer.refused"],
  },
  draw: { permission: "draw", events: [] },
  "chat-file": {
    permission: "chat-file",
    events: ["chat-file.saved", "chat-file.given", "chat-file.refused"],
  },
} as const satisfies Partial<
  Record<ChannelKind, { permission: Permission; events: readonly string[] }>
>;

/**
 * Which end has something to say on channels that carry content one way only. The other end's
 * messages are at most `maxAnswerBytes` long: the appliance, which reads neither, holds them to it,
 * so that a permission for the one direction is none for the other.
 */
export const contentFrom: Readonly<Partial<Record<ChannelKind, "console" | "customer">>> = {
  "clipboard-to-customer": "console",
  "clipboard-from-customer": "customer",
  draw: "console",
};
/** See `contentFrom`. */
export const maxAnswerBytes = 16;

/** A tool, by the kind of its channels. */
export type Tool = keyof typeof tools;

/** Every tool. */
export const toolNames = Object.keys(tools) as readonly Tool[];

/** Whether channels of this kind belong to a tool. */
export function isTool(kind: ChannelKind): kind is ChannelKind & Tool {
  return Object.hasOwn(tools, kind);
}

const toolEvents: readonly string[] = Object.values(tools).flatMap(({ events }) => events);

/**
 * Something that was done with a tool, as the customer's client reports it. `channel`: number of the
 * channel on the client's link. `detail`: small facts, never what was typed or what a file holds;
 * what would not be seen in a text is written as its number.
 */
export const toolEventShape = z.object({
  channel: z.int().positive(),
  event: z.string().refine((event) => toolEvents.includes(event), "an event of a tool"),
  detail: z
    .record(
      z.string().regex(/^[A-Za-z]\w{0,31}$/),
      z.union([z.string().max(4096, { abort: true }).overwrite(visible), z.number(), z.boolean()]),
    )
    .refine((detail) => Object.keys(detail).length <= 16, "at most 16 facts"),
});
export type ToolEvent = z.infer<typeof toolEventShape>;

/** A tool that is being used, and by whom. */
export const toolUseShape = z.object({
  tool: z.enum(toolNames),
  by: z.string().max(100),
  /** What is done with it, where that has a name. */
  what: personText(100).optional(),
});
export type ToolUse = z.infer<typeof toolUseShape>;
