import { formatSessionKey, parseSessionKey } from "@handrail/protocol";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MailDesk } from "../../appliance/server/mail/desk.ts";
import { mailForm } from "../../appliance/server/mail/settings.ts";
import { applianceValues } from "../../appliance/server/store/appliance-values.ts";
import { MailServer, textOf } from "../support/mail-server.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";
import { Relay } from "../support/relay.ts";
import { ShiftClock } from "../support/shift-clock.ts";

const place = { host: "support.example.org", publicUrl: "https://support.example.org" };
const clock = new ShiftClock();
let relay: Relay;
let desk: MailDesk;
let server: MailServer;
let ann: ConsoleEnd;

beforeAll(async () => {
  relay = await Relay.start({
    clock,
    keyCourier: ({ store, ...parts }) => {
      const values = applianceValues(store);
      desk = new MailDesk({ ...parts, ...place, values, siteName: "Example Support" });
      return desk;
    },
  });
});
afterAll(() => relay[Symbol.asyncDispose]());

beforeEach(async ({ task }) => {
  server = await MailServer.start();
  await letKeys(true);
  // Each test has a representative of its own: what one may send is counted.
  relay.account(task.id);
  ann = await connectConsole(relay.url, task.id);
});
afterEach(async () => {
  await ann[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

/** Sends mail by the server of this test, and session keys or not. */
async function letKeys(mailsKeys: boolean): Promise<void> {
  const way = { host: "127.0.0.1", port: server.port, security: "none", mailsKeys };
  const form = mailForm.parse({ ...way, sender: "handrail@example.org", language: "fr" });
  await desk.change(form, { name: "Cleo" });
}

const to = "cleo@example.org";

describe("a session key by e-mail", () => {
  it("comes with the address and its time, in the language that was wanted or the site's", async () => {
    const { key, lsid } = await ann.key();
    expect(await ann.call("key.mail", { lsid, to, language: "en" })).toEqual({ outcome: "sent" });
    expect(await ann.call("key.mail", { lsid, to })).toEqual({ outcome: "sent" });
    const [english, french] = server.mails;
    if (!english || !french) throw new Error("two letters were to come");
    const parsed = parseSessionKey(key);
    const shown = parsed && formatSessionKey(parsed);
    expect(english.to).toEqual([to]);
    expect(english.source).toContain("Subject: [Example Support] Your support session");
    expect(textOf(english)).toContain(
      `Please open ${place.publicUrl} in your browser and enter this session key:\n\n    ${shown}\n`,
    );
    expect(textOf(english)).toMatch(/within (19|20) minutes of this letter/);
    expect(textOf(french)).toMatch(/dans un délai de (19|20) minutes/);
    await using customer = await connectCustomer(relay.url, { key });
    await ann.hears("session.changed", ({ state }) => state === "waiting");
    await ann.call("session.accept", { lsid });
    const { events } = await ann.call("session.history", { lsid });
    const mailed = events.filter(({ event }) => event === "key.mailed");
    expect(mailed.map(({ detail }) => detail)).toEqual([{ to }, { to }]);
    expect(JSON.stringify(events)).not.toContain(key);
    expect(await ann.outcome("key.mail", { lsid, to })).toBe("not-found");
    await ann.call("session.end", { lsid });
    await customer.hears("session.ended");
  });

  it("goes to one address, and adds nothing to the letter's head", async () => {
    const { lsid } = await ann.key();
    const hostile = [
      ...[
        "",
        "cleo",
        "cleo@example.org, bob@example.org",
        "cleo@example.org\r\nBcc: x@example.org",
      ],
      ...[
        "<cleo@example.org>",
        "cleo@example.org\n\nHello",
        "cleo@[127.0.0.1]",
        '"a b"@example.org',
      ],
    ];
    for (const typed of hostile) {
      expect(await ann.call("key.mail", { lsid, to: typed }), typed).toEqual({
        outcome: "address",
      });
    }
    expect(server.mails).toEqual([]);
  });

  it("tells an address that the server refuses from a server that takes nothing", async () => {
    const { lsid } = await ann.key();
    server.refuses = { recipient: [550, "5.1.1 no such person"] };
    expect(await ann.call("key.mail", { lsid, to })).toEqual({ outcome: "address" });
    server.refuses = { mail: [451, "4.3.0 not now"] };
    expect(await ann.call("key.mail", { lsid, to })).toEqual({ outcome: "failed" });
    relay.audit.flush();
    const rows = relay.audit.ofSession(lsid);
    expect(rows.at(-1)).toMatchObject({
      event: "key.mail-failed",
      detail: { to, mailOutcome: "refused-mail", answer: "451 4.3.0 not now" },
    });
  });

  it("is sent for nobody where the site does not let it, and by nobody but who made the key", async () => {
    const { lsid } = await ann.key();
    relay.account("bob");
    await using bob = await connectConsole(relay.url, "bob");
    expect(await bob.outcome("key.mail", { lsid, to })).toBe("not-found");
    await letKeys(false);
    expect(await ann.call("key.mail", { lsid, to })).toEqual({ outcome: "off" });
    await desk.change(undefined, { name: "Cleo" });
    expect(await ann.call("key.mail", { lsid, to })).toEqual({ outcome: "off" });
    expect(server.mails).toEqual([]);
  });

  it("is sent ten times in a row, and then every three minutes", async () => {
    const { lsid } = await ann.key();
    for (let letter = 0; letter < 10; letter++) await ann.call("key.mail", { lsid, to });
    expect(await ann.outcome("key.mail", { lsid, to })).toBe("too-many-attempts");
    expect(server.mails).toHaveLength(10);
    clock.skip(180_000);
    expect(await ann.call("key.mail", { lsid, to })).toEqual({ outcome: "sent" });
  });
});
