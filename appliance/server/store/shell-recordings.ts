import { constants } from "node:fs";
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import path from "node:path";
import type { Lsid } from "@handrail/protocol";
import { z } from "zod";
import { namesIn } from "./files.ts";

/** Longest first line that is looked at, bytes. */
const maxHeaderBytes = 4096;

/**
 * First line of a recorded shell. `timestamp`: when it began, Unix seconds.
 * Source: asciicast v2, "Header".
 */
export const castHeaderShape = z.object({
  version: z.literal(2),
  width: z.int().positive(),
  height: z.int().positive(),
  timestamp: z.number(),
  title: z.string(),
});
/** The first line of a recorded shell. */
export type CastHeader = z.infer<typeof castHeaderShape>;

/** A shell that was recorded. */
export interface ShellRecording {
  /** Within its session, from 1. */
  readonly number: number;
  readonly startedAt: number;
  readonly title: string;
  readonly sizeBytes: number;
}

interface Found {
  readonly name: string;
  readonly number: number;
  /** The number that the customer's client gives it. */
  readonly shell: number;
}

/**
 * Where recorded shells lie: beside the recording of their session, one file of asciicast v2 each,
 * named after the session, the shell's number in it and the number that the client gave it.
 */
export class ShellRecordingStore {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Those of a session, oldest first. What has not even a whole first line is left out. */
  async list(lsid: Lsid): Promise<ShellRecording[]> {
    const found = await this.#found(lsid);
    const listed = await Promise.all(found.map((each) => this.#describe(lsid, each)));
    return listed.filter((each) => each !== undefined);
  }

  /** The file of one of them; undefined when there is none. */
  async pathOf(lsid: Lsid, number: number): Promise<string | undefined> {
    const found = (await this.#found(lsid)).find((each) => each.number === number);
    return found && path.join(this.#folder(lsid), found.name);
  }

  /** Opens the latest recording of a shell to go on with it; undefined when there is none. */
  async reopen(lsid: Lsid, shell: number): Promise<FileHandle | undefined> {
    const found = (await this.#found(lsid)).findLast((each) => each.shell === shell);
    if (!found) return undefined;
    return open(
      path.join(this.#folder(lsid), found.name),
      constants.O_RDWR | constants.O_APPEND,
      0o600,
    );
  }

  /** Makes the file of a new one, readable by the appliance only. */
  async create(lsid: Lsid, shell: number): Promise<FileHandle> {
    await mkdir(this.#folder(lsid), { recursive: true, mode: 0o700 });
    const number = ((await this.#found(lsid)).at(-1)?.number ?? 0) + 1;
    const name = `${lsid}.shell-${number}-${shell}.cast`;
    const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_APPEND;
    return open(path.join(this.#folder(lsid), name), flags, 0o600);
  }

  #folder(lsid: Lsid): string {
    return path.join(this.#directory, lsid.slice(0, 2));
  }

  async #found(lsid: Lsid): Promise<Found[]> {
    const pattern = new RegExp(`^${lsid}\\.shell-(\\d+)-(\\d+)\\.cast$`);
    const found: Found[] = [];
    for (const name of await namesIn(this.#folder(lsid))) {
      const [, number, shell] = pattern.exec(name) ?? [];
      if (number !== undefined) found.push({ name, number: Number(number), shell: Number(shell) });
    }
    return found.sort((a, b) => a.number - b.number);
  }

  async #describe(lsid: Lsid, { name, number }: Found): Promise<ShellRecording | undefined> {
    const file = path.join(this.#folder(lsid), name);
    const { size: sizeBytes } = await stat(file);
    await using handle = await open(file, "r");
    const header = await readCastHeader(handle);
    if (!header) return undefined;
    return { number, startedAt: header.timestamp * 1000, title: header.title, sizeBytes };
  }
}

/** The first line of a recorded shell; undefined when it is not whole, or none. */
export async function readCastHeader(handle: FileHandle): Promise<CastHeader | undefined> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(maxHeaderBytes), { position: 0 });
  const text = buffer.toString("utf8", 0, bytesRead);
  const end = text.indexOf("\n");
  if (end < 0) return undefined;
  try {
    return castHeaderShape.safeParse(JSON.parse(text.slice(0, end))).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
