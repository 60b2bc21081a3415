import {
  type Permission,
  permissions,
  type SessionEvent,
  type SessionView,
} from "@handrail/protocol";
import type { Texts } from "./texts.ts";

/** How a permission stands or stood, in the terms of `permissionState` or `allowed`. */
type Standing = keyof Texts["permissionState"] | "allowed";

const answers: Readonly<Record<string, Standing>> = {
  "permission.granted": "granted",
  "permission.refused": "refused",
  "permission.revoked": "revoked",
  "permission.denied": "denied",
};
/** What shows that something was allowed that the customer was never asked for. */
const uses: Readonly<Record<string, Permission>> = {
  "control.taken": "control",
  "recording.started": "record",
  "screen.watched": "view",
  "session.shared": "share",
  "url.pushed": "push-url",
  "chat-file.offered": "chat-file",
  "session.transferred": "transfer",
};

/**
 * Where each permission of a session stands. While it goes on, that is what the appliance says; of a
 * session that is over, what came up in it.
 */
export function standings(
  session: Pick<SessionView, "state" | "permissions" | "unasked">,
  events: readonly SessionEvent[],
  hasChat: boolean,
): readonly (readonly [Permission, Standing])[] {
  if (session.state === "active") {
    return permissions.map((permission) => [permission, standingNow(permission, session)]);
  }
  return permissions.flatMap((permission) => {
    const isUsed = events.some(({ event }) => uses[event] === permission);
    const isAllowed = isUsed || (permission === "chat" && hasChat);
    const standing = lastAnswer(permission, events) ?? (isAllowed ? "allowed" : undefined);
    return standing === undefined ? [] : [[permission, standing] as const];
  });
}

function standingNow(
  permission: Permission,
  { permissions: states, unasked = [] }: Pick<SessionView, "permissions" | "unasked">,
): Standing {
  return unasked.includes(permission) ? "allowed" : states[permission];
}

function lastAnswer(permission: Permission, events: readonly SessionEvent[]): Standing | undefined {
  const last = events.findLast(
    ({ event, detail }) => answers[event] !== undefined && detail.permission === permission,
  );
  return last && answers[last.event];
}
