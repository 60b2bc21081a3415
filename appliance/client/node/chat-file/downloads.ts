/**
 * Files of the conversation on this computer's disk: what comes goes to the folder for downloads,
 * under a name that is free there; what is given is read as it is.
 */
import { createHash, randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, readFile, rename, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { type ChatFile, chatFileName, HandrailError, maxChatFileBytes } from "@handrail/protocol";
import type { ChatFileHost, KeptPart, Looked, OpenFile } from "../../core/chat-file/host.ts";

/** Nobody else reads it, and nothing that came is run. */
const mode = 0o600;
const readBytes = 256 * 1024;
/** Names that are tried: more of one name is somebody's doing. */
const maxSameNames = 1000;
const fullCodes: readonly unknown[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Opens what the conversation needs of the disk of whoever has this environment. */
export function openChatFiles(env: NodeJS.ProcessEnv): ChatFileHost {
  // What was looked at, by path: others who use the computer may put something else there.
  const marks = new Map<string, string>();
  return {
    begin: (file) => explaining(() => beginPart(env, file)),
    look: (chosen) => look(chosen, marks),
    open: async (chosen) => {
      const opened = await openFile(chosen);
      if (opened.mark === marks.get(chosen)) return opened;
      await opened.close();
      throw new HandrailError("conflict", "another file than was chosen");
    },
  };
}

/**
 * The folder for downloads. Source: xdg-user-dirs, `user-dirs.dirs`: lines of a shell, each a path in
 * double quotes that is absolute or begins with `$HOME/`.
 */
export async function downloadsFolder(env: NodeJS.ProcessEnv): Promise<string> {
  const home = env["HOME"] ?? "/";
  const file = path.join(env["XDG_CONFIG_HOME"] ?? path.join(home, ".config"), "user-dirs.dirs");
  // Without the file there is the usual name.
  const text = await readFile(file, "utf8").catch(() => "");
  const [, found = ""] = /^XDG_DOWNLOAD_DIR="((?:\$HOME)?\/[^"\n]*)"/m.exec(text) ?? [];
  const folder = found.replace(/^\$HOME/, () => home).replace(/\/+$/, "");
  return folder === "" ? path.join(home, "Downloads") : folder;
}

async function beginPart(env: NodeJS.ProcessEnv, file: ChatFile): Promise<KeptPart> {
  const folder = await downloadsFolder(env);
  await mkdir(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < file.sizeBytes) throw new HandrailError("disk-full", "no room for the file");
  const place = path.join(folder, `.${randomBytes(8).toString("hex")}.handrail-part`);
  const handle = await open(place, "wx", mode);
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const discard = async (): Promise<void> => {
    await handle.close().catch(() => undefined);
    await rm(place, { force: true });
  };
  return {
    write: (bytes) =>
      explaining(async () => {
        hash.update(bytes);
        sizeBytes += bytes.length;
        await handle.appendFile(bytes);
      }),
    finish: () =>
      explaining(async () => {
        const isIt = sizeBytes === file.sizeBytes && hash.digest("hex") === file.sha256;
        if (isIt) await handle.sync();
        else await discard();
        return isIt ? await placed(handle, place, path.join(folder, file.name)) : undefined;
      }),
    discard,
  };
}

/** Under its name, or `name (1)` and so on: the name is taken first, so that nothing is replaced. */
async function placed(handle: FileHandle, from: string, wanted: string): Promise<string> {
  const { dir, name, ext } = path.parse(wanted);
  for (let count = 0; count < maxSameNames; count++) {
    const place = path.join(dir, count === 0 ? name + ext : `${name} (${count})${ext}`);
    if (!(await isTaken(place))) continue;
    await handle.close();
    await rename(from, place);
    return place;
  }
  throw new Error("too many files of this name");
}

async function isTaken(place: string): Promise<boolean> {
  try {
    await (await open(place, "wx", mode)).close();
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** A file that was opened. `mark`: which one, and when it was written. */
interface MarkedFile extends OpenFile {
  readonly mark: string;
}

async function look(chosen: string, marks: Map<string, string>): Promise<Looked> {
  const name = chatFileName(path.basename(chosen));
  try {
    const opened = await openFile(chosen);
    const about = await contentOf(opened).finally(() => opened.close());
    marks.set(chosen, opened.mark);
    return about ? { file: { name, ...about } } : { refused: "too-large", name };
  } catch {
    // No right, no file, or no file at all but a folder or a device.
    return { refused: "unreadable", name };
  }
}

/** Size and hash of what it holds; undefined when that is too much. */
async function contentOf(opened: OpenFile): Promise<Omit<ChatFile, "name"> | undefined> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  while (Math.max(opened.sizeBytes, sizeBytes) <= maxChatFileBytes) {
    const bytes = await opened.read(sizeBytes, readBytes);
    if (bytes.length === 0) return { sizeBytes, sha256: hash.digest("hex") };
    hash.update(bytes);
    sizeBytes += bytes.length;
  }
  return undefined;
}

async function openFile(chosen: string): Promise<MarkedFile> {
  // A pipe would be waited for without end.
  const handle = await open(chosen, constants.O_RDONLY | constants.O_NONBLOCK);
  const close = () => handle.close();
  const about = await handle.stat({ bigint: true });
  if (!about.isFile()) {
    await close();
    throw new Error("not a file");
  }
  const read = async (fromByte: number, maxBytes: number): Promise<Uint8Array> => {
    const buffer = new Uint8Array(maxBytes);
    const { bytesRead } = await handle.read(buffer, 0, maxBytes, fromByte);
    return buffer.subarray(0, bytesRead);
  };
  const mark = [about.dev, about.ino, about.size, about.mtimeNs].join(" ");
  return { sizeBytes: Number(about.size), mark, read, close };
}

async function explaining<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!fullCodes.includes(codeOf(cause))) throw cause;
    throw new HandrailError("disk-full", "the disk is full", { cause });
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
