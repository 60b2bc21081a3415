import { once } from "node:events";
import { connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { accessToken, Admin } from "../support/signed-in.ts";
import { poll } from "../support/poll.ts";
import { connectConsole, connectCustomer, type ConsoleEnd } from "../support/party.ts";

let appliance: Appliance;
beforeAll(async () => {
  appliance = await Appliance.start({ env: { HANDRAIL_SIGN_IN_ATTEMPTS_PER_ADDRESS: "1000" } });
  await appliance.setUp();
});
afterAll(() => appliance[Symbol.asyncDispose]());

/** Sends bytes as they are; gives all that came back once the appliance has closed the line. */
async function exchange(request: string): Promise<string> {
  const to = { port: appliance.port, host: "127.0.0.1", rejectUnauthorized: false };
  // Its own end stays open: whoever waits for it to close waits for ever.
  const options = { ...to, allowHalfOpen: true };
  const socket = connect(options);
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => (answer += text));
  socket.on("error", () => undefined);
  await once(socket, "secureConnect");
  const ended = once(socket, "end").catch(() => undefined);
  socket.write(request);
  await ended;
  socket.destroy();
  return answer;
}

function get(target: string, ...headers: string[]): Promise<string> {
  const lines = [`GET ${target} HTTP/1.1`, "Host: x", "Connection: close", ...headers];
  return exchange(`${lines.join("\r\n")}\r\n\r\n`);
}

function post(headers: string[], body: string): Promise<string> {
  return exchange(["POST /start HTTP/1.1", "Host: x", ...headers, "", body].join("\r\n"));
}

const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);

const upgrade = [
  "GET /link HTTP/1.1",
  ...["Host: x", "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
  ...["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: handrail"],
];

describe("whoever comes from outside", () => {
  it.each([
    "/client/../../etc/passwd",
    "/client/linux-x64/..%2f..%2f..%2fetc%2fpasswd",
    "/login/..%2f..%2f..%2fpackage.json",
    "/login/%2e%2e/%2e%2e/package.json",
    "/login/assets/..%5c..%5cpackage.json",
    "/assets/..%2flayout.ts",
    "/assets/%2e%2e/layout.ts",
    "//etc/passwd",
  ])("gets no file by %s", async (target) => {
    const answer = await get(target);
    expect(statusOf(answer)).toBe(404);
    expect(answer).not.toContain("root:");
    expect(answer).not.toContain("export ");
  });

  it("is answered with all headers also for an address that cannot be read", async () => {
    const answer = await get("/%");
    expect(statusOf(answer)).toBe(400);
    expect(answer).toContain('"code":"bad-request"');
    expect(answer).not.toContain("FST_");
  });

  it.each([
    ["two lengths", ["Content-Length: 4", "Content-Length: 5"]],
    ["a length and chunks", ["Content-Length: 4", "Transfer-Encoding: chunked"]],
    ["an unknown coding", ["Transfer-Encoding: xchunked"]],
    ["a folded header", ["X: a", " b", "Content-Length: 0"]],
  ])("cannot hide a request in another by %s", async (_what, headers) => {
    const answer = await post(headers, "0\r\n\r\nGET /api/site HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(statusOf(answer)).toBe(400);
    expect(answer).not.toContain("fingerprint");
  });

  it("is stopped at headers of 16 KB and bodies of 64 KB", async () => {
    expect(statusOf(await get("/", `A: ${"a".repeat(40_000)}`))).toBe(431);
    const type = "Content-Type: application/x-www-form-urlencoded";
    const answer = await post([type, "Content-Length: 99999999"], "a".repeat(70_000));
    expect(statusOf(answer)).toBe(413);
  });

  it("cannot keep a line open that was refused an upgrade", async () => {
    const elsewhere = upgrade.with(0, "GET /elsewhere HTTP/1.1");
    expect(statusOf(await exchange(`${elsewhere.join("\r\n")}\r\n\r\n`))).toBe(404);
    const old = upgrade.map((line) => line.replace("Version: 13", "Version: 8"));
    expect(statusOf(await exchange(`${old.join("\r\n")}\r\n\r\n`))).toBe(426);
  });

  it("cannot try session keys from other people's browsers", async () => {
    const page = [...upgrade, "Origin: https://evil.example"];
    expect(statusOf(await exchange(`${page.join("\r\n")}\r\n\r\n`))).toBe(403);
    const headers = { origin: "https://evil.example" };
    const answer = await appliance.ask("/start", { form: "key=1234567", headers });
    expect(answer.status).toBe(403);
    // A refusal has the headers of every answer: it is a page, where a browser asks.
    expect(answer.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });

  it("leaves nothing of a password in the log, also when it breaks the request", async () => {
    const body = '{"name":"ann","password":hunter2secret}';
    const type = "Content-Type: application/json";
    const lines = ["POST /login/api/sign-in HTTP/1.1", "Host: x", "Connection: close", type];
    const length = `Content-Length: ${body.length}`;
    const answer = await exchange([...lines, length, "", body].join("\r\n"));
    expect(statusOf(answer)).toBe(400);
    expect(answer + appliance.program.output).not.toContain("hunter2");
  });

  it("cannot sign a browser in or out for its owner", async () => {
    const admin = new Admin(appliance);
    const { headers } = await admin.signIn();
    const cookie = String(headers["set-cookie"]);
    for (const word of ["__Host-", "HttpOnly", "Secure", "SameSite=Strict", "Path=/;"]) {
      expect(cookie).toContain(word);
    }
    expect(cookie).not.toContain("Domain");
    const forged = { headers: { cookie: admin.cookie }, json: {} };
    expect((await appliance.ask("/login/api/sign-out", forged)).status).toBe(403);
    expect((await admin.read("status")).status).toBe(200);
  });
});

describe("a representative without further rights", () => {
  it("holds 32 consoles open, and no more", async () => {
    const token = await accessToken(appliance);
    await using stack = new AsyncDisposableStack();
    const consoles: ConsoleEnd[] = [];
    for (let i = 0; i < 34; i++)
      consoles.push(stack.use(await connectConsole(appliance.url, token)));
    await poll("the oldest are closed", () => consoles.slice(0, 2).every((each) => each.closeCode));
    const left = consoles.slice(2);
    await Promise.all(left.map((each) => each.call("overview", {})));
  });

  it("reaches nothing of the administration, and no session of others", async () => {
    const admin = new Admin(appliance);
    await admin.signIn();
    const password = "a sound and long password";
    await admin.write("representatives", { name: "bob", displayName: "Bob", password });
    const { representatives } = await admin.json<{
      representatives: { id: string; name: string }[];
    }>("representatives");
    const idOf = (name: string) => representatives.find((each) => each.name === name)?.id ?? "";
    await using ann = await connectConsole(appliance.url, await accessToken(appliance));
    const { lsid, key } = await ann.key();
    await using customer = await connectCustomer(appliance.url, { key });
    await ann.call("session.accept", { lsid });
    const bob = new Admin(appliance);
    await bob.signIn("bob", password);
    const eve = { name: "eve", displayName: "Eve", password, role: "administrator" };
    const answers = [
      await bob.read("representatives"),
      await bob.read("status"),
      await bob.read("audit"),
      await bob.write("representatives", eve),
      await bob.write(`representatives/${idOf("bob")}`, { role: "administrator" }, "PATCH"),
      await bob.write(`representatives/${idOf("ann")}/password`, { password }),
      await bob.write(`representatives/${idOf("ann")}/revoke`, {}),
    ];
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 403));
    const none = `sessions/${"0".repeat(32)}`;
    for (const where of ["", "/recording"]) {
      const [theirs, nobodys] = [
        await bob.read(`sessions/${lsid}${where}`),
        await bob.read(`${none}${where}`),
      ];
      expect([theirs.status, theirs.text]).toEqual([404, nobodys.text]);
    }
    await using end = await connectConsole(appliance.url, await accessToken(appliance, "bob"));
    for (const outcome of [
      await end.outcome("session.accept", { lsid }),
      await end.outcome("session.history", { lsid }),
      await end.outcome("session.end", { lsid }),
      await end.outcome("session.leave", { lsid }),
      await end.outcome("chat.send", { lsid, text: "hello" }),
      await end.outcome("permission.request", { lsid, permission: "view" }),
      await end.outcome("control.take", { lsid, force: true }),
      await end.outcome("record.start", { lsid }),
      await end.outcome("key.cancel", { lsid }),
    ]) {
      expect(outcome).toBe("not-found");
    }
    expect(await end.open("screen", lsid).end()).toBe("not-found");
    expect(await end.open("input", lsid).end()).toBe("not-found");
    expect(customer.offered).toEqual([]);
  });
});
