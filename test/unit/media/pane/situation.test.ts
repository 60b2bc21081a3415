import type { PermissionState } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import { type Refusal, situationOf } from "../../../../media/pane/situation.ts";
import { textsIn } from "../../../../media/pane/texts.ts";
import { sampleState } from "../session-sample.ts";

const texts = textsIn("en");
const shown = { isShown: true, closed: undefined };
const granted = sampleState().session.permissions;

function withView(view: PermissionState) {
  return sampleState({}, { permissions: { ...granted, view } });
}

const ended = { state: "ended", endedAt: Date.now() } as const;

describe("what the pane says instead of a picture", () => {
  it("is nothing when there is a picture", () => {
    expect(situationOf(sampleState(), shown, texts)).toBeUndefined();
  });

  it("is that the customer's screen has gone, and not its last picture", () => {
    const gone = sampleState({}, { screenFault: "display-gone" });
    const situation = situationOf(gone, shown, texts);
    expect(situation).toMatchObject({ kind: "screen-gone", isBusy: true, keepsPicture: false });
    expect(situation?.text).toContain("logged out");
    const away = sampleState({}, { screenFault: "display-gone", customerConnected: false });
    expect(situationOf(away, shown, texts)?.kind).toBe("paused");
  });

  it.each([
    ["asked", "asking", []],
    ["refused", "refused", ["ask-view", "chat"]],
    ["revoked", "revoked", ["ask-view", "chat"]],
    ["not-asked", "not-asked", ["ask-view", "chat"]],
    ["denied", "denied", ["chat"]],
  ] as const)("follows the view permission: %s", (view, kind, actions) => {
    const situation = situationOf(withView(view), shown, texts);
    expect(situation).toMatchObject({ kind, actions: [...actions], keepsPicture: false });
  });

  it("does not take silence for a no", () => {
    const title = (refusal: Refusal) =>
      situationOf(withView("refused"), shown, texts, refusal)?.title;
    expect(title("no answer")).toBe("Ann Moreau did not answer");
    expect(title("customer away")).toBe("Ann Moreau was not connected and could not answer");
    expect(title("no")).toBe("Ann Moreau does not want to show the screen");
  });

  it("names the customer while they are being asked", () => {
    const title = situationOf(withView("asked"), shown, texts)?.title;
    expect(title).toBe("Ann Moreau is being asked…");
  });

  it("keeps the last picture while a connection is coming back", () => {
    const lost = sampleState({ connection: "reconnecting" });
    expect(situationOf(lost, shown, texts)).toMatchObject({ kind: "reconnecting", isBusy: true });
    const away = sampleState({}, { customerConnected: false });
    expect(situationOf(away, shown, texts)).toMatchObject({ kind: "paused", keepsPicture: true });
  });

  it("says that the session is over before anything else, with what is left to do", () => {
    const over = sampleState({ connection: "reconnecting" }, ended);
    expect(situationOf(over, shown, texts)?.actions).toEqual(["open-recording", "close-tab"]);
    const bare = sampleState({}, { ...ended, recording: "off" });
    expect(situationOf(bare, shown, texts)?.actions).toEqual(["close-tab"]);
  });

  it.each([
    [{ reason: "customer", by: "" }, "Ann Moreau ended it."],
    [{ reason: "representative", by: "Rita Keller" }, "You ended it."],
    [{ reason: "representative", by: "Bob" }, "Bob ended it."],
    [{ reason: "orphaned", by: "" }, "nobody came back"],
    [{ reason: "closed", by: "" }, "The appliance ended it."],
  ] as const)("says who ended the session: %j", (end, said) => {
    const situation = situationOf(sampleState({}, { ...ended, end }), shown, texts);
    expect(situation?.text).toContain(said);
    expect(situation?.text).toContain("It lasted");
  });

  it("does not say that a session has ended which only went out of sight", () => {
    const situation = situationOf(sampleState({}, { state: "ended" }), shown, texts);
    expect(situation).toMatchObject({ kind: "left", actions: ["close-tab"] });
  });

  it.each([
    [undefined, "Sign in again"],
    ["not-authenticated", "Sign in again"],
    ["account-disabled", "Please ask your administrator"],
    ["link-replaced", "Go on with this session there"],
  ] as const)("asks to sign in again only where that would help: %s", (refusal, said) => {
    const out = sampleState({ connection: "signed-out", refusal });
    expect(situationOf(out, shown, texts)?.text).toContain(said);
  });

  it("says that the computer restarts, as long as it is waited for", () => {
    const away = { customerConnected: false, returnsUntil: 1_800_000_000_000 };
    const restarting = situationOf(sampleState({}, away), shown, texts);
    expect(restarting).toMatchObject({ kind: "restarting", isBusy: true, keepsPicture: false });
    const back = sampleState({}, { ...away, customerConnected: true });
    expect(situationOf(back, shown, texts)).toBeUndefined();
  });

  it("lets a waiting session be accepted, and a failed picture be tried again", () => {
    const waiting = sampleState({}, { state: "waiting" });
    expect(situationOf(waiting, shown, texts)?.actions).toEqual(["accept"]);
    const failed = { isShown: false, closed: "protocol-violation" } as const;
    expect(situationOf(sampleState(), failed, texts)?.actions).toEqual(["retry"]);
  });
});
