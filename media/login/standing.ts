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
  "session.transferred": "transfer",
};

/**
 * Where each permission of a session stands. While it goes on, that is what the appliance says, but
 * what nobody was asked for is not called granted. Of a session that is over, only what came up.
 */
export function standings(
  session: Pick<SessionView, "state" | "permissions">,
  events: readonly SessionEvent[],
  hasChat: boolean,
): readonly (readonly [Permission, Standing])[] {
  const known = permissions.map((permission) => {
    const said = lastAnswer(permission, events);
    const now = session.state === "active" ? session.permissions[permission] : undefined;
    if (now !== undefined && now !== "granted") return [permission, now] as const;
    const isUsed = events.some(({ event }) => uses[event] === permission);
    const isAllowed = now === "granted" || isUsed || (permission === "chat" && hasChat);
    return [permission, said ?? (isAllowed ? "allowed" : undefined)] as const;
  });
  return known.flatMap(([permission, standing]) => (standing ? [[permission, standing]] : []));
}

function lastAnswer(permission: Permission, events: readonly SessionEvent[]): Standing | undefined {
  const last = events.findLast(
    ({ event, detail }) => answers[event] !== undefined && detail.permission === permission,
  );
  return last && answers[last.event];
}
