import type { ChatMessage } from "@handrail/protocol";
import { expect, it } from "vitest";
import type { Entry } from "../../../../extension/session/journal.ts";
import { Unread } from "../../../../extension/session/unread.ts";
import { Signal } from "../../../../extension/signal.ts";
import { sampleState } from "../../media/session-sample.ts";

const { me, session } = sampleState();
const { lsid } = session;

it("messages of others count until the conversation is in front", () => {
  const added = new Signal<{ lsid: typeof lsid; entry: Entry }>();
  let isSeen = false;
  const unread = new Unread({ journal: { added }, self: () => me.id, isSeen: () => isSeen });
  const told: number[] = [];
  unread.changed.on((changed) => told.push(unread.of(changed)));
  const say = (from: ChatMessage["from"]) => {
    const message = { seq: told.length, from, text: "x", at: 1 };
    added.fire({ lsid, entry: { kind: "chat", message } });
  };
  say({ kind: "customer", name: "Carla" });
  say({ kind: "representative", name: me.name, id: me.id });
  say({ kind: "customer", name: "Carla" });
  expect([unread.of(lsid), unread.total, ...told]).toEqual([2, 2, 1, 2]);
  isSeen = true;
  unread.look();
  say({ kind: "customer", name: "Carla" });
  expect([unread.of(lsid), unread.total, told.at(-1)]).toEqual([0, 0, 0]);
});
