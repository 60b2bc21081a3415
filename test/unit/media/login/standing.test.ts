import type { PermissionState, SessionEvent } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { standings } from "../../../../media/login/standing.ts";

function all<State extends PermissionState>(state: State) {
  return {
    view: state,
    control: state,
    chat: state,
    record: state,
    shell: state,
    files: state,
    "files-write": state,
    system: state,
    snapshot: state,
    scripts: state,
    "push-url": state,
    "system-act": state,
    "clipboard-to-customer": state,
    "clipboard-from-customer": state,
    "chat-file": state,
    draw: state,
    actions: state,
    reboot: state,
    elevate: state,
    share: state,
    transfer: state,
  };
}

function events(...told: [event: string, detail?: SessionEvent["detail"]][]): SessionEvent[] {
  return told.map(([event, detail = {}], i) => ({ seq: i + 1, at: i, event, who: "Ann", detail }));
}

describe("how permissions stand in a session that goes on", () => {
  it("is as the appliance says, and apart from that what needs no asking", () => {
    const session: Parameters<typeof standings>[0] = {
      state: "active",
      permissions: { ...all("granted"), control: "not-asked" },
      unasked: ["chat", "push-url", "record", "share", "transfer"],
    };
    expect(Object.fromEntries(standings(session, [], false))).toEqual({
      ...{ view: "granted", control: "not-asked", chat: "allowed" },
      ...{ "push-url": "allowed" },
      ...{ files: "granted", "files-write": "granted" },
      ...{
        "clipboard-to-customer": "granted",
        "clipboard-from-customer": "granted",
        "chat-file": "granted",
        draw: "granted",
      },
      ...{ shell: "granted", system: "granted", snapshot: "granted", "system-act": "granted" },
      ...{ actions: "granted", reboot: "granted", scripts: "granted", elevate: "granted" },
      ...{ record: "allowed", share: "allowed", transfer: "allowed" },
    });
  });
});

describe("how permissions stood in a session that is over", () => {
  const session = { state: "ended", permissions: all("not-asked") } as const;

  it("is told of those that came up", () => {
    const happened = events(
      ["permission.granted", { permission: "view" }],
      ["screen.watched"],
      ["permission.refused", { permission: "control" }],
      ["recording.started"],
    );
    expect(standings(session, happened, true)).toEqual([
      ["view", "granted"],
      ["control", "refused"],
      ["chat", "allowed"],
      ["record", "allowed"],
    ]);
  });

  it("follows the customer's last word", () => {
    const happened = events(
      ["permission.granted", { permission: "view" }],
      ["permission.revoked", { permission: "view" }],
    );
    expect(standings(session, happened, false)).toEqual([["view", "revoked"]]);
  });
});
