import type { Disk, Found } from "./disk.ts";
import { pathIn } from "./disk.ts";
import { localRefusal } from "./file-refusal.ts";
import type { Moved, WalkProblem } from "./local-walk.ts";
import { nameOf, type RemotePath } from "./remote-path.ts";
import { endsTransfer } from "./transfer-run.ts";

/** Something of the customer's computer. */
export interface RemoteMoved extends Moved {
  readonly path: RemotePath;
  /** It was chosen itself and is a link: what it leads to is meant. */
  readonly isFollowed?: boolean;
}

/** What the copy of the root is called. */
const rootName = "root";

/** What is to be walked, and who hears of what cannot be read. */
export interface RemoteWalk {
  readonly disk: Disk;
  readonly sources: readonly RemotePath[];
  readonly problem: WalkProblem;
  readonly signal: AbortSignal;
}

/**
 * Files and folders of the customer's computer with all that is in them, a folder before what it
 * holds and its files before its folders. Links are told and not followed, but for what was chosen
 * itself: whoever chooses a link means what it leads to.
 */
export async function* walkRemote(walk: RemoteWalk): AsyncGenerator<RemoteMoved> {
  for (const path of walk.sources) {
    const names = [nameOf(path) || rootName];
    const found = await tried(walk, names, () => walk.disk.stat(path, walk.signal));
    if (!found) continue;
    const isFollowed = found.kind === "link" && found.leadsTo === "file";
    yield* within(walk, { ...moved(path, names, { ...found, kind: found.leadsTo }), isFollowed });
  }
}

async function* within(walk: RemoteWalk, found: RemoteMoved): AsyncGenerator<RemoteMoved> {
  yield found;
  if (found.kind !== "folder") return;
  const { path, names } = found;
  const entries = await tried(walk, names, () => walk.disk.list(path, walk.signal));
  if (!entries) return;
  const below = entries.map((entry) =>
    moved(pathIn(path, entry.name), [...names, entry.name], entry),
  );
  yield* below.filter(({ kind }) => kind !== "folder");
  for (const folder of below.filter(({ kind }) => kind === "folder")) yield* within(walk, folder);
}

async function tried<T>(
  { problem }: RemoteWalk,
  names: readonly string[],
  read: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await read();
  } catch (cause) {
    const error = localRefusal(cause);
    if (endsTransfer(error)) throw error;
    problem(names, error);
    return undefined;
  }
}

function moved(path: RemotePath, names: readonly string[], found: Found): RemoteMoved {
  const { kind, mode, modifiedAt } = found;
  const isMovable = kind === "file" || kind === "folder" || kind === "link";
  const sizeBytes = kind === "file" ? found.sizeBytes : 0;
  return { path, names, kind: isMovable ? kind : "other", sizeBytes, mode, modifiedAt };
}
