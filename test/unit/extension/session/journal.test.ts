import type { ChatMessage } from "@handrail/protocol";
import { expect, it } from "vitest";
import { type Entry, Journal } from "../../../../extension/session/journal.ts";
import { lsid } from "../sample.ts";

const a = lsid("a");

function message(seq: number): ChatMessage {
  return { seq, from: { kind: "customer", name: "Grace" }, text: `line ${seq}`, at: seq };
}

it("history and what arrived meanwhile become one list, each line once, in order", async () => {
  const journal = new Journal(async () => {
    journal.addMessage(a, message(3));
    return { chat: [message(1), message(2), message(3)], events: [] };
  });
  await journal.load(a);
  journal.addMessage(a, message(4));
  journal.addMessage(a, message(4));
  expect(journal.of(a).chat.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
});

it("tells each new line once, and that history was read", async () => {
  const journal = new Journal(() => Promise.resolve({ chat: [message(1)], events: [] }));
  const heard: Entry["kind"][] = [];
  journal.added.on(({ entry }) => heard.push(entry.kind));
  journal.addMessage(a, message(1));
  journal.addMessage(a, message(1));
  await journal.load(a);
  expect(heard).toEqual(["chat", "history"]);
});

it("a session that nobody looks at is forgotten", () => {
  const journal = new Journal(() => Promise.reject(new Error("not asked")));
  journal.addMessage(a, message(1));
  journal.forget(a);
  expect(journal.of(a)).toEqual({ chat: [], events: [], notes: [] });
});
