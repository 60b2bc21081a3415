import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openCustomersFiles } from "../../../../../appliance/client/node/chat-file/customers-files.ts";
import { processesWith } from "../../../../support/leftovers.ts";

// A process takes its time to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const program = new URL(
  "../../../../../appliance/client/node/chat-file/chat-files-process.ts",
  import.meta.url,
);
let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "customer-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

function open() {
  return openCustomersFiles(program, { env: { PATH: process.env["PATH"], HOME: home } });
}

function announced(content: string) {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { name: "a.txt", sizeBytes: content.length, sha256 };
}

it("keeps what comes, and gives what was chosen", async () => {
  const files = open();
  const file = announced("one and two");
  const part = await files.begin(file);
  await part.write(Buffer.from("one "));
  await part.write(Buffer.from("and two"));
  const saved = path.join(home, "Downloads", "a.txt");
  expect(await part.finish()).toBe(saved);
  expect(await readFile(saved, "utf8")).toBe("one and two");
  expect(await files.look(saved)).toMatchObject({ file });
  const opened = await files.open(saved);
  expect(opened.sizeBytes).toBe(11);
  expect(Buffer.from(await opened.read(4, 3)).toString()).toBe("and");
  await opened.close();
  await expect(opened.read(0, 1)).rejects.toThrow("not begun here");
});

it("tells why something cannot be, in the same words and codes", async () => {
  const files = open();
  expect(await files.look(home)).toMatchObject({ refused: "unreadable" });
  await expect(files.open(path.join(home, "none"))).rejects.toMatchObject({ code: "internal" });
  const huge = { ...announced("x"), sizeBytes: Number.MAX_SAFE_INTEGER };
  await expect(files.begin(huge)).rejects.toMatchObject({ code: "disk-full" });
  const wrong = await files.begin(announced("x"));
  await wrong.write(Buffer.from("y"));
  expect(await wrong.finish()).toBeUndefined();
  const discarded = await files.begin(announced("x"));
  await discarded.discard();
  expect(await readdir(path.join(home, "Downloads"))).toEqual([]);
});

it("begins anew when the process has ended, and waits for nothing of the old one", async () => {
  const files = open();
  const chosen = path.join(home, "b.txt");
  await writeFile(chosen, "b");
  await files.look(chosen);
  const opened = await files.open(chosen);
  const [running] = await processesWith(`HOME=${home}`);
  if (!running) throw new Error("the process does not run");
  process.kill(running.pid, "SIGKILL");
  await expect(opened.read(0, 1)).rejects.toMatchObject({ code: "internal" });
  expect(await files.look(chosen)).toMatchObject({ file: { name: "b.txt", sizeBytes: 1 } });
});
