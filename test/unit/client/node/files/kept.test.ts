import { keepMode, type SmallUpload } from "@handrail/protocol";
import { chownSync, linkSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Library } from "../../../../../appliance/client/node/native.ts";
import { Stand, writes } from "./lane-record.ts";

const libc = new Library("libc.so.6", "libc6");
const set: (
  path: string,
  name: string,
  ...to: [value: Buffer, size: number, flags: number]
) => number = libc.bind(
  "int setxattr(const char *path, const char *name, const void *value, ulong size, int flags)",
);
const get: (path: string, name: string, value: Buffer, size: number) => number = libc.bind(
  "long getxattr(const char *path, const char *name, void *value, ulong size)",
);

/** An attribute of a file, in hex; undefined: it has none of that name. */
function attribute(path: Buffer, name: string): string | undefined {
  const value = Buffer.alloc(1024);
  const length = get(path.toString(), name, value, value.length);
  return length < 0 ? undefined : value.toString("hex", 0, length);
}

function attach(path: Buffer, name: string, value: Buffer): boolean {
  return set(path.toString(), name, value, value.length, 0) === 0;
}

/** An access control list that lets one other person read. Source: acl(5), its form on disk. */
function aclFor(person: number): Buffer {
  const entries = [
    { tag: 0x01, rights: 6, id: 0xffff_ffff },
    { tag: 0x02, rights: 4, id: person },
    { tag: 0x04, rights: 0, id: 0xffff_ffff },
    { tag: 0x10, rights: 4, id: 0xffff_ffff },
    { tag: 0x20, rights: 0, id: 0xffff_ffff },
  ];
  const acl = Buffer.alloc(4 + entries.length * 8);
  acl.writeUInt32LE(2, 0);
  for (const [i, { tag, rights, id }] of entries.entries()) {
    acl.writeUInt16LE(tag, 4 + i * 8);
    acl.writeUInt16LE(rights, 6 + i * 8);
    acl.writeUInt32LE(id, 8 + i * 8);
  }
  return acl;
}

const nobody = 65_534;
const none = new Uint8Array(0);

let stand: Stand;
let talk: ReturnType<typeof writes>;
let id = 0;
beforeEach(async () => {
  stand = await Stand.make();
  talk = writes(stand);
});
afterEach(async () => {
  talk[Symbol.dispose]();
  await stand[Symbol.asyncDispose]();
});

/** Saves a file as an editor does, and gives what came of it. */
async function save(name: string, content: string, more: Partial<SmallUpload> = {}) {
  const file: SmallUpload = {
    ...{ name: Buffer.from(name), content: Buffer.from(content) },
    ...{ mode: keepMode, modifiedAt: 0, condition: "any", version: none, ...more },
  };
  const put = { folder: stand.at(), isDurable: true, files: [file] };
  const answer = await talk.ask({ type: "put", id: ++id, ...put });
  const [result] = answer.type === "put" ? answer.results : [];
  if (!result) throw new Error("nothing came of it");
  return result;
}

describe("a file that is saved", () => {
  it("keeps its other names, and shows the same under all of them", async () => {
    writeFileSync(stand.at("a"), "before");
    linkSync(stand.at("a"), stand.at("b"));
    for (const content of ["much more than before ".repeat(2_000), "less", ""]) {
      const { outcome, version } = await save("a", content);
      expect(outcome).toBe("ok");
      expect(readFileSync(stand.at("b"), "utf8")).toBe(content);
      const { nlink, ino } = statSync(stand.at("a"));
      expect([nlink, ino]).toEqual([2, statSync(stand.at("b")).ino]);
      // What is said to be its version is: it can be saved once more.
      const again = await save("a", content, { condition: "version", version });
      expect(again.outcome).toBe("ok");
    }
    expect(readdirSync(stand.folder).sort()).toEqual(["a", "b"]);
    expect(talk.lane.facts("file.saved")[0]).toMatchObject({ sizeBefore: 6 });
  });

  it.runIf(process.geteuid?.() === 0)(
    "is not written over with an administrator's rights where it is somebody else's",
    async () => {
      writeFileSync(stand.at("theirs"), "before");
      chownSync(stand.at("theirs"), nobody, nobody);
      linkSync(stand.at("theirs"), stand.at("trap"));
      expect(await save("trap", "after")).toMatchObject({ outcome: "ok" });
      expect(readFileSync(stand.at("theirs"), "utf8")).toBe("before");
    },
  );

  it("keeps who else may read it, and what programs have attached to it", async (context) => {
    writeFileSync(stand.at("a"), "before", { mode: 0o600 });
    const acl = aclFor(nobody);
    const isTaken =
      attach(stand.at("a"), "system.posix_acl_access", acl) &&
      attach(stand.at("a"), "user.comment", Buffer.from("kept"));
    // Some disks have neither.
    if (!isTaken) return context.skip();
    const { mode } = statSync(stand.at("a"));
    expect(await save("a", "after")).toMatchObject({ outcome: "ok" });
    expect(attribute(stand.at("a"), "system.posix_acl_access")).toBe(acl.toString("hex"));
    expect(attribute(stand.at("a"), "user.comment")).toBe(Buffer.from("kept").toString("hex"));
    expect(statSync(stand.at("a")).mode).toBe(mode);
    expect(readFileSync(stand.at("a"), "utf8")).toBe("after");
  });

  it("gets no rights that its folder gives new files only", async (context) => {
    writeFileSync(stand.at("a"), "before", { mode: 0o600 });
    if (!attach(stand.at(), "system.posix_acl_default", aclFor(nobody))) return context.skip();
    await save("a", "after");
    expect(attribute(stand.at("a"), "system.posix_acl_access")).toBeUndefined();
    expect(statSync(stand.at("a")).mode & 0o777).toBe(0o600);
    await save("new", "new");
    expect(attribute(stand.at("new"), "system.posix_acl_access")).toBeDefined();
  });
});
