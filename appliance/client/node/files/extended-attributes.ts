/**
 * What a file has besides its content, owner, mode and times: access control lists and whatever else
 * programs have attached to it. Node has no calls for them. Source: xattr(7), acl(5), setxattr(2).
 */
import { Library, lastError, MissingLibraryError } from "../native.ts";

/** A value and how many bytes there are of it, or room for them. */
type Value = [value: Buffer, sizeBytes: number];

/** Below 0: it failed. */
interface Calls {
  readonly list: (descriptor: number, names: Buffer | null, sizeBytes: number) => number;
  readonly get: (descriptor: number, name: string, ...into: Value) => number;
  readonly set: (descriptor: number, name: string, ...to: [...Value, flags: number]) => number;
  readonly remove: (descriptor: number, name: string) => number;
}

/** What Linux takes at most, of names and of a value (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
const maxBytes = 64 * 1024;
/** A program that is written to loses it as well: it is a right of what the file held before. */
const ofContent = "security.capability";
/** What a person gives a file; the others are the system's, which gives them as it likes. */
const ofPeople = /^(user\.|system\.posix_acl_)/;

let calls: Calls | undefined;
let isMissing = false;

/**
 * Gives a file the attributes of another, and no others. Those of the system are kept as far as it
 * lets this program. Does nothing on a computer or disk that has none.
 * @throws Error with the system's `code` when one that a person has given cannot be kept
 */
export function copyAttributes(from: number, to: number): void {
  const system = open();
  if (!system) return;
  const wanted = namesOf(system, from);
  for (const name of namesOf(system, to)) {
    if (!wanted.includes(name) && ofPeople.test(name)) must(name, system.remove(to, name));
  }
  for (const name of wanted) {
    if (name === ofContent) continue;
    const value = Buffer.alloc(maxBytes);
    const sizeBytes = system.get(from, name, value, maxBytes);
    if (sizeBytes < 0) must(name, sizeBytes);
    else must(name, system.set(to, name, value, sizeBytes, 0));
  }
}

function namesOf(system: Calls, descriptor: number): string[] {
  const sizeBytes = system.list(descriptor, null, 0);
  if (sizeBytes <= 0) return [];
  const names = Buffer.alloc(maxBytes);
  const held = Math.max(0, system.list(descriptor, names, maxBytes));
  return names.toString("utf8", 0, held).split("\0").slice(0, -1);
}

function must(name: string, result: number): void {
  if (result >= 0 || !ofPeople.test(name)) return;
  const code = lastError();
  throw Object.assign(new Error(`keep ${name}: ${code}`), { code });
}

function open(): Calls | undefined {
  if (isMissing) return undefined;
  try {
    return (calls ??= bound(new Library("libc.so.6", "libc6")));
  } catch (error) {
    if (!(error instanceof MissingLibraryError)) throw error;
    isMissing = true;
    return undefined;
  }
}

function bound(libc: Library): Calls {
  return {
    list: libc.bind("long flistxattr(int fd, void *list, ulong size)"),
    get: libc.bind("long fgetxattr(int fd, const char *name, void *value, ulong size)"),
    set: libc.bind(
      "int fsetxattr(int fd, const char *name, const void *value, ulong size, int flags)",
    ),
    remove: libc.bind("int fremovexattr(int fd, const char *name)"),
  };
}
