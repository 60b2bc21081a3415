import {
  type Channel,
  downloadConsoleMessage,
  type DownloadCustomerMessage,
  downloadCustomerMessage,
  filesConsoleMessage,
  type FilesConsoleMessage,
  type FilesCustomerMessage,
  filesCustomerMessage,
} from "@handrail/protocol";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CustomerDisk } from "./customer-disk.ts";

let customer: CustomerDisk;
beforeEach(async () => {
  customer = await CustomerDisk.start();
  await writeFile(path.join(customer.base, "precious"), "mine");
  await mkdir(customer.here("f"));
});
afterEach(async () => {
  // Whatever it said: nothing outside has changed.
  expect(await readFile(path.join(customer.base, "precious"), "utf8")).toBe("mine");
  expect((await readdir(customer.base)).sort()).toEqual(["here", "precious", "storage", "there"]);
  await customer[Symbol.asyncDispose]();
});

const sha = (text: string) => createHash("sha256").update(text).digest();
const version = Buffer.from("v1");
const looks = { mode: 0o644, sizeBytes: 4, modifiedAt: 1_000 };

/** Answers questions about the disk: a folder with one file of that name, kind and size. */
function tells(name: string, { kind = "file", sizeBytes = 4, target = "" } = {}): void {
  const about = { ...looks, sizeBytes, kind: kind as "file", leadsTo: kind as "file" };
  const folder = { ...looks, kind: "folder", leadsTo: "folder" } as const;
  const known = { version, owner: 0, group: 0, mayWrite: true, target: Buffer.from(target) };
  const answer = (asked: FilesConsoleMessage): FilesCustomerMessage => {
    const { id } = asked;
    if (asked.type === "stat") {
      const isFolder = Buffer.from(asked.path).toString() === customer.there("f");
      return { type: "stat", id, ...(isFolder ? folder : about), ...known };
    }
    return { type: "entries", id, entries: [{ name: Buffer.from(name), ...about }], isLast: true };
  };
  customer.liars.set("files", (channel: Channel) => {
    channel.listener = {
      message: (bytes) =>
        channel.send(filesCustomerMessage.encode(answer(filesConsoleMessage.decode(bytes)))),
    };
  });
}

/** Answers questions about the disk in whatever way. */
function answers(
  answer: (asked: FilesConsoleMessage, say: (said: FilesCustomerMessage) => void) => void,
): void {
  customer.liars.set("files", (channel: Channel) => {
    const say = (said: FilesCustomerMessage) => channel.send(filesCustomerMessage.encode(said));
    channel.listener = { message: (bytes) => answer(filesConsoleMessage.decode(bytes), say) };
  });
}

/** Answers each request for content with these messages. */
function sends(...messages: readonly Unnumbered[]): void {
  customer.liars.set("download", (channel: Channel) => {
    channel.listener = {
      message: (bytes) => {
        const { id, type } = downloadConsoleMessage.decode(bytes);
        if (type === "cancel") return;
        for (const message of messages) {
          channel.send(downloadCustomerMessage.encode({ ...message, id }));
        }
      },
    };
  });
}
type Unnumbered = DownloadCustomerMessage extends infer M
  ? M extends DownloadCustomerMessage
    ? Omit<M, "id"> & { type: M["type"] }
    : never
  : never;

type Got = Omit<Extract<DownloadCustomerMessage, { type: "got" }>, "id">;

function got(text: string, hash = sha(text)): Got {
  const content = Buffer.from(text);
  const file = { outcome: "ok", mode: 0o644, modifiedAt: 1, sha256: hash, content } as const;
  return { type: "got", first: 0, files: [file] };
}

describe("a customer's client that lies", () => {
  it.each(["..", ".", "../precious", "/precious", "a\0b", "a/b", ""])(
    "about a name (%j) writes nothing",
    async (name) => {
      tells(name);
      sends(got("evil"));
      const transfer = await customer.download("f");
      expect(transfer.state).toBe("failed");
      expect(transfer.error).toMatchObject({ code: "protocol-violation" });
      expect(await readdir(customer.here("f"))).toEqual([]);
    },
  );

  it("about a hash leaves no file", async () => {
    tells("x");
    sends(got("evil", sha("good")));
    const transfer = await customer.download("f");
    expect(transfer.progress.problems).toMatchObject([{ error: { reason: "changed" } }]);
    expect(await readdir(customer.here("f"))).toEqual([]);
  });

  it("about the hash of a large file leaves no file", async () => {
    tells("x", { sizeBytes: 300_000 });
    const began = { type: "began", sizeBytes: 4, mode: 0, modifiedAt: 0, version } as const;
    const data = { type: "data", bytes: Buffer.from("evil") } as const;
    sends(began, data, { type: "ended", sha256: sha("good"), version });
    const transfer = await customer.download("f");
    expect(transfer.progress.problems).toMatchObject([{ error: { reason: "changed" } }]);
    expect(await readdir(customer.here("f"))).toEqual([]);
  });

  it("and sends more than it announced is cut off", async () => {
    tells("x", { sizeBytes: 300_000 });
    const began = { type: "began", sizeBytes: 4, mode: 0, modifiedAt: 0, version } as const;
    sends(began, { type: "data", bytes: Buffer.from("much more") });
    const transfer = await customer.download("f");
    expect(transfer.error).toMatchObject({ code: "protocol-violation" });
    expect(await readdir(customer.here("f"))).toEqual([]);
  });

  it("and answers more files than were asked for is cut off", async () => {
    tells("x");
    const one = got("evil");
    sends({ ...one, files: [...one.files, ...one.files] });
    const transfer = await customer.download("f");
    expect(transfer.error).toMatchObject({ code: "protocol-violation" });
    expect(await readdir(customer.here("f"))).toEqual([]);
  });

  it("and lists without end is cut off", async () => {
    const page = Array.from({ length: 1024 }, (_, i) => ({
      ...{ name: Buffer.from(`file-${i}`), ...looks, kind: "file", leadsTo: "file" },
    })) as Extract<FilesCustomerMessage, { type: "entries" }>["entries"];
    answers((asked, say) => {
      if (asked.type !== "list") return;
      const { id } = asked;
      for (let i = 0; i < 500; i++) say({ type: "entries", id, entries: page, isLast: false });
    });
    const listing = customer.disk.list(customer.there("f"));
    await expect(listing).rejects.toMatchObject({ code: "frame-too-large" });
  });

  it("and finds more than it was asked for is cut off", async () => {
    const kind = "file" as const;
    const at = (i: number) => Buffer.from(customer.there(`f/${i}`));
    answers((asked, say) => {
      if (asked.type !== "search") return;
      const found = [1, 2, 3].map((i) => ({ path: at(i), ...looks, kind, leadsTo: kind }));
      say({ type: "found", id: asked.id, found, isLast: false, isCut: false });
    });
    const shown: string[] = [];
    const searching = customer.disk.search({
      ...{ folder: customer.there("f"), pattern: "f", most: 2 },
      found: (paths) => void shown.push(...paths.map(({ path: each }) => each)),
      signal: AbortSignal.timeout(10_000),
    });
    await expect(searching).rejects.toMatchObject({ code: "protocol-violation" });
    expect(shown).toEqual([]);
  });

  it.each(["/etc/cron.d/x", "../../precious", "sub/../../../precious"])(
    "with a link to %s makes none",
    async (target) => {
      tells("x", { kind: "link", target });
      const transfer = await customer.download("f");
      expect(transfer.progress.leftOut).toBe(1);
      expect(await readdir(customer.here("f"))).toEqual([]);
    },
  );
});
