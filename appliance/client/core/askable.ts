import type { Permission } from "@handrail/protocol";

/** Permissions that the customer can be asked for. */
export const askable = [
  "view",
  "control",
  "shell",
  "files",
  "files-write",
  "system",
  "snapshot",
  "scripts",
  "system-act",
  "actions",
  "reboot",
  "elevate",
  "clipboard-to-customer",
  "clipboard-from-customer",
  "chat-file",
  "draw",
] as const satisfies readonly Permission[];
/**
 * What the customer takes back together: files of the conversation come and go only as the customer
 * does it, each time, and are not among it.
 */
export const takenBackTogether = askable.filter((each) => each !== "chat-file");
/** A permission that the customer can be asked for. */
export type Askable = (typeof askable)[number];

/** Whether this client knows how to ask for the permission. */
export function isAskable(permission: string): permission is Askable {
  return (askable as readonly string[]).includes(permission);
}
