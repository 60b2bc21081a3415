import type { HandrailError } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../../extension/clock.ts";
import { parseSiteAddress } from "../../../../extension/site/address.ts";
import { Connection } from "../../../../extension/site/connection.ts";
import { askJson, type Guard } from "../../../../extension/site/https.ts";
import type { LinkState } from "../../../../extension/site/reconnect.ts";
import { judge, UntrustedError } from "../../../../extension/site/trust.ts";
import { poll } from "../../../support/poll.ts";
import { lsid } from "../sample.ts";
import { ApplianceEnd } from "./appliance-end.ts";

const silentLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

let appliance: ApplianceEnd;
let link: Connection;
let begun: number;
let states: LinkState["phase"][];
let lastError: HandrailError | undefined;
let tokens: boolean[];
let goneKeys: string[];

beforeEach(async () => {
  appliance = await ApplianceEnd.start();
  [begun, states, lastError, tokens, goneKeys] = [0, [], undefined, [], []];
  const ignore = () => undefined;
  link = new Connection({
    program: { name: "test", version: "1", platform: "test" },
    clock: systemClock,
    random: () => 0,
    log: silentLog,
    listeners: {
      "session.changed": ignore,
      "session.gone": ignore,
      "queues.changed": ignore,
      "transfer.settled": ignore,
      "key.changed": ignore,
      "scripts.changed": ignore,
      "key.gone": ({ reason }) => goneKeys.push(reason),
      "arrival.changed": ignore,
      "arrival.gone": ignore,
      "chat.message": ignore,
      "chat.typing": ignore,
      "session.event": ignore,
      "pointers.moved": ignore,
      "presence.changed": ignore,
      "note.kept": ignore,
      "colleague.asked": ignore,
      "colleague.settled": ignore,
      "appliance.restarting": ignore,
      "session.warning": ignore,
    },
    begun: () => begun++,
    changed: ({ phase }, error) => {
      states.push(phase);
      lastError = error ?? lastError;
    },
  });
});

afterEach(async () => {
  link.dispose();
  await appliance[Symbol.asyncDispose]();
});

function site() {
  const address = parseSiteAddress(appliance.origin);
  if (!address) throw new Error("no address");
  return address;
}

/** Trusts the certificate with this fingerprint only. */
function pinned(fingerprint: string): Guard {
  return (certificate) => {
    const verdict = judge(certificate, fingerprint);
    if (verdict.outcome !== "trusted") throw new UntrustedError(verdict);
  };
}

function start(guard: Guard = pinned(appliance.fingerprint)): void {
  const accessToken = ({ fresh }: { fresh: boolean }) => {
    tokens.push(fresh);
    return Promise.resolve(fresh ? "new" : "old");
  };
  link.start({ site: site(), guard, accessToken });
}

const online = (what = "the link is online") => poll(what, () => link.state.phase === "online");

describe("a connection", () => {
  it("introduces itself with its token and asks and is answered", async () => {
    appliance.answered.set("session.past", { sessions: [] });
    start();
    await online();
    expect(appliance.hellos[0]).toMatchObject({ role: "console", accessToken: "old" });
    expect(await link.call("session.past", { limit: 5 })).toEqual({ sessions: [] });
    expect(begun).toBe(1);
  });

  it("sends nothing at all to a peer whose certificate is not the pinned one", async () => {
    start(pinned("0".repeat(64)));
    await poll("the link gave up", () => link.state.phase === "refused");
    expect(lastError).toBeInstanceOf(UntrustedError);
    expect(lastError).toMatchObject({
      verdict: { outcome: "changed", shown: appliance.fingerprint, pinned: "0".repeat(64) },
    });
    expect([appliance.receivedBytes, appliance.hellos]).toEqual([0, []]);
  });

  it("answers what is asked while the line is away, on the link as it was", async () => {
    appliance.answered.set("session.past", { sessions: [] });
    start();
    await online();
    appliance.cut();
    await poll("the cut was noticed", () => states.includes("waiting"));
    expect(await link.call("session.past", { limit: 7 })).toEqual({ sessions: [] });
    expect(appliance.hellos[1]).toMatchObject({ resume: { token: "token" } });
    expect(begun).toBe(1);
  });

  it("hears what was told while the line was away", async () => {
    start();
    await online();
    appliance.cut();
    appliance.tell("key.gone", { lsid: lsid("a"), reason: "used" });
    await poll("it was heard", () => goneKeys.includes("used"));
  });

  it("begins anew when the appliance has forgotten the link, and says what was lost", async () => {
    start();
    await online();
    const channel = link.open("screen", lsid("a"));
    const closed: (string | undefined)[] = [];
    channel.listener = { closed: (code) => closed.push(code) };
    const lost = link.call("session.past", { limit: 5 });
    await poll("the channel arrived", () => appliance.opened.length === 1);
    appliance.resumes = false;
    appliance.cut();
    await expect(lost).rejects.toMatchObject({ code: "unavailable" });
    await poll("it began again", () => begun === 2);
    expect(closed).toEqual(["unavailable"]);
  });

  it("tries once with a new token when its token is refused, then gives up", async () => {
    appliance.refuseNext = "not-authenticated";
    start();
    await online();
    expect(tokens).toEqual([false, true]);
    link.stop();
    appliance.refuseNext = "account-disabled";
    start();
    await poll("it gave up", () => link.state.phase === "refused");
    expect(lastError).toMatchObject({ code: "account-disabled" });
  });

  it("refuses questions at once while there is no link", async () => {
    await expect(link.call("overview", {})).rejects.toMatchObject({ code: "unavailable" });
    expect(() => link.open("screen", lsid("a"))).toThrow("not connected");
  });
});

describe("a request", () => {
  const get = (guard: Guard) =>
    askJson(site(), guard, {
      method: "GET",
      path: "/api/site",
      signal: AbortSignal.timeout(5_000),
    });

  it("is answered by the pinned site", async () => {
    expect(await get(pinned(appliance.fingerprint))).toEqual({
      status: 200,
      json: { name: "Test" },
    });
  });

  it("sends nothing to a site that is not trusted", async () => {
    await expect(get(pinned("0".repeat(64)))).rejects.toThrow(UntrustedError);
    expect(appliance.receivedBytes).toBe(0);
  });

  it("says that a site cannot be reached", async () => {
    const gone = { ...site(), origin: "https://127.0.0.1:1" };
    const ask = { method: "GET", path: "/", signal: AbortSignal.timeout(5_000) } as const;
    await expect(askJson(gone, () => undefined, ask)).rejects.toMatchObject({
      code: "unavailable",
    });
  });
});
