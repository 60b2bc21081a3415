import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { sendLetter } from "../../../../appliance/server/mail/letter.ts";
import { MailError, type SendTrouble } from "../../../../appliance/server/mail/mail-error.ts";
import type { MailServer as Way } from "../../../../appliance/server/mail/settings.ts";
import { Authority } from "../../../support/authority.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import { freePort } from "../../../support/free-port.ts";
import { MailServer, textOf } from "../../../support/mail-server.ts";
import { poll } from "../../../support/poll.ts";

const letter = {
  to: "ann@example.org",
  subject: "Zertifikat läuft ab – Ünïcode",
  text: "Ein langer Text mit Ümlauten.\n",
  id: "0b6f4c1e-letter",
};

let authority: Authority;
let tls: NonNullable<Parameters<typeof MailServer.start>[0]>["tls"] & object;
beforeAll(() => {
  authority = new Authority();
  tls = { ...authority.issue({ host: "127.0.0.1" }), chain: authority.intermediate };
});
afterAll(() => authority[Symbol.dispose]());

function way(port: number, more: Partial<Way> = {}): Way {
  return {
    host: "127.0.0.1",
    port,
    security: "none",
    trust: { by: "ca", ca: authority.root },
    user: "",
    password: "",
    sender: "handrail@example.org",
    senderName: "Example Support",
    addressees: [],
    language: "en",
    mailsKeys: false,
    ...more,
  };
}

function send(to: Way, clock: { after: typeof systemClock.after } = systemClock): Promise<void> {
  const options = { clock: { ...systemClock, ...clock }, host: "help.example.org" };
  return sendLetter(letter, to, { ...options, signal: new AbortController().signal });
}

async function troubleOf(to: Way): Promise<SendTrouble & { isFinal: boolean }> {
  const error = await send(to).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof MailError)) throw new Error("no MailError", { cause: error });
  return { ...error.trouble, isFinal: error.isFinal };
}

describe("a letter", () => {
  it("arrives whole, over STARTTLS, TLS and without, from who is signed in", async () => {
    const account = { user: "handrail", password: "correct horse" };
    const signIn = { user: account.user, password: account.password };
    await using upgraded = await MailServer.start({ tls, account });
    await using secure = await MailServer.start({ tls, account, isTlsFromStart: true });
    await using plain = await MailServer.start();
    await send(way(upgraded.port, { security: "starttls", ...signIn }));
    await send(way(secure.port, { security: "tls", ...signIn }));
    await send(way(plain.port));
    for (const server of [upgraded, secure]) {
      expect(server.mails).toMatchObject([{ user: "handrail", isSecure: true }]);
    }
    const [mail] = plain.mails;
    if (!mail) throw new Error("no mail came");
    expect(mail).toMatchObject({ from: "handrail@example.org", to: [letter.to], isSecure: false });
    expect(mail.source).toContain("From: Example Support <handrail@example.org>");
    expect(mail.source).toContain("Message-ID: <0b6f4c1e-letter@help.example.org>");
    expect(mail.source).toContain("Auto-Submitted: auto-generated");
    expect(mail.source).toMatch(/^Subject: =\?UTF-8\?/m);
    expect(textOf(mail).trim()).toBe(letter.text.trim());
  });

  it("goes to no server that is not trusted, and to a pinned one alone", async () => {
    await using upgraded = await MailServer.start({ tls });
    await using secure = await MailServer.start({ tls, isTlsFromStart: true });
    const servers = [
      [upgraded, "starttls"],
      [secure, "tls"],
    ] as const;
    for (const [server, security] of servers) {
      const strange = way(server.port, { security, trust: { by: "authorities" } });
      const { fault, fingerprint = "" } = await troubleOf(strange);
      expect([fault, fingerprint]).toEqual(["untrusted", expect.stringMatching(/^[0-9a-f]{64}$/)]);
      const other = { by: "pin", pin: "0".repeat(64) } as const;
      const refused = await troubleOf({ ...strange, trust: other });
      expect(refused).toMatchObject({ fault: "other-certificate", fingerprint });
      expect(server.mails).toEqual([]);
      await send({ ...strange, trust: { by: "pin", pin: fingerprint } });
      expect(server.mails).toHaveLength(1);
    }
  });

  it("says what the server refuses, in its own words, and what is refused for good", async () => {
    await using server = await MailServer.start();
    const cases = [
      ["sender", [550, "5.7.1 not from you"], "sender", false],
      ["recipient", [550, "5.1.1 no such person"], "recipient", true],
      ["recipient", [450, "4.2.1 later, please"], "recipient", false],
      ["mail", [552, "5.3.4 too big"], "too-large", true],
      ["mail", [554, "5.6.0 looks like spam"], "refused-mail", false],
    ] as const;
    for (const [what, [code, text], fault, isFinal] of cases) {
      server.refuses = { [what]: [code, text] };
      const answer = expect.stringContaining(text) as string;
      expect(await troubleOf(way(server.port))).toMatchObject({ fault, isFinal, answer });
    }
    await using small = await MailServer.start({ maxSizeBytes: 100 });
    expect(await troubleOf(way(small.port))).toMatchObject({ fault: "too-large" });
  });

  it("tells a wrong password from a server that wants none", async () => {
    const account = { user: "handrail", password: "correct horse" };
    await using strict = await MailServer.start({ tls, account });
    await using open = await MailServer.start({ tls });
    const signIn = { security: "starttls", user: "handrail", password: "wrong" } as const;
    const wrong = await troubleOf(way(strict.port, signIn));
    expect(wrong).toMatchObject({
      fault: "authentication",
      answer: expect.stringContaining("535") as string,
    });
    expect(JSON.stringify(wrong)).not.toContain('wrong"');
    const missing = await troubleOf(way(strict.port, { security: "starttls" }));
    expect(missing).toMatchObject({ fault: "no-authentication" });
    expect(await troubleOf(way(open.port, signIn))).toMatchObject({ fault: "no-authentication" });
  });

  it("names what is wrong with the way to the server", async () => {
    await using plain = await MailServer.start();
    await using secure = await MailServer.start({ tls, isTlsFromStart: true });
    const faults = await Promise.all(
      [
        way(plain.port, { security: "starttls" }),
        way(plain.port, { security: "tls" }),
        way(await freePort()),
        way(25, { host: "nowhere.invalid", security: "tls" }),
        way(25, { host: "192.0.2.1" }),
      ].map(async (each) => (await troubleOf(each)).fault),
    );
    expect(faults.slice(0, 3)).toEqual(["no-starttls", "no-tls", "refused"]);
    expect(faults[3]).toBe("unknown-name");
    expect(faults[4]).toBe("not-private");
    expect(secure.mails).toEqual([]);
  });

  it("does not wait for ever for a server that says nothing, or that is none", async () => {
    await using stack = new AsyncDisposableStack();
    const sockets = new Set<{ destroy: () => void }>();
    const silent = createServer((socket) => sockets.add(socket.on("error", () => undefined)));
    const web = createServer((socket) => {
      sockets.add(socket.on("error", () => undefined));
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    stack.defer(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
      web.close();
    });
    for (const server of [silent, web]) await once(server.listen(0, "127.0.0.1"), "listening");
    const [silentPort, webPort] = [silent, web].map(
      (server) => (server.address() as AddressInfo).port,
    );
    expect((await troubleOf(way(webPort ?? 0))).fault).toBe("no-smtp");
    const clock = new FakeClock();
    const sending = send(way(silentPort ?? 0), { after: clock.after.bind(clock) }).then(
      () => "sent",
      (error: unknown) => (error instanceof MailError ? error.trouble.fault : error),
    );
    await poll("the server was reached", () => sockets.size > 1);
    await poll("it was given up", () => {
      clock.advance(10_000);
      return Promise.race([sending, new Promise((resolve) => setImmediate(resolve, false))]);
    });
    expect(await sending).toBe("timeout");
  });
});
