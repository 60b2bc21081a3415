import { readFileSync, readlinkSync } from "node:fs";

/** Where a call to the system has not come back from: at the path or below it. */
export interface HungPlace {
  /** One letter for each byte. */
  readonly path: string;
  /** A disk that was mounted there. */
  readonly isMount: boolean;
}

/**
 * File systems whose files are elsewhere, or with a program that may have stopped: with one file the
 * whole of it hangs. Source: nfs(5), mount.cifs(8), linux/Documentation/filesystems.
 */
const elsewhere =
  /^(nfs4?|cifs|smb3|smbfs|9p|ceph|afs|coda|autofs|glusterfs|lustre|fuse(blk|\..*)?)$/;

/**
 * The place that hangs when this path does: a network disk as a whole; of a disk in this computer
 * that path alone, which may be a link that leads to another.
 */
export function hungPlaceOf(path: Uint8Array): HungPlace {
  const named = Buffer.from(path).toString("latin1");
  try {
    const real = throughDescriptor(named);
    const mount = mountOf(real);
    if (mount && elsewhere.test(mount.type)) return { path: mount.path, isMount: true };
    return { path: real, isMount: false };
  } catch {
    // The system does not say what is mounted, or what was open is not any more.
    return { path: named, isMount: false };
  }
}

/** The first of these places that a path is at or below. */
export function placeAround(path: Uint8Array, places: readonly HungPlace[]): HungPlace | undefined {
  if (places.length === 0) return undefined;
  const wanted = Buffer.from(path).toString("latin1");
  return places.find((place) => isAtOrBelow(wanted, place.path));
}

function isAtOrBelow(path: string, place: string): boolean {
  // Of a thread that has not said where it is nothing is known, and nothing is to be avoided.
  if (place === "") return false;
  return path === place || path.startsWith(place === "/" ? "/" : `${place}/`);
}

/** What lies in a folder that is open has a name of its own: asking for it waits for no disk. */
function throughDescriptor(path: string): string {
  const [opened, ...below] = path.match(/^\/proc\/self\/fd\/\d+|[^/]+/g) ?? [];
  if (!opened?.startsWith("/")) return path;
  return [readlinkSync(opened, { encoding: "latin1" }), ...below].join("/");
}

interface Mount {
  readonly path: string;
  readonly type: string;
}

/** The disk that a path lies on; of several in one place the last. Source: proc_pid_mountinfo(5). */
function mountOf(path: string): Mount | undefined {
  const lines = readFileSync("/proc/self/mountinfo", "latin1").split("\n");
  const mounts = lines.map(mountIn).filter((mount) => mount !== undefined);
  return mounts
    .filter((mount) => isAtOrBelow(path, mount.path))
    .reduce<Mount | undefined>(
      (best, each) => (best && best.path.length > each.path.length ? best : each),
      undefined,
    );
}

function mountIn(line: string): Mount | undefined {
  const [before = "", after = ""] = line.split(" - ");
  const place = before.split(" ")[4];
  const type = after.split(" ")[0];
  if (place === undefined || type === undefined) return undefined;
  return { path: place.replace(/\\(\d{3})/g, (_, code: string) => letterOf(code)), type };
}

function letterOf(octal: string): string {
  return String.fromCharCode(Number.parseInt(octal, 8));
}
