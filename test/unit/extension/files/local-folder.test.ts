import { mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathText } from "@handrail/protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalFolder, staysInside } from "../../../../extension/files/local-folder.ts";
import { walkLocal } from "../../../../extension/files/local-walk.ts";

let base: string;
let root: string;
let folder: LocalFolder;
const looks = { mode: 0o4755, modifiedAt: Date.UTC(2020, 1, 2) };

beforeEach(async () => {
  base = await mkdtemp(path.join(tmpdir(), "handrail-local-"));
  root = path.join(base, "root");
  await mkdir(root);
  folder = new LocalFolder(root);
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function put(names: string[], text: string, replaces = false): Promise<void> {
  const part = await folder.openPart(names, "1");
  await part.truncate();
  await part.write(text);
  await part.close();
  await folder.finishPart(names, "1", { looks, replaces });
}

describe("a local folder", () => {
  it("takes a file with its permissions and time, but none of the special rights", async () => {
    await put(["a", "b.txt"], "hello");
    const { mode, mtimeMs } = await stat(path.join(root, "a/b.txt"));
    expect(mode & 0o7777).toBe(0o755);
    expect(mtimeMs).toBe(looks.modifiedAt);
    expect(await readdir(path.join(root, "a"))).toEqual(["b.txt"]);
  });

  it.each([[["..", "x"]], [["a", "..", "..", "x"]], [["a/../../x"]], [["."]], [[""]], [["x\0"]]])(
    "refuses %j",
    async (names) => {
      await expect(put(names, "evil")).rejects.toMatchObject({ code: "protocol-violation" });
      expect(await readdir(base)).toEqual(["root"]);
    },
  );

  it("writes through no link, wherever it stands", async () => {
    const outside = path.join(base, "outside");
    await mkdir(outside);
    await symlink(outside, path.join(root, "dir"));
    await symlink(path.join(outside, "file"), path.join(root, "link"));
    await expect(put(["dir", "x"], "evil")).rejects.toMatchObject({ code: "conflict" });
    await expect(put(["link"], "evil")).rejects.toMatchObject({ code: "conflict" });
    await put(["link"], "mine", true);
    expect(await readFile(path.join(root, "link"), "utf8")).toBe("mine");
    expect(await readdir(outside)).toEqual([]);
  });

  it("replaces nothing unless it was said so", async () => {
    await put(["x"], "first");
    await expect(put(["x"], "second")).rejects.toMatchObject({ code: "conflict" });
    await put(["x"], "third", true);
    expect(await readFile(path.join(root, "x"), "utf8")).toBe("third");
  });

  it("keeps names of any bytes, and of 255", async () => {
    const odd = pathText(Uint8Array.of(0x20, 0xe9, 0x0a, 0xff));
    const long = "é".repeat(127) + "x";
    await put([odd], "1");
    await put([long], "2");
    const found = await readdir(root, "buffer");
    expect(found.map((each) => each.toString("hex")).sort()).toEqual(
      [Buffer.from([0x20, 0xe9, 0x0a, 0xff]), Buffer.from(long)]
        .map((b) => b.toString("hex"))
        .sort(),
    );
    const walked = await Array.fromAsync(walkLocal([root], () => undefined));
    expect(walked.map(({ names }) => names.slice(1).join("/")).sort()).toEqual(
      ["", long, odd].sort(),
    );
  });

  it("makes links without following them", async () => {
    await folder.makeLink(["a"], "b/c", { modifiedAt: looks.modifiedAt, replaces: false });
    expect(await readlink(path.join(root, "a"))).toBe("b/c");
  });
});

describe("a link", () => {
  it.each([
    [["a"], "b", true],
    [["a"], "./b/c", true],
    [["d", "a"], "../b", true],
    [["a"], "../b", false],
    [["d", "a"], "../../b", false],
    [["a"], "/etc/passwd", false],
    [["a"], "b/../../c", false],
    [["d", "e", "a"], "x/..", false],
    [["a"], "C:\\x", false],
  ])("%j to %s stays inside: %s", (names, target, isInside) => {
    expect(staysInside(names, target)).toBe(isInside);
  });
});
