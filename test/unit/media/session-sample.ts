import {
  generalQueue,
  isRepresentativeId,
  parseLsid,
  type RepresentativeId,
  type SessionView,
} from "@handrail/protocol";
import type { SessionPaneState } from "../../../media/pane/contract.ts";

/** A representative's id made of one digit. */
export function representative(digit: string): RepresentativeId {
  const id = digit.repeat(32);
  if (!isRepresentativeId(id)) throw new Error("not an id");
  return id;
}

/** A session in which all is well: accepted, seen, and nobody in control. */
export function sampleState(
  change: Partial<SessionPaneState> = {},
  session: Partial<SessionView> = {},
): SessionPaneState {
  const lsid = parseLsid("ab".repeat(16));
  const me = { id: representative("1"), name: "Rita Keller" };
  const granted = { view: "granted", control: "granted", chat: "granted" } as const;
  const allowed = {
    shell: "granted",
    files: "granted",
    "files-write": "granted",
    system: "granted",
    snapshot: "denied",
    scripts: "granted",
    "clipboard-to-customer": "granted",
    "clipboard-from-customer": "granted",
    "chat-file": "granted",
    draw: "granted",
    "system-act": "granted",
    actions: "granted",
    reboot: "granted",
    elevate: "denied",
    "push-url": "granted",
    record: "granted",
    share: "granted",
    transfer: "granted",
  } as const;
  const createdAt = Date.now() - 95_000;
  return {
    language: "en",
    lsid,
    me,
    connection: "connected",
    view: { zoom: "fit", monitor: "all", viewOnly: false, side: "chat" },
    asking: [],
    fields: [],
    ...change,
    session: {
      lsid,
      state: "active",
      queue: { id: generalQueue, name: "General" },
      customer: {
        name: "Ann Moreau",
        computer: "LOKI",
        platform: "Debian 12, X11",
        issue: "The printer prints half a page",
      },
      customerConnected: true,
      createdAt,
      waitingSince: createdAt,
      acceptedAt: createdAt + 20_000,
      participants: [{ ...me, observer: false, connected: true }],
      permissions: { ...granted, ...allowed },
      recording: "on",
      ...session,
    },
  };
}
