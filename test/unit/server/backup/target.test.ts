import { randomBytes } from "node:crypto";
import { getEventListeners, once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackupTarget, S3Target, SftpTarget } from "@handrail/protocol/upkeep";
import type { LocalFile } from "../../../../appliance/server/backup/target/place.ts";
import { openPlace } from "../../../../appliance/server/backup/target/open-place.ts";
import { makeSshKey, publicSshKey } from "../../../../appliance/server/backup/target/sftp-place.ts";
import {
  TargetError,
  toTargetError,
} from "../../../../appliance/server/backup/target/target-error.ts";
import { targetShape } from "../../../../appliance/server/backup/target/target.ts";
import { systemClock } from "../../../../appliance/server/clock.ts";
import { Authority } from "../../../support/authority.ts";
import { ConnectProxy } from "../../../support/connect-proxy.ts";
import { ComputerAccount, mayMakeAccounts } from "../../../support/computer-account.ts";
import { freePort } from "../../../support/free-port.ts";
import { mountMemory } from "../../../support/memory-disk.ts";
import { S3Server } from "../../../support/s3-server.ts";
import { SftpLiar } from "../../../support/sftp-liar.ts";
import { SftpServer } from "../../../support/sftp-server.ts";

const name = "handrail-site-2026-11-22-120000.hrbackup";
const privateKey = makeSshKey();
const publicKey = publicSshKey(privateKey);

let folder: string;
/** Larger than what SFTP and S3 send at once: a piece, and a part. */
let small: LocalFile;
let large: LocalFile;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "handrail-target-"));
  small = await made("small", 3 * 1024 * 1024);
  large = await made("large", 9 * 1024 * 1024);
});

async function made(as: string, sizeBytes: number): Promise<LocalFile> {
  const file = { name, path: path.join(folder, as), sizeBytes };
  await writeFile(file.path, randomBytes(sizeBytes));
  return file;
}

afterAll(() => rm(folder, { recursive: true, force: true }));

interface Way {
  readonly secret?: string;
  readonly signal?: AbortSignal;
  readonly proxyFile?: string;
}

function open(target: BackupTarget, { secret, ...given }: Way = {}) {
  const way = { clock: systemClock, signal: new AbortController().signal, ...given };
  return openPlace({ target, secret }, privateKey, way);
}

/** Nobody but the proxy knows it. */
const farHost = "backups.invalid";

/** The file by which the machine names that proxy, which knows where the far host is. */
async function proxyFileOf(proxy: ConnectProxy): Promise<string> {
  proxy.knows.set(farHost, "127.0.0.1");
  const file = path.join(folder, "proxy");
  await writeFile(file, `Acquire::https::Proxy "http://127.0.0.1:${proxy.port}";\n`);
  return file;
}

/** What is wrong with a target; empty when nothing is. */
async function trying(target: BackupTarget, way: Way = {}): Promise<string> {
  try {
    await using place = await open(target, way);
    await place.try();
    return "";
  } catch (error) {
    const { fault, fingerprint } = toTargetError(error);
    return [fault, fingerprint].filter(Boolean).join(" ");
  }
}

/** Sends, lists, fetches and removes, and gives how many bytes were told at last. */
async function roundTrip(file: LocalFile, target: BackupTarget, way: Way = {}): Promise<void> {
  await using place = await open(target, way);
  let doneBytes = 0;
  await place.send(file, (done) => (doneBytes = Math.max(done, doneBytes)));
  expect(doneBytes).toBe(file.sizeBytes);
  // Again: a try before may have been cut after all was there.
  await place.send(file, () => undefined);
  const listed = await place.list();
  expect(listed).toMatchObject([{ name, sizeBytes: file.sizeBytes }]);
  expect(Math.abs((listed[0]?.madeAt ?? 0) - Date.now())).toBeLessThan(600_000);
  const to = path.join(folder, `fetched-${randomBytes(4).toString("hex")}`);
  const asListed = { name, sizeBytes: file.sizeBytes, madeAt: 0 };
  await place.fetch(asListed, to, (done) => (doneBytes = done));
  expect(doneBytes).toBe(file.sizeBytes);
  expect((await readFile(to)).equals(await readFile(file.path))).toBe(true);
  await place.remove(name);
  expect(await place.list()).toEqual([]);
  const missing = place.fetch(asListed, `${to}-2`, () => undefined);
  await expect(missing).rejects.toThrow("not-found");
}

describe("a target over SFTP", { timeout: 30_000 }, () => {
  let server: SftpServer;
  beforeAll(async () => {
    server = await SftpServer.start({ publicKey });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  async function target(change: Partial<SftpTarget> = {}): Promise<SftpTarget> {
    const { port, name: account, hostKey } = server;
    const there = await mkdtemp(path.join(folder, "there-"));
    const place = { kind: "sftp", host: "127.0.0.1", folder: there, signIn: "key" } as const;
    return { ...place, port, name: account, hostKey, ...change };
  }

  it("takes a backup whole under its name, and gives it back", async () => {
    const there = await target();
    await writeFile(path.join(there.folder, "notes.txt"), "of somebody else");
    await roundTrip(small, there);
    expect(await trying(there)).toBe("");
    expect(await readdir(there.folder)).toEqual(["notes.txt"]);
  });

  it("is signed in at with a password", { skip: !mayMakeAccounts }, async () => {
    await using account = await ComputerAccount.make(false);
    const there = await target({ name: account.name, signIn: "password", folder: "" });
    await roundTrip(small, there, { secret: account.password });
    expect(await trying(there, { secret: "another" })).toBe("authentication");
  });

  it("says in one word what is wrong", async () => {
    const strange = makeSshKey();
    const there = await target();
    const other = { clock: systemClock, signal: new AbortController().signal };
    await expect(openPlace({ target: there }, strange, other)).rejects.toThrow("authentication");
    expect(await trying({ ...there, host: "nobody.invalid" })).toBe("unknown-name");
    expect(await trying({ ...there, port: await freePort() })).toBe("refused");
    expect(await trying({ ...there, folder: `${there.folder}/none` })).toBe("no-folder");
    const { hostKey: _known, ...unknown } = there;
    expect(await trying(unknown)).toBe(`host-key-unknown ${server.hostKey}`);
    const changed = { ...there, hostKey: `SHA256:${"A".repeat(43)}` };
    expect(await trying(changed)).toBe(`host-key-changed ${server.hostKey}`);
    await using web = await S3Server.start();
    expect(await trying({ ...there, port: Number(new URL(web.endpoint).port) })).toBe("no-ssh");
  });

  it("is reached by the machine's proxy, which may be in the way", async () => {
    await using proxy = await ConnectProxy.start();
    const proxyFile = await proxyFileOf(proxy);
    const there = { ...(await target()), host: farHost };
    await roundTrip(small, there, { proxyFile });
    expect(new Set(proxy.asked)).toEqual(new Set([`${farHost}:${server.port}`]));
    proxy.refuseWith = 403;
    expect(await trying(there, { proxyFile })).toBe("proxy");
  });

  it("may lack the right to write", async () => {
    await using readOnly = await SftpServer.start({ publicKey, isReadOnly: true });
    const { port, hostKey } = readOnly;
    expect(await trying(await target({ port, hostKey }))).toBe("no-right");
  });

  it("may be full", { skip: process.getuid?.() !== 0 }, async () => {
    using disk = mountMemory(path.join(folder, "disk"), "1m");
    await using place = await open(await target({ folder: disk.folder }));
    await expect(place.send(small, () => undefined)).rejects.toThrow("full");
    await writeFile(path.join(disk.folder, "filler"), Buffer.alloc(disk.freeBytes()));
    await expect(place.try()).rejects.toThrow("full");
    expect(await readdir(disk.folder)).toEqual(["filler"]);
  });

  it("keeps nothing under the name of a backup that was given up", async () => {
    const there = await target();
    const abort = new AbortController();
    await using place = await open(there, { signal: abort.signal });
    const sending = place.send(small, () => abort.abort());
    await expect(sending).rejects.toThrow("cancelled");
    expect(await readdir(there.folder)).not.toContain(name);
  });
});

describe("a target of S3", { timeout: 30_000 }, () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await S3Server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  function target(change: Partial<S3Target> = {}): S3Target {
    const { endpoint, bucket, accessKey } = server;
    const trust = { by: "authorities" } as const;
    const place = { kind: "s3", region: "us-east-1", prefix: "site/", trust } as const;
    return { ...place, endpoint, bucket, accessKey, ...change };
  }

  it("takes a backup in parts, and gives it back", async () => {
    await roundTrip(large, target(), { secret: server.secret });
    expect(server.asked.filter((each) => each.includes("partNumber=2"))).toHaveLength(2);
    expect(await trying(target(), { secret: server.secret })).toBe("");
    expect(await server.objects()).toEqual([]);
  });

  it("says in one word what is wrong", async () => {
    const { secret } = server;
    expect(await trying(target(), { secret: "another" })).toBe("authentication");
    expect(await trying(target({ accessKey: "NOBODY" }), { secret })).toBe("authentication");
    expect(await trying(target({ bucket: "none" }), { secret })).toBe("no-bucket");
    expect(await trying(target({ endpoint: "http://nobody.invalid" }), { secret })).toBe(
      "unknown-name",
    );
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    expect(await trying(target({ endpoint }), { secret })).toBe("refused");
    const late = { ...systemClock, now: () => Date.now() - 3_600_000 };
    const line = { clock: late, signal: new AbortController().signal };
    await using place = await openPlace({ target: target(), secret }, privateKey, line);
    await expect(place.try()).rejects.toThrow("clock-skew");
  });

  it("is reached by the machine's proxy", async () => {
    await using proxy = await ConnectProxy.start();
    const proxyFile = await proxyFileOf(proxy);
    const endpoint = server.endpoint.replace("127.0.0.1", farHost);
    await roundTrip(large, target({ endpoint }), { secret: server.secret, proxyFile });
    const asked = proxy.asked.filter((each) => each.startsWith(`${farHost}:`));
    expect(asked.length).toBeGreaterThan(5);
  });

  it("is given up as a whole when a part is cut, and begun again", async () => {
    server.cuts = /partNumber=2/;
    await using place = await open(target(), { secret: server.secret });
    await expect(place.send(large, () => undefined)).rejects.toThrow(TargetError);
    expect(await server.objects()).toEqual([]);
    expect(server.asked.some((each) => /^DELETE .*uploadId=/.test(each))).toBe(true);
    server.cuts = undefined;
    await place.send(large, () => undefined);
    expect(await server.objects()).toEqual([path.join("site", name)]);
    await place.remove(name);
  });

  it("is trusted by its authority or by its very certificate", async () => {
    using authority = new Authority();
    const issued = { ...authority.issue({ host: "127.0.0.1" }), chain: authority.intermediate };
    await using secure = await S3Server.start(issued);
    const { endpoint, secret } = secure;
    const said = await trying(target({ endpoint }), { secret });
    const [fault, pin = ""] = said.split(" ");
    expect(fault).toBe("untrusted");
    expect(await trying(target({ endpoint, trust: { by: "pin", pin } }), { secret })).toBe("");
    const ca = { by: "ca", ca: authority.root } as const;
    expect(await trying(target({ endpoint, trust: ca }), { secret })).toBe("");
    const wrong = { by: "pin", pin: "0".repeat(64) } as const;
    expect(await trying(target({ endpoint, trust: wrong }), { secret })).toBe(
      `other-certificate ${pin}`,
    );
    const plain = server.endpoint.replace("http:", "https:");
    expect(await trying(target({ endpoint: plain }), { secret })).toBe("no-tls");
  });
});

describe("a server of S3 that lies", () => {
  let page = "";
  let asked = 0;
  let status = 200;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(status).end(page);
  });
  beforeAll(() => once(server.listen(0, "127.0.0.1"), "listening"));
  afterAll(() => server.close());

  function open() {
    const { port } = server.address() as AddressInfo;
    const place = { kind: "s3", region: "us-east-1", bucket: "bucket", prefix: "" } as const;
    const target = { ...place, endpoint: `http://127.0.0.1:${port}`, accessKey: "KEY" };
    const way = { clock: systemClock, signal: new AbortController().signal };
    const trust = { by: "authorities" } as const;
    return openPlace({ target: { ...target, trust }, secret: "secret" }, privateKey, way);
  }

  it.each([
    ["again and again", "more", 100],
    ["without saying where", "", 1],
  ])("is not asked for ever: its list goes on %s", async (_how, token, times) => {
    const next = `<NextContinuationToken>${token}</NextContinuationToken>`;
    page = `<ListBucketResult><IsTruncated>true</IsTruncated>${next}</ListBucketResult>`;
    asked = 0;
    await using place = await open();
    await expect(place.list()).rejects.toThrow("rejected");
    expect(asked).toBe(times);
  });

  it("is not believed to have ten thousand backups and one", async () => {
    const contents = `<Contents><Key>${name}</Key><Size>1</Size></Contents>`;
    await using place = await open();
    page = `<ListBucketResult>${contents.repeat(10_000)}</ListBucketResult>`;
    expect(await place.list()).toHaveLength(10_000);
    page = `<ListBucketResult>${contents.repeat(10_001)}</ListBucketResult>`;
    await expect(place.list()).rejects.toThrow("rejected");
  });

  it("is not heard to the end when it refuses at length", async () => {
    const refusal = "<Error><Code>AccessDenied</Code></Error>";
    status = 400;
    await using place = await open();
    page = refusal.padEnd(64 * 1024);
    await expect(place.list()).rejects.toThrow("no-right");
    page = refusal.padEnd(64 * 1024 + 1);
    await expect(place.list()).rejects.toThrow("rejected");
    status = 200;
  });

  it("gives no more than it has said, and no backup without a size", async () => {
    const contents = (key: string, size: string) =>
      `<Contents><Key>${key}</Key><Size>${size}</Size></Contents>`;
    page = `<ListBucketResult>${contents(name, "10")}${contents("handrail-x.hrbackup", "-1")}</ListBucketResult>`;
    await using place = await open();
    const [listed, ...more] = await place.list();
    expect(more).toEqual([]);
    expect(listed?.sizeBytes).toBe(10);
    page = "longer than ten bytes";
    const to = path.join(folder, "lie");
    const fetching = place.fetch({ name, sizeBytes: 10, madeAt: 0 }, to, () => undefined);
    await expect(fetching).rejects.toThrow("lost");
    expect(await readdir(folder)).not.toContain("lie");
  });

  it.each(["<Contents>", "<Contents "])("is read in one go: %j without an end", async (opening) => {
    page = opening.repeat(Math.floor((3.9 * 1024 * 1024) / opening.length));
    await using place = await open();
    expect(await place.list()).toEqual([]);
  });
});

describe("a server of SFTP that lies", () => {
  const targetOf = ({ port, hostKey }: SftpLiar): SftpTarget => ({
    ...{ kind: "sftp", host: "127.0.0.1", port, folder: "", name: "ann", signIn: "key", hostKey },
  });

  it("may leave out when a file was changed, and not how long it is", async () => {
    await using liar = await SftpLiar.start(name);
    liar.folder = "short";
    await using place = await open(targetOf(liar));
    liar.attributes = { size: 7 };
    expect(await place.list()).toEqual([{ name, sizeBytes: 7, madeAt: 0 }]);
    liar.attributes = { atime: 0, mtime: 7 };
    liar.asked = 0;
    expect(await place.list()).toEqual([]);
  });

  it("leaves nothing with whoever may stop it, once it is left", async () => {
    await using liar = await SftpLiar.start(name);
    const { signal } = new AbortController();
    for (let visit = 0; visit < 3; visit++) {
      await using place = await open(targetOf(liar), { signal });
      expect(getEventListeners(signal, "abort")).toHaveLength(1);
      await place.remove(name);
    }
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("is not read for ever, and gives no more than it has said", { timeout: 30_000 }, async () => {
    await using liar = await SftpLiar.start(name);
    await using place = await open(targetOf(liar));
    await expect(place.list()).rejects.toThrow("rejected");
    expect(liar.asked).toBe(11);
    const to = path.join(folder, "sftp-lie");
    // Its file has no end, whatever it says of it: what comes is what it has said at first.
    await place.fetch({ name, sizeBytes: liar.sizeBytes, madeAt: 0 }, to, () => undefined);
    expect((await readFile(to)).length).toBe(liar.sizeBytes);
    const other = place.fetch({ name, sizeBytes: 99, madeAt: 0 }, `${to}-2`, () => undefined);
    await expect(other).rejects.toThrow("lost");
  });
});

describe("a target that is typed", () => {
  const sftp = { kind: "sftp", host: "h", port: 22, folder: "", name: "n", signIn: "key" };
  const s3 = {
    ...{ kind: "s3", endpoint: "https://s3.example", region: "eu-west-3", bucket: "our-backups" },
    ...{ prefix: "", accessKey: "K", trust: { by: "authorities" } },
  };

  it.each([
    [sftp, true],
    [{ ...sftp, host: "not a name" }, false],
    [{ ...sftp, hostKey: "SHA256:short" }, false],
    [{ ...sftp, folder: "a\nb" }, false],
    [s3, true],
    [{ ...s3, endpoint: "https://s3.example/path" }, false],
    [{ ...s3, endpoint: "ftp://s3.example" }, false],
    [{ ...s3, prefix: "/above" }, false],
    [{ ...s3, prefix: "a/../b" }, false],
    [{ ...s3, prefix: "a/b.c/" }, true],
    [{ ...s3, prefix: "a//b" }, false],
    // What is wrong at the end of much that is right is found at once.
    [{ ...s3, prefix: `${"a".repeat(190)} b` }, false],
    [{ ...s3, secret: "in here" }, false],
  ])("is judged: %j", (typed, isGood) => {
    expect(targetShape.safeParse(typed).success).toBe(isGood);
  });
});
