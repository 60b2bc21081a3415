import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { beginSession } from "../support/active-session.ts";
import { connectConsole } from "../support/party.ts";
import { Relay } from "../support/relay.ts";

let relay: Relay;
beforeAll(async () => {
  relay = await Relay.start();
});
afterAll(() => relay[Symbol.asyncDispose]());

/** A session between Ann and a customer. */
async function begin() {
  relay.account("ann");
  const session = await beginSession(relay);
  return { ...session, ann: session.representative };
}

describe("a page that is offered", () => {
  it("reaches the customer as a line of chat, and the log without what follows its path", async () => {
    const { ann, customer, lsid } = await begin();
    const said = await ann.call("chat.push-url", { lsid, url: "HTTPS://Example.org/a?token=b#c" });
    expect(said.url).toBe("https://example.org/a?token=b#c");
    expect(await customer.hears("chat.message")).toEqual(said);
    const { chat, events } = await ann.call("session.history", { lsid });
    expect(chat).toEqual([said]);
    const pushed = events.find(({ event }) => event === "url.pushed");
    expect(pushed?.detail).toEqual({ page: "https://example.org/a" });
  });

  it.each([
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://bank.example@evil.example/",
    "nonsense",
    "",
  ])("is not %s", async (url) => {
    const { ann, customer, lsid } = await begin();
    expect(await ann.outcome("chat.push-url", { lsid, url })).toBe("bad-request");
    await ann.call("chat.send", { lsid, text: "the next line" });
    await customer.hears("chat.message");
    expect(customer.all("chat.message").map(({ text }) => text)).toEqual(["the next line"]);
  });
});

describe("calling the customer", () => {
  it("is heard with the caller's name and written down, once in a while", async () => {
    const { ann, customer, lsid } = await begin();
    await ann.call("chat.nudge", { lsid });
    expect(await customer.hears("chat.nudged")).toEqual({ name: "Ann" });
    await ann.hears("session.event", ({ event }) => event.event === "customer.nudged");
    expect(await ann.outcome("chat.nudge", { lsid })).toBe("too-many-attempts");
    expect(customer.all("chat.nudged")).toHaveLength(1);
  });

  it("is refused while nobody is there, and to who takes no part", async () => {
    const { ann, customer, lsid } = await begin();
    relay.account("bob");
    await using bob = await connectConsole(relay.url, "bob");
    expect(await bob.outcome("chat.nudge", { lsid })).toBe("not-found");
    customer.drop();
    await ann.hears(
      "session.changed",
      ({ state, customerConnected }) => state === "active" && !customerConnected,
    );
    expect(await ann.outcome("chat.nudge", { lsid })).toBe("customer-away");
  });
});

describe("canned messages", () => {
  it("are listed for every representative, with their macros", async () => {
    const author = relay.account("root", { role: "administrator" });
    const text = "Hello ${session.customer.name}";
    const message = { title: "Greeting", text, language: "" } as const;
    const id = await relay.broker.cannedMessages.add(message, author);
    const { ann } = await begin();
    const { messages } = await ann.call("canned-message.list", {});
    expect(messages).toEqual([{ id, title: "Greeting", text }]);
    await relay.broker.cannedMessages.change(id, { ...message, language: "fr" }, author);
    expect((await ann.call("canned-message.list", {})).messages[0]?.language).toBe("fr");
    await relay.broker.cannedMessages.change(id, { ...message, text: "Hi" }, author);
    expect((await ann.call("canned-message.list", {})).messages[0]?.text).toBe("Hi");
    await expect(relay.broker.cannedMessages.add(message, author)).rejects.toMatchObject({
      code: "conflict",
      field: "name",
    });
    await relay.broker.cannedMessages.remove(id, author);
    expect((await ann.call("canned-message.list", {})).messages).toEqual([]);
    const names = relay.audit.page({ limit: 50 }).map(({ event }) => event);
    expect(names).toEqual(
      expect.arrayContaining([
        ...["canned-message.added", "canned-message.changed", "canned-message.removed"],
      ]),
    );
  });
});

describe("notes on a session", () => {
  it("are shown to colleagues, never to the customer, and can be added afterwards", async () => {
    const { ann, customer, lsid } = await begin();
    const bobId = relay.account("bob").id;
    await using bob = await connectConsole(relay.url, "bob");
    await ann.call("session.share", { lsid, with: bobId, observer: false });
    await ann.call("note.keep", { lsid, note: { title: "", text: "Ink was empty" } });
    const { note } = await bob.hears("note.kept");
    expect(note).toMatchObject({ author: "Ann", text: "Ink was empty", title: "" });
    await ann.call("session.end", { lsid });
    await bob.call("note.keep", { lsid, note: { title: "", text: "Came back on Monday" } });
    const { notes } = await ann.call("session.history", { lsid });
    expect(notes?.map(({ author, text }) => [author, text])).toEqual([
      ["Ann", "Ink was empty"],
      ["Bob", "Came back on Monday"],
    ]);
    expect(JSON.stringify(customer.heard)).not.toContain("Ink was empty");
  });

  it("are refused to who took no part, and where they are too long", async () => {
    const { ann, lsid } = await begin();
    relay.account("eve");
    await using eve = await connectConsole(relay.url, "eve");
    const note = { title: "", text: "x" };
    expect(await eve.outcome("note.keep", { lsid, note })).toBe("not-found");
    const long = { title: "", text: "x".repeat(100_000) };
    expect(await ann.outcome("note.keep", { lsid, note: long })).toBe("bad-request");
    expect((await ann.call("session.history", { lsid })).notes).toEqual([]);
  });
});

describe("fields of a session", () => {
  const cause = {
    name: "Cause",
    kind: "choice",
    choices: ["Ink", "Paper"],
    isRequired: true,
  } as const;

  it("are filled in, seen by colleagues, found by the search, and kept after the end", async () => {
    const author = relay.account("root", { role: "administrator" });
    const id = await relay.broker.fields.add({ ...cause, choices: [...cause.choices] }, author);
    const { ann, customer, lsid } = await begin();
    const { fields } = await ann.call("field.list", {});
    expect(fields.map((field) => field.id)).toEqual(["external-key", id]);
    const fill = (values: Record<string, string>) => {
      const given = Object.entries(values).map(([field, value]) => ({ id: field, value }));
      return ann.outcome("session.fill-in", { lsid, fields: given });
    };
    expect(await fill({ "external-key": "T-100%", [id]: "Ink" })).toBe("allowed");
    const seen = await ann.hears("session.changed", (session) => session.fields?.length === 2);
    expect(seen.fields).toEqual([
      { id: "external-key", name: "", value: "T-100%" },
      { id, name: "Cause", value: "Ink" },
    ]);
    expect(await fill({ [id]: "Aliens" })).toBe("bad-request");
    expect(await fill({ ["0".repeat(32)]: "x" })).toBe("bad-request");
    expect(await fill({ "external-key": "x".repeat(100_000) })).toBe("bad-request");
    await ann.call("session.end", { lsid });
    expect(await fill({ [id]: "" })).toBe("allowed");
    const find = (search: string) => relay.broker.listSessions({ limit: 10, search });
    expect(find("t-100%").map((session) => session.lsid)).toEqual([lsid]);
    expect(find("t-100%")[0]?.fields?.map(({ value }) => value)).toEqual(["T-100%"]);
    expect(find("external-key")).toEqual([]);
    expect(JSON.stringify(customer.heard)).not.toContain("T-100%");
  });

  it("are not for observers", async () => {
    const { ann, lsid } = await begin();
    const bobId = relay.account("bob").id;
    await using bob = await connectConsole(relay.url, "bob");
    await ann.call("session.share", { lsid, with: bobId, observer: true });
    const fields = [{ id: "external-key", value: "x" }];
    expect(await bob.outcome("session.fill-in", { lsid, fields })).toBe("not-permitted");
    await ann.call("session.end", { lsid });
    expect(await bob.outcome("session.fill-in", { lsid, fields })).toBe("not-permitted");
    expect(await ann.outcome("session.fill-in", { lsid, fields })).toBe("allowed");
  });
});

describe("the surveys at the end", () => {
  const text = { en: "Are you content?", fr: "Êtes-vous satisfait ?" };

  /** A session that is over, with a question for each side. */
  async function ended() {
    const author = relay.account("root", { role: "administrator" });
    const { questions } = relay.broker.surveys;
    for (const { id } of questions.list()) await questions.remove(id, author);
    const asked = await questions.add({ text, audience: "customer", kind: "scale" }, author);
    const words = { ...text, en: "What went wrong?" };
    await questions.add({ text: words, audience: "representative", kind: "text" }, author);
    const session = await begin();
    const { ann, customer, lsid } = session;
    expect(await customer.outcome("survey.answer", { answers: [{ id: asked, value: "1" }] })).toBe(
      "not-permitted",
    );
    await ann.call("session.end", { lsid });
    const { survey } = await customer.hears("session.ended");
    expect(survey).toEqual([{ id: asked, text, kind: "scale" }]);
    return { ...session, asked };
  }

  it("keep what the customer answers, once, and then the line ends", async () => {
    const { customer, lsid, asked } = await ended();
    await customer.call("survey.answer", { answers: [{ id: asked, value: "5" }] });
    expect(await customer.closes()).toBe(1000);
    const kept = relay.broker.readSession(lsid)?.surveys;
    expect(kept).toMatchObject([
      { byId: "", byName: "Carla", answers: [{ question: text, kind: "scale", value: "5" }] },
    ]);
  });

  it.each(["6", "0", "very", "1".repeat(3000)])("refuse %s of a scale", async (value) => {
    const { customer, lsid, asked } = await ended();
    const answers = [{ id: asked, value }];
    expect(await customer.outcome("survey.answer", { answers })).toBe("bad-request");
    expect(relay.broker.readSession(lsid)?.surveys).toEqual([]);
  });

  it("refuse one of 1 MB, and say so in the log", async () => {
    const { customer, lsid, asked } = await ended();
    const answers = [{ id: asked, value: "x".repeat(1024 * 1024) }];
    const outcome = customer.outcome("survey.answer", { answers });
    const refused = await Promise.race([outcome, customer.closes()]);
    expect(["bad-request", 4413]).toContain(refused);
    expect(relay.broker.readSession(lsid)?.surveys).toEqual([]);
    const logged = relay.log.filter(
      (line) => line.includes("refused") || line.includes("too-large"),
    );
    expect(logged.join()).toMatch(/survey\.answer|frame-too-large/);
  });

  it("ask representatives too, each once", async () => {
    const { ann, lsid } = await ended();
    const { questions } = await ann.call("survey.list", {});
    expect(questions.map(({ kind }) => kind)).toEqual(["text"]);
    const answers = questions.map(({ id }) => ({ id, value: "=Nothing" }));
    await ann.call("survey.answer", { lsid, answers });
    expect(await ann.outcome("survey.answer", { lsid, answers })).toBe("conflict");
    relay.account("eve");
    await using eve = await connectConsole(relay.url, "eve");
    expect(await eve.outcome("survey.answer", { lsid, answers })).toBe("not-found");
    const { events } = await ann.call("session.history", { lsid });
    expect(events.at(-1)).toMatchObject({ event: "survey.answered", who: "Ann" });
  });
});
