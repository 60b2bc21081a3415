import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { maxChatFileBytes } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  downloadsFolder,
  openChatFiles,
} from "../../../../../appliance/client/node/chat-file/downloads.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "handrail-chat-file-"));
});
afterEach(() => rm(home, { recursive: true }));

function announced(name: string, content: string) {
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { name, sizeBytes: Buffer.byteLength(content), sha256 };
}

async function kept(name: string, content: string, written = content) {
  const part = await openChatFiles({ HOME: home }).begin(announced(name, content));
  await part.write(Buffer.from(written));
  return part.finish();
}

describe("a file that came", () => {
  it("replaces nothing, is run by nobody, and leaves no part", async () => {
    const downloads = path.join(home, "Downloads");
    await mkdir(downloads);
    await writeFile(path.join(downloads, "notes.txt"), "mine");
    expect(await kept("notes.txt", "yours")).toBe(path.join(downloads, "notes (1).txt"));
    expect(await kept("notes.txt", "again")).toBe(path.join(downloads, "notes (2).txt"));
    expect(await kept("run.desktop", "[Desktop Entry]")).toBe(path.join(downloads, "run.desktop"));
    expect((await readdir(downloads)).toSorted()).toEqual([
      ...["notes (1).txt", "notes (2).txt", "notes.txt", "run.desktop"],
    ]);
    expect(await readFile(path.join(downloads, "notes.txt"), "utf8")).toBe("mine");
    expect((await stat(path.join(downloads, "run.desktop"))).mode & 0o777).toBe(0o600);
  });

  it("is not kept when it is not what was announced", async () => {
    expect(await kept("a.txt", "what was said", "what was sent")).toBeUndefined();
    expect(await kept("a.txt", "whole", "who")).toBeUndefined();
    expect(await readdir(path.join(home, "Downloads"))).toEqual([]);
  });

  it("goes where the desktop says downloads go", async () => {
    await mkdir(path.join(home, ".config"));
    const settings = path.join(home, ".config/user-dirs.dirs");
    await writeFile(settings, '# a comment\nXDG_DOWNLOAD_DIR="$HOME/Téléchargements"\n');
    expect(await downloadsFolder({ HOME: home })).toBe(path.join(home, "Téléchargements"));
    await writeFile(settings, 'XDG_DOWNLOAD_DIR="relative"\n');
    expect(await downloadsFolder({ HOME: home })).toBe(path.join(home, "Downloads"));
  });

  it("is refused before it begins where there is no room for it", async () => {
    const begun = openChatFiles({ HOME: home }).begin({
      ...announced("huge.bin", ""),
      sizeBytes: Number.MAX_SAFE_INTEGER,
    });
    await expect(begun).rejects.toMatchObject({ code: "disk-full" });
  });
});

describe("a file that was chosen", () => {
  it("is read from end to end", async () => {
    const file = path.join(home, "..notes\u202e.txt");
    await writeFile(file, "content");
    const looked = await openChatFiles({}).look(file);
    expect(looked).toEqual({ file: announced("notes_.txt", "content") });
  });

  it("is not opened when another has taken its place, or none was looked at", async () => {
    const files = openChatFiles({});
    const file = path.join(home, "notes.txt");
    const secret = path.join(home, "secret.txt");
    await writeFile(file, "content");
    await writeFile(secret, "private");
    await files.look(file);
    await (await files.open(file)).close();
    await rm(file);
    await symlink(secret, file);
    await expect(files.open(file)).rejects.toMatchObject({ code: "conflict" });
    await expect(files.open(secret)).rejects.toMatchObject({ code: "conflict" });
  });

  it("is not sent when it is no file, is not there or is too large", async () => {
    const files = openChatFiles({});
    expect(await files.look(home)).toMatchObject({ refused: "unreadable" });
    expect(await files.look(path.join(home, "gone"))).toMatchObject({ refused: "unreadable" });
    execFileSync("mkfifo", [path.join(home, "pipe")]);
    expect(await files.look(path.join(home, "pipe"))).toMatchObject({ refused: "unreadable" });
    const large = path.join(home, "large");
    await writeFile(large, "");
    await truncate(large, maxChatFileBytes + 1);
    expect(await files.look(large)).toEqual({ refused: "too-large", name: "large" });
  });
});
