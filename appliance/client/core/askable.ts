import type { Permission } from "@handrail/protocol";

/** Permissions that the customer can be asked for, and takes back together. */
export const askable = [
  "view",
  "control",
  "shell",
  "files",
  "files-write",
  "system",
  "scripts",
  "system-act",
  "actions",
  "reboot",
  "clipboard-to-customer",
  "clipboard-from-customer",
] as const satisfies readonly Permission[];
/** A permission that the customer can be asked for. */
export type Askable = (typeof askable)[number];

/** Whether this client knows how to ask for the permission. */
export function isAskable(permission: Permission): permission is Askable {
  return (askable as readonly Permission[]).includes(permission);
}
