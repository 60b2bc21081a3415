import { randomBytes } from "node:crypto";
import { open, readdir, stat, statfs, truncate } from "node:fs/promises";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Transfer } from "../../extension/files/transfer.ts";
import { poll } from "../support/poll.ts";
import { CustomerDisk } from "../unit/extension/files/customer-disk.ts";

/** More than 32 bits count; then what an earlier run did not get to. */
const earlierBytes = 2 ** 32 + 3;
const tail = randomBytes(3_000_000);
const sizeBytes = earlierBytes + tail.length;
/** Both ends are in this process; one chunk too many of such a file is 4 GB. */
const maxGrowthBytes = 256 * 1024 * 1024;

let customer: CustomerDisk;
beforeEach(async () => {
  // What a file does not hold is read there in no time; it has to look as if all of it had room.
  const memory = "/dev/shm";
  const { bavail, bsize } = await statfs(memory);
  if (bavail * bsize > sizeBytes) vi.stubEnv("TMPDIR", memory);
  customer = await CustomerDisk.start();
});
afterEach(async () => {
  await customer[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

/** A file of which the disk holds only the end; before it all is zero. */
async function makeSparse(file: string): Promise<void> {
  const handle = await open(file, "w");
  await handle.write(tail, 0, tail.length, earlierBytes);
  await handle.close();
}

/** Runs a transfer until its part is there, makes that as long as it were after hours, and pauses. */
async function beginsFrom(transfer: Transfer, folder: string): Promise<void> {
  const running = customer.run(transfer);
  const part = await poll("its part is there", async () =>
    (await readdir(folder)).find((name) => name.startsWith(".handrail-")),
  );
  transfer.pause();
  await running;
  expect(transfer.state).toBe("paused");
  await truncate(path.join(folder, part), earlierBytes);
}

it.each(["download", "upload"] as const)(
  "goes on beyond 4 GB by %s, and holds no more of it than of a small file",
  { timeout: 180_000 },
  async (direction) => {
    const [from, to] = [customer.there(), customer.here()];
    const [source, target] = direction === "download" ? [from, to] : [to, from];
    await makeSparse(path.join(source, "image"));
    const sources = [path.join(source, "image")];
    const transfer = await customer.wish({ direction, sources });
    await beginsFrom(transfer, target);
    const before = process.memoryUsage.rss();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 20);
    transfer.resume();
    await customer.run(transfer);
    clearInterval(watch);
    expect(transfer.state).toBe("done");
    expect(transfer.standing).toMatchObject({ doneBytes: sizeBytes, totalBytes: sizeBytes });
    expect(most - before).toBeLessThan(maxGrowthBytes);
    const arrived = path.join(target, "image");
    expect((await stat(arrived)).size).toBe(sizeBytes);
    const handle = await open(arrived);
    const { buffer } = await handle.read(Buffer.alloc(tail.length), 0, tail.length, earlierBytes);
    await handle.close();
    expect(buffer.equals(tail)).toBe(true);
  },
);
