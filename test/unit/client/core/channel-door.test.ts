import {
  type Channel,
  type ChannelKind,
  type OpenRequest,
  parseLsid,
  systemActRequest,
} from "@handrail/protocol";
import { beforeEach, expect, it } from "vitest";
import { ChannelDoor } from "../../../../appliance/client/core/channel-door.ts";
import { ConsentDesk } from "../../../../appliance/client/core/consent.ts";
import { PolicyGate } from "../../../../appliance/client/core/policy-gate.ts";
import { texts } from "../../../../appliance/client/core/texts.ts";
import { ToolDesk } from "../../../../appliance/client/core/tools.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { poll } from "../../../support/poll.ts";
import { clockOf, openChannel, WindowRecord } from "./edges.ts";

const wanted = { act: "restart", service: "cups" } as const;
const request = systemActRequest.encode({ id: 1, wanted });

let window: WindowRecord;
let clock: FakeClock;
let gate: PolicyGate;
let door: ChannelDoor;
/** What the tool has heard. */
let heard: Uint8Array[];
beforeEach(() => {
  window = new WindowRecord();
  clock = new FakeClock();
  heard = [];
  gate = new PolicyGate(() => undefined);
  gate.sessionChanged("active", {});
  const parts = { gate, clock: clockOf(clock) };
  const consents = new ConsentDesk({
    ...{ ...parts, window, texts: texts.en, namesOf: () => [] },
    prompting: () => undefined,
    told: () => Promise.resolve(true),
  });
  const hosts = {
    "system-act": () => ({
      use: ({ channel }: { channel: Channel }) => {
        channel.listener = { message: (bytes) => void heard.push(bytes) };
      },
      [Symbol.dispose]: () => undefined,
    }),
  };
  const tools = new ToolDesk(gate, hosts, parts.clock, consents);
  door = new ChannelDoor({
    ...{ gate, consents, tools },
    attachScreen: () => undefined,
    attachInput: () => undefined,
    representatives: () => "Ann Archer, Ben Baker",
    isUnseen: () => false,
    reportOf: () => () => undefined,
    attached: () => undefined,
    answered: () => undefined,
  });
});

/** A channel of that kind that the appliance has opened for Ann. */
function open(kind: ChannelKind): Channel {
  const channel = openChannel(kind);
  const lsid = parseLsid("0".repeat(32));
  if (!lsid) throw new Error("no such session");
  const opening: OpenRequest = { kind, lsid, by: "Ann Archer" };
  door.opened(opening, channel);
  return channel;
}

const asked = () => poll("it is asked", () => window.questions[0]);

it("says what is wanted first where nothing but the channel says so, and does it after a yes", async () => {
  const channel = open("system-act");
  channel.listener.message?.(request);
  const { title, body } = await asked();
  expect(title).toBe("Ann Archer would like to end programs and work services");
  expect(body).toMatch(/^Wanted now: Restart the service cups\n\nPrograms on your/);
  expect(heard).toEqual([]);
  window.answer(true);
  await poll("it is done", () => heard.length === 1);
  expect(heard).toEqual([request]);
});

it("asks without it when a channel says nothing, or nothing that it should", async () => {
  const silent = open("system-act");
  await Promise.resolve();
  expect(window.questions).toEqual([]);
  clock.advance(2_000);
  expect((await asked()).body).toMatch(/^Programs on your/);
  window.answer(false);
  await poll("it is refused", () => silent.isGone);
  gate.forget("system-act");
  open("system-act").listener.message?.(Uint8Array.of(1, 2, 3));
  const second = await poll("it is asked", () => window.questions[1]);
  expect(second.body).toMatch(/^Programs on your/);
});

it("asks nothing for a channel that is gone before it has said what it is for", async () => {
  open("system-act").listener.closed?.("cancelled", "");
  clock.advance(2_000);
  open("screen");
  expect((await asked()).title).toMatch(/see your screen/);
  expect(window.questions).toHaveLength(1);
});
