import {
  type DownloadConsoleMessage,
  downloadConsoleMessage,
  type DownloadCustomerMessage,
  downloadCustomerMessage,
  type FilesConsoleMessage,
  filesConsoleMessage,
  filesCustomerMessage,
  type FilesCustomerMessage,
  type FilesWriteConsoleMessage,
  filesWriteConsoleMessage,
  filesWriteCustomerMessage,
  type FilesWriteCustomerMessage,
  keepMode,
  pathText,
} from "@handrail/protocol";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Appliance } from "../support/appliance.ts";
import type { Desktop } from "../support/desktop.ts";
import type { ConsoleEnd, Probe } from "../support/party.ts";
import { poll } from "../support/poll.ts";
import { Scene } from "../support/scene.ts";
import { Visit } from "../support/visit.ts";

let appliance: Appliance;
let desktop: Desktop;
let scene: Scene;
let folder: string;
beforeAll(async () => {
  scene = await Scene.start();
  ({ appliance, desktop } = scene);
});
afterAll(() => scene[Symbol.asyncDispose]());
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-files-"));
  return () => rmSync(folder, { recursive: true, force: true });
});

const none = new Uint8Array(0);
const at = (name: string) => Buffer.from(path.join(folder, name));
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** A console's end of one channel for files. */
class Talk<Said, Heard extends { id: number; type: string }> {
  readonly probe: Probe;
  readonly #encode: (message: Said) => Uint8Array;
  readonly #decode: (bytes: Uint8Array) => Heard;

  constructor(
    probe: Probe,
    encode: (message: Said) => Uint8Array,
    decode: (bytes: Uint8Array) => Heard,
  ) {
    this.probe = probe;
    this.#encode = encode;
    this.#decode = decode;
  }

  say(message: Said): void {
    this.probe.send(this.#encode(message));
  }

  /** The first answer to a request that is of this type. */
  async hears<T extends Heard["type"]>(id: number, type: T): Promise<Extract<Heard, { type: T }>> {
    const found = await poll(
      `${type} of ${id}`,
      () => this.heard(id).find((message) => message.type === type || message.type === "failed"),
      60_000,
    );
    if (!isOf(found, type)) throw new Error(JSON.stringify(found));
    return found;
  }

  heard(id: number): Heard[] {
    return this.probe.messages.map((bytes) => this.#decode(bytes)).filter((m) => m.id === id);
  }
}

function isOf<M extends { type: string }, T extends M["type"]>(
  message: M,
  type: T,
): message is Extract<M, { type: T }> {
  return message.type === type;
}

async function openFiles({ representative, lsid }: Visit) {
  const probe = await representative.open("files", lsid).opened();
  return new Talk<FilesConsoleMessage, FilesCustomerMessage>(
    probe,
    (message) => filesConsoleMessage.encode(message),
    (bytes) => filesCustomerMessage.decode(bytes),
  );
}

async function openDownload({ representative, lsid }: Visit) {
  const probe = await representative.open("download", lsid).opened();
  return new Talk<DownloadConsoleMessage, DownloadCustomerMessage>(
    probe,
    (message) => downloadConsoleMessage.encode(message),
    (bytes) => downloadCustomerMessage.decode(bytes),
  );
}

async function openWrites({ representative, lsid }: Visit) {
  const probe = await representative.open("files-write", lsid).opened();
  return new Talk<FilesWriteConsoleMessage, FilesWriteCustomerMessage>(
    probe,
    (message) => filesWriteConsoleMessage.encode(message),
    (bytes) => filesWriteCustomerMessage.decode(bytes),
  );
}

async function row(console: ConsoleEnd, event: string) {
  const told = await console.hears("session.event", (each) => each.event.event === event);
  return told.event;
}

/** What came of a file, put together. */
function received(talk: Talk<DownloadConsoleMessage, DownloadCustomerMessage>, id: number): Buffer {
  return Buffer.concat(talk.heard(id).flatMap((m) => (m.type === "data" ? [m.bytes] : [])));
}

function parts(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith(".handrail-part-"));
}

describe("files of the customer's computer", () => {
  it("are listed, opened and saved, and what was done is written down with its hashes", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative, lsid } = visit;
    expect(await representative.open("files", lsid).end()).toBe("customer-refused");
    await visit.grant("files");
    expect(await representative.open("files-write", lsid).end()).toBe("customer-refused");
    await visit.grant("files-write");
    writeFileSync(at("notes.txt"), "before");
    const files = await openFiles(visit);
    files.say({ type: "list", id: 1, path: Buffer.from(folder) });
    const { entries } = await files.hears(1, "entries");
    expect(entries.map(({ name }) => pathText(name))).toEqual(["notes.txt"]);
    files.say({ type: "watch", id: 2, path: Buffer.from(folder) });
    await files.hears(2, "watching");

    const download = await openDownload(visit);
    download.say({ type: "read", id: 1, path: at("notes.txt"), offset: 0, version: none });
    const ended = await download.hears(1, "ended");
    expect(received(download, 1).toString()).toBe("before");
    expect((await row(representative, "file.downloaded")).detail).toMatchObject({
      ...{ path: at("notes.txt").toString(), sizeBytes: 6 },
      sha256: sha256(Buffer.from("before")).toString("hex"),
    });

    const writes = await openWrites(visit);
    const file = {
      ...{ name: Buffer.from("notes.txt"), content: Buffer.from("after"), mode: keepMode },
      ...{ modifiedAt: 0, condition: "version" as const, version: ended.version },
    };
    const put = { folder: Buffer.from(folder), isDurable: true, files: [file] };
    writes.say({ type: "put", id: 1, ...put });
    expect((await writes.hears(1, "put")).results).toMatchObject([{ outcome: "ok" }]);
    writes.say({ type: "put", id: 2, ...put });
    expect((await writes.hears(2, "put")).results).toMatchObject([{ outcome: "changed" }]);
    expect(readFileSync(at("notes.txt"), "utf8")).toBe("after");
    const saved = await row(representative, "file.saved");
    expect(saved.who).toBe("Ann Archer");
    expect(saved.detail).toMatchObject({
      sha256: sha256(Buffer.from("after")).toString("hex"),
      ...{ sizeBefore: 6, sha256Before: sha256(Buffer.from("before")).toString("hex") },
    });
    await files.hears(2, "changed");
  });

  it("are downloaded whole through a dropped line, and from the right byte when it is lost", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative } = visit;
    await visit.grant("files");
    const content = randomBytes(50_000_000);
    writeFileSync(at("large"), content);
    const download = await openDownload(visit);
    download.say({ type: "read", id: 1, path: at("large"), offset: 0, version: none });
    await poll("some of it has come", () => download.probe.messages.length > 100);
    representative.drop();
    expect((await representative.connect(true)).resumed).toBe(true);
    const ended = await download.hears(1, "ended");
    expect(received(download, 1).equals(content)).toBe(true);
    expect(Buffer.from(ended.sha256).equals(sha256(content))).toBe(true);

    download.say({ type: "read", id: 2, path: at("large"), offset: 0, version: none });
    const { version } = await download.hears(2, "began");
    await poll("some of it has come", () => received(download, 2).length > 1_000_000);
    representative.drop();
    const kept = received(download, 2);
    await representative.connect();
    const again = await openDownload(visit);
    again.say({ type: "read", id: 1, path: at("large"), offset: kept.length, version });
    const whole = await again.hears(1, "ended");
    expect(Buffer.concat([kept, received(again, 1)]).equals(content)).toBe(true);
    expect(Buffer.from(whole.sha256).equals(sha256(content))).toBe(true);
  });

  it("are uploaded from the right byte on, and nothing of them stays when the right is taken back", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative, window, lsid } = visit;
    await visit.grant("files-write");
    const content = randomBytes(8_000_000);
    const pieceBytes = 16_000;
    const begin = (name: string, fill: number) => ({
      ...({ type: "begin", condition: "absent" } as const),
      ...{ id: 1, path: at(name), token: new Uint8Array(16).fill(fill) },
      ...{ sizeBytes: content.length, mode: 0o640, modifiedAt: 1_700_000_000_000 },
      version: none,
    });
    const send = (to: Awaited<ReturnType<typeof openWrites>>, from: number, until: number) => {
      for (let i = from; i < until; i += pieceBytes) {
        const bytes = content.subarray(i, Math.min(until, i + pieceBytes));
        to.say({ type: "data", id: 1, bytes });
      }
    };
    const first = await openWrites(visit);
    first.say(begin("file", 1));
    await first.hears(1, "ready");
    send(first, 0, 5_000_000);
    await poll("some of it is on the disk", () => statSync(at(parts()[0] ?? "")).size > 1_000_000);
    representative.drop();
    await representative.connect();
    const second = await openWrites(visit);
    second.say(begin("file", 1));
    const { offset } = await second.hears(1, "ready");
    expect(offset).toBeGreaterThan(1_000_000);
    send(second, offset, content.length);
    second.say({ type: "finish", id: 1, sha256: sha256(content) });
    await second.hears(1, "written");
    expect(readFileSync(at("file")).equals(content)).toBe(true);
    expect(statSync(at("file"))).toMatchObject({ mtimeMs: 1_700_000_000_000 });
    expect((await row(representative, "file.saved")).detail["sizeBytes"]).toBe(content.length);

    const third = await openWrites(visit);
    third.say(begin("other", 2));
    await third.hears(1, "ready");
    send(third, 0, 1_000_000);
    await poll("its part is there", () => parts().length === 1);
    await window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(["not-permitted", "customer-refused"]).toContain(await third.probe.end());
    await poll("nothing of it stays", () => parts().length === 0);
    expect(readdirSync(folder)).toEqual(["file"]);
    expect(await representative.open("files-write", lsid).end()).toBe("customer-refused");
  });

  it("that were being copied are written down also when the customer takes the right back", async () => {
    await using visit = await Visit.begin({ appliance, desktop });
    const { representative, window } = visit;
    await visit.grant("files");
    writeFileSync(at("large"), Buffer.alloc(50_000_000));
    const download = await openDownload(visit);
    // Nothing more comes than fits into the channel.
    download.probe.channel.consumesAtOnce = false;
    download.say({ type: "read", id: 1, path: at("large"), offset: 0, version: none });
    await download.hears(1, "data");
    await window.focus();
    await desktop.xdotool("key", "alt+t");
    expect(["not-permitted", "customer-refused"]).toContain(await download.probe.end());
    const { detail } = await row(representative, "file.download-stopped");
    expect(detail).toMatchObject({ path: at("large").toString(), sizeBytes: 50_000_000 });
  });
});
