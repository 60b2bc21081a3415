import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server as HttpsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AcmeError, Line } from "../../../../appliance/server/certificate/acme/line.ts";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { askOver } from "../../../../appliance/server/line/ask-over.ts";
import { LineError } from "../../../../appliance/server/line/line-error.ts";
import { openSocket } from "../../../../appliance/server/line/open-socket.ts";
import { proxyFor, proxyIn } from "../../../../appliance/server/line/proxy.ts";
import type { Trust } from "../../../../appliance/server/line/trust.ts";
import { Authority } from "../../../support/authority.ts";
import { ConnectProxy } from "../../../support/connect-proxy.ts";
import { freePort } from "../../../support/free-port.ts";

/** Only the proxy knows it: this machine has no address for it. */
const host = "far.invalid";

let folder: string;
let proxyFile: string;
let authority: Authority;
let server: HttpsServer;
let proxy: ConnectProxy;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-proxy-"));
  proxyFile = path.join(folder, "53handrail-proxy");
  authority = new Authority();
  const { certificate, key } = authority.issue({ host });
  server = createServer({ cert: certificate + authority.intermediate, key }, (asked, answer) =>
    answer.end(`${asked.headers.host} ${asked.url}`),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy = await ConnectProxy.start();
  proxy.knows.set(host, "127.0.0.1");
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  server.close();
  authority[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  proxy.refuseWith = undefined;
  proxy.asked.length = 0;
  await setProxy(`http://127.0.0.1:${proxy.port}`);
});

/** Names the proxy as the machine's settings do. */
async function setProxy(address: string): Promise<void> {
  await writeFile(proxyFile, `Acquire::http::Proxy "${address}";\n`);
}

function way() {
  return { clock: systemClock, signal: new AbortController().signal, proxyFile };
}

function port(): number {
  return (server.address() as AddressInfo).port;
}

async function asked(trust: Trust): Promise<string> {
  const url = new URL(`https://${host}:${port()}/there?a=1`);
  const answer = await askOver({ method: "GET", url, headers: {}, trust }, way());
  return text(answer);
}

async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return error instanceof LineError ? error.fault : "";
}

describe("the machine's proxy", () => {
  it("is read as apt has it, at each use, and absent where none is set", async () => {
    expect(proxyIn('Acquire::http::Proxy "http://proxy.example:3128";\n')).toBe(
      "http://proxy.example:3128",
    );
    expect((await proxyFor(host, proxyFile))?.port).toBe(String(proxy.port));
    await setProxy("");
    expect(await proxyFor(host, proxyFile)).toBeUndefined();
    expect(await proxyFor(host, path.join(folder, "none"))).toBeUndefined();
    expect(await proxyFor(host, undefined)).toBeUndefined();
  });

  it("leads to hosts outside alone: what is inside a private network is reached directly", async () => {
    for (const inside of ["127.0.0.1", "10.1.2.3", "192.168.0.9", "fd00::1", "localhost"]) {
      expect(await proxyFor(inside, proxyFile), inside).toBeUndefined();
    }
    expect(await proxyFor("192.0.2.7", proxyFile)).toBeDefined();
  });

  it("is gone through, and the host beyond it is trusted by its own certificate", async () => {
    const ca = { by: "ca", ca: authority.root } as const;
    expect(await asked(ca)).toBe(`${host}:${port()} /there?a=1`);
    expect(proxy.asked).toEqual([`${host}:${port()}`]);
    expect(await faultOf(asked({ by: "authorities" }))).toBe("untrusted");
    expect(await faultOf(asked({ by: "pin", pin: "0".repeat(64) }))).toBe("other-certificate");
  });

  it("loses nothing of a server that speaks first", async () => {
    const greeter = createTcpServer((near) => near.end("SSH-2.0-sample\r\n"));
    greeter.listen(0, "127.0.0.1");
    await once(greeter, "listening");
    const { port: there } = greeter.address() as AddressInfo;
    const socket = await openSocket({ host, port: there }, way());
    expect(await text(socket)).toBe("SSH-2.0-sample\r\n");
    greeter.close();
  });

  it("is named as the reason where it does not lead there", async () => {
    const open = () => openSocket({ host, port: port() }, way());
    proxy.refuseWith = 403;
    expect(await faultOf(open())).toBe("proxy");
    proxy.refuseWith = undefined;
    await setProxy(`http://127.0.0.1:${await freePort()}`);
    expect(await faultOf(open())).toBe("proxy");
    await setProxy(`https://127.0.0.1:${proxy.port}`);
    expect(await faultOf(open())).toBe("proxy");
    const given = new AbortController();
    given.abort();
    expect(
      await faultOf(openSocket({ host, port: port() }, { ...way(), signal: given.signal })),
    ).toBe("lost");
  });

  it("leads to a directory of certificates", async () => {
    using line = new Line(authority.root, way());
    const url = `https://${host}:${port()}/directory`;
    expect(await line.ask({ url })).toMatchObject({ status: 200 });
    expect(await line.ask({ url, method: "POST", body: "{}" })).toMatchObject({ status: 200 });
    expect(proxy.asked).toHaveLength(2);
    using strange = new Line("", way());
    await expect(strange.ask({ url })).rejects.toMatchObject({ fault: { reason: "untrusted" } });
    proxy.refuseWith = 403;
    await expect(line.ask({ url })).rejects.toThrow(AcmeError);
    await expect(line.ask({ url })).rejects.toMatchObject({
      fault: { reason: "unreachable", detail: expect.stringContaining("proxy") as string },
    });
  });
});
