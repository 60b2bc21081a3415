import { createHash, randomBytes } from "node:crypto";
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Transfer } from "../../../../extension/files/transfer.ts";
import { CustomerDisk } from "./customer-disk.ts";

let customer: CustomerDisk;
beforeEach(async () => {
  customer = await CustomerDisk.start();
});
afterEach(() => customer[Symbol.asyncDispose]());

const hash = async (file: string | Buffer) =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
const when = new Date(Date.UTC(2019, 4, 6, 7, 8, 9));

/** Everything below a folder: what it is, its hash or target, its mode and its time. */
async function treeOf(folder: string): Promise<string[]> {
  const lines: string[] = [];
  const walk = async (place: Buffer, name: string) => {
    const { mode, mtimeMs, ...stats } = await lstat(place).then((found) => ({
      ...{ mode: found.mode & 0o777, mtimeMs: Math.floor(found.mtimeMs) },
      ...{ isLink: found.isSymbolicLink(), isFolder: found.isDirectory() },
    }));
    const what = stats.isLink
      ? `-> ${await readlink(place)}`
      : stats.isFolder
        ? "folder"
        : await hash(place);
    lines.push(`${name} ${what} ${stats.isLink ? "" : mode.toString(8)} ${mtimeMs}`);
    if (!stats.isFolder) return;
    for (const child of (await readdir(place, "buffer")).sort((a, b) => Buffer.compare(a, b))) {
      const below = Buffer.concat([place, Buffer.from("/"), child]);
      await walk(below, `${name}/${child.toString("latin1")}`);
    }
  };
  await walk(Buffer.from(folder), ".");
  return lines.slice(1);
}

/** A folder of whatever names, sizes, rights, times and links there may be. */
async function fill(folder: string): Promise<void> {
  await mkdir(path.join(folder, "deep/er/still"), { recursive: true });
  await mkdir(path.join(folder, "empty"));
  const odd = Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.from([0xe9, 0x0a, 0xff])]);
  await writeFile(odd, "not UTF-8");
  await writeFile(path.join(folder, "a b\nc"), "spaces and lines");
  await writeFile(path.join(folder, "é".repeat(127) + "x"), "255 bytes");
  await writeFile(path.join(folder, "-rf *"), "");
  await writeFile(path.join(folder, "large"), randomBytes(3_000_000));
  await writeFile(path.join(folder, "exactly"), randomBytes(256 * 1024));
  for (let number = 0; number < 300; number++) {
    await writeFile(path.join(folder, "deep/er", `file ${number}`), randomBytes(number));
  }
  await chmod(path.join(folder, "large"), 0o640);
  await chmod(path.join(folder, "deep/er/still"), 0o750);
  await symlink("large", path.join(folder, "link"));
  await symlink("../../large", path.join(folder, "deep/er/up"));
  for (const name of ["large", "exactly", "deep/er/file 7", "deep/er", "empty"]) {
    await utimes(path.join(folder, name), when, when);
  }
}

/** Runs a transfer until so much of it is there, and pauses it. */
async function pausedAt(transfer: Transfer, bytes: number): Promise<void> {
  const running = customer.run(transfer);
  const watch = setInterval(() => {
    if (transfer.progress.doneBytes > bytes) transfer.pause();
  }, 1);
  await running;
  clearInterval(watch);
  expect(transfer.state).toBe("paused");
}

describe.each(["download", "upload"] as const)("a folder that is moved by %s", (direction) => {
  const from = () => (direction === "download" ? customer.there("f") : customer.here("f"));
  const to = () => (direction === "download" ? customer.here("f") : customer.there("f"));
  const move = () => (direction === "download" ? customer.download("f") : customer.upload("f"));

  it("arrives as it was: names, content, rights, times and links", async () => {
    await fill(from());
    const transfer = await move();
    expect(transfer.progress.problems).toEqual([]);
    expect(transfer.state).toBe("done");
    const expected = (await treeOf(from())).map((line) => line.replace(/ -> (.*) \d+$/s, " -> $1"));
    const arrived = (await treeOf(to())).map((line) => line.replace(/ -> (.*) \d+$/s, " -> $1"));
    expect(arrived).toEqual(expected);
    expect(transfer.progress.doneFiles).toBe(transfer.progress.totalFiles);
    expect(transfer.progress.doneBytes).toBe(transfer.progress.totalBytes);
  });

  it("goes on at the right byte after a lost line, and leaves nothing half done", async () => {
    await mkdir(from());
    await writeFile(path.join(from(), "big"), randomBytes(6_000_000));
    await writeFile(path.join(from(), "small"), "small");
    const sources = [from()];
    const transfer = await customer.wish({ direction, sources });
    let carried = 0;
    const enough = Promise.withResolvers<void>();
    transfer.changed.on(() => undefined);
    const watch = setInterval(() => {
      if (transfer.progress.doneBytes > 2_000_000) enough.resolve();
    }, 1);
    customer.flows = (bytes) => {
      carried += bytes;
      // Slowly enough to be caught in the middle.
      return direction === "upload" || carried < 2_500_000;
    };
    const running = customer.run(transfer);
    await enough.promise;
    clearInterval(watch);
    customer.cut();
    await running;
    expect(transfer.state).toBe("interrupted");
    await expect(stat(path.join(to(), "big"))).rejects.toMatchObject({ code: "ENOENT" });
    carried = 0;
    customer.flows = (bytes) => {
      carried += bytes;
      return true;
    };
    await customer.run(transfer);
    expect(transfer.state).toBe("done");
    expect(await hash(path.join(to(), "big"))).toBe(await hash(path.join(from(), "big")));
    if (direction === "download") expect(carried).toBeLessThan(4_500_000);
    expect((await readdir(to())).sort()).toEqual(["big", "small"]);
  });

  it("goes on where it was paused, and after a restart of the console", async () => {
    await fill(from());
    const transfer = await customer.wish({ direction, sources: [from()] });
    const running = customer.run(transfer);
    transfer.pause();
    await running;
    expect(transfer.state).toBe("paused");
    const [kept] = await customer.journal.load();
    expect(kept?.plan).toEqual(transfer.plan);
    transfer.resume();
    await customer.run(transfer);
    expect(transfer.state).toBe("done");
    expect(await hash(path.join(to(), "large"))).toBe(await hash(path.join(from(), "large")));
    await customer.journal.end(transfer.plan);
    expect((await readdir(to())).filter((name) => name.startsWith(".handrail"))).toEqual([]);
  });

  it("shows what it has while it is paused, and when it goes on", async () => {
    await mkdir(from());
    await writeFile(path.join(from(), "big"), randomBytes(16_000_000));
    const transfer = await customer.wish({ direction, sources: [from()] });
    await pausedAt(transfer, 2_000_000);
    const { doneBytes, totalBytes, isCounted } = transfer.standing;
    expect([doneBytes > 2_000_000, totalBytes, isCounted]).toEqual([true, 16_000_000, true]);
    expect(transfer.bytesPerSecond).toBeUndefined();
    const seen: number[] = [];
    transfer.changed.on(() => seen.push(transfer.standing.doneBytes));
    transfer.resume();
    await customer.run(transfer);
    expect(transfer.state).toBe("done");
    expect(Math.min(...seen)).toBeGreaterThanOrEqual(doneBytes);
    expect(transfer.standing).toMatchObject({ doneBytes: 16_000_000, doneFiles: 1 });
  });

  it("asks where something is in the way, and does what is said", async () => {
    for (const [folder, text] of [
      [from(), "new"],
      [to(), "old"],
    ] as const) {
      await mkdir(folder);
      for (const name of ["1.txt", "2.txt", "3.txt"]) {
        await writeFile(path.join(folder, name), text);
      }
    }
    await writeFile(path.join(from(), "big"), randomBytes(400_000));
    await writeFile(path.join(to(), "big"), "old");
    const answers = { "1.txt": "skip", "2.txt": "replace", "3.txt": "keep-both", big: "replace" };
    customer.choose = ({ moved, existing }) => {
      expect(existing.sizeBytes).toBe(3);
      return (answers as Record<string, "skip" | "replace" | "keep-both">)[
        moved.names.at(-1) ?? ""
      ] as "skip";
    };
    const transfer = await move();
    expect(transfer.state).toBe("done");
    const read = (name: string) => readFile(path.join(to(), name), "utf8");
    expect(await Promise.all(["1.txt", "2.txt", "3.txt", "3 (2).txt"].map(read))).toEqual([
      ...["old", "new", "old", "new"],
    ]);
    expect(await hash(path.join(to(), "big"))).toBe(await hash(path.join(from(), "big")));
    expect(transfer.progress.skipped).toBe(1);
  });

  it("moves the others where one cannot be read or written", async () => {
    await mkdir(from());
    await mkdir(path.join(to(), "b"), { recursive: true });
    await writeFile(path.join(from(), "a"), "a");
    // A file never takes the place of a folder.
    await writeFile(path.join(from(), "b"), "b");
    customer.choose = () => "replace";
    const transfer = await move();
    expect(transfer.state).toBe("failed");
    expect(transfer.progress.problems).toMatchObject([
      { names: ["f", "b"], error: { reason: "is-folder" } },
    ]);
    expect(await readFile(path.join(to(), "a"), "utf8")).toBe("a");
  });

  it("leaves nothing of what is cancelled", async () => {
    await mkdir(from());
    await writeFile(path.join(from(), "big"), randomBytes(6_000_000));
    const transfer = await customer.wish({ direction, sources: [from()] });
    const running = customer.run(transfer);
    const begun = Promise.withResolvers<void>();
    const watch = setInterval(() => transfer.progress.doneBytes > 100_000 && begun.resolve(), 1);
    await begun.promise;
    clearInterval(watch);
    await transfer.cancel();
    await running;
    await customer.journal.end(transfer.plan);
    expect(transfer.state).toBe("cancelled");
    await expect
      .poll(async () => (await readdir(to())).filter((name) => name !== "big"), { timeout: 5_000 })
      .toEqual([]);
  });
});

it("leaves nothing of an upload that is given up while it is paused", async () => {
  await mkdir(customer.here("f"));
  await writeFile(customer.here("f", "a"), "a");
  await writeFile(customer.here("f", "big"), randomBytes(16_000_000));
  const transfer = await customer.wish({ direction: "upload", sources: [customer.here("f")] });
  await pausedAt(transfer, 2_000_000);
  const parts = async () =>
    (await readdir(customer.there("f"))).filter((name) => name.startsWith(".handrail-part-"));
  expect(await parts()).toHaveLength(1);
  await transfer.cancel();
  await transfer.tidy(customer.disk);
  await expect.poll(parts, { timeout: 10_000 }).toEqual([]);
  expect(await readdir(customer.there("f"))).toEqual(["a"]);
  expect(transfer.standing).toMatchObject({ doneFiles: 1, totalFiles: 2 });
});

it("leaves out links that lead out of what is downloaded, and devices", async () => {
  await mkdir(customer.there("f"));
  await symlink("/etc/passwd", customer.there("f", "absolute"));
  await symlink("../outside", customer.there("f", "up"));
  await symlink("inside", customer.there("f", "ok"));
  const transfer = await customer.download("f");
  expect(await readdir(customer.here("f"))).toEqual(["ok"]);
  expect(transfer.progress.leftOut).toBe(2);
  expect(transfer.state).toBe("done");
});

it("follows a link that was chosen itself", async () => {
  await writeFile(customer.there("real"), "real");
  await symlink("real", customer.there("link"));
  await customer.download("link");
  expect(await readFile(customer.here("link"), "utf8")).toBe("real");
});

it("says what is gone, and does not stop for it", async () => {
  await writeFile(customer.there("there"), "x");
  const transfer = await customer.download("gone", "there");
  expect(transfer.state).toBe("failed");
  expect(transfer.progress.problems).toMatchObject([{ error: { reason: "not-found" } }]);
  expect(await readFile(customer.here("there"), "utf8")).toBe("x");
});
