import {
  blob,
  choice,
  flag,
  list,
  struct,
  tagged,
  type Tagged,
  text,
  u16,
  u32,
  type ValueOf,
  varint,
} from "../codec/struct.ts";
import { maxNameBytes, maxPathBytes } from "./file-path.ts";

/**
 * The customer's disk, on three kinds of channel, so that the appliance, which reads none of them,
 * decides by the kind who may do what:
 *
 * - `files` (permission `files`): questions. Nothing of what a file holds is said on it.
 * - `download` (permission `files`): what files hold, from the customer; `download.ts`.
 * - `files-write` (permission `files-write`): everything that changes the disk, saving and uploading
 *   among it; `files-write.ts`.
 *
 * A console keeps one `files` channel for looking around, and opens a `download` or `files-write`
 * channel for each transfer, so that transfers share the line fairly and each ends by itself.
 *
 * Common to all three: every request bears an `id` chosen by the console, never used twice on one
 * channel, and at most 64 (`maxFileRequests`) are unanswered at a time; more end the channel
 * (`conflict`). Answers bear the id of their request and come in any order between requests. Messages
 * of an id that is not known (any more) are ignored, since they may have been under way. Paths are
 * absolute bytes (`isPath` in `file-path.ts`); anything else is answered with `bad-path`. Sizes and
 * offsets are bytes; times Unix ms, 0: not known, or to be left as it comes; a mode is the twelve
 * permission bits of POSIX. A `version` is opaque: equal as long as the file was not changed.
 *
 * Devices, pipes and sockets are listed and never opened. Links in the folders of a path are
 * followed, as everywhere on a computer; whether the last part is, each request says.
 *
 * What a console must check, for the other end is not to be trusted: that each name in `entries`
 * is a name (`isName`) and each path found lies in the folder that was searched (`isWithin`); that
 * no more is sent than was announced; that the SHA-256 of what it received is the one that it was
 * told; and, when it writes what it got to a disk of its own, that links are made only after
 * everything else and lead nowhere out of the folder that was copied.
 */

/** Most requests of one channel without an answer. */
export const maxFileRequests = 64;

/** Why something could not be done, and its number on the wire. */
export const fileErrors = {
  /** Not there (any more). */
  "not-found": 1,
  /** Something of that name is there already. */
  exists: 2,
  /** The rights of the person at the computer, or of its client, are not enough. */
  "no-right": 3,
  /** No room on the disk, or above the person's quota. */
  "disk-full": 4,
  "is-folder": 5,
  "not-folder": 6,
  "not-empty": 7,
  /** Not what it was when the console saw it; for an upload: not what the console sent. */
  changed: 8,
  "name-too-long": 9,
  /** The disk can only be read. */
  "read-only": 10,
  /** This computer or disk cannot do it, or it is a device, a pipe or a socket. */
  "not-supported": 11,
  /** More than the request can carry, or than the disk can hold in one file. */
  "too-large": 12,
  /** No absolute path, or a folder into itself. */
  "bad-path": 13,
  /** Links that lead in a circle. */
  "too-many-links": 14,
  /** In use, or too much of it is in use (open files, watches). */
  busy: 15,
  /** The disk does not work as it should; `detail` says the system's own code. */
  "disk-fault": 16,
  /** The disk there, most often of another computer, does not answer; `detail` names it. */
  "not-answering": 17,
} as const;
/** Why something could not be done with files. */
export type FileError = keyof typeof fileErrors;

/** What there is in a folder: `other` is a device, a pipe or a socket. */
export const fileKinds = { none: 0, file: 1, folder: 2, link: 3, other: 4 } as const;
/** A kind of thing on a disk; `none`: what a link leads to that leads nowhere. */
export type FileKind = keyof typeof fileKinds;

/** Fields that the messages of all three channels are made of. */
export const fileFields = {
  path: blob(maxPathBytes),
  name: blob(maxNameBytes),
  /** Opaque; empty: none is given. */
  version: blob(32),
  sha256: blob(32),
  kind: choice(fileKinds),
  error: choice(fileErrors),
  /** Of one of several: `ok`, or why not. */
  outcome: choice({ ok: 0, ...fileErrors }),
} as const;
const { path, name, version, sha256, kind, error } = fileFields;

/** Answer to any request that cannot be done; `detail` is the system's code (`EIO`), a disk's path, or empty. */
export const failedFile = struct({ id: u32, error, detail: text(64) });

/**
 * Something in a folder. `leadsTo`: for a link, the kind at its end, else the same as `kind`. Size,
 * time and mode are those of what a link leads to, if it leads anywhere.
 */
const entry = {
  kind,
  leadsTo: kind,
  mode: u16,
  sizeBytes: varint,
  modifiedAt: varint,
} as const;
const namedEntry = struct({ name, ...entry });
/** Something in a folder, as listed. */
export type FileEntry = ValueOf<typeof namedEntry>;
const foundEntry = struct({ path, ...entry });
/** Something that a search has found. */
export type FoundFile = ValueOf<typeof foundEntry>;

/** Most entries, found paths or changed names in one message. */
const maxListed = 1024;

/**
 * What a console asks on a `files` channel:
 *
 * - `places`: where to begin; answer `places`.
 * - `stat`: what is at a path, a link itself and what it leads to; answer `stat`.
 * - `list`: all of a folder, in no order; answers `entries` until one `isLast`.
 * - `hash`: SHA-256 of a file, links followed; answer `hashed`.
 * - `search`: what lies under a folder (its own links not followed, nor those met, nor the system's
 *   pseudo file systems entered) whose name matches. `pattern` with `*` or `?` in it must match the
 *   whole name, else be a part of it; upper and lower case are the same. Answers `found` until one
 *   `isLast`; at most `most` paths.
 * - `watch`: a folder, or a file, whose changes are told from the answer `watching` on, until
 *   `cancel` or `failed`; at most 128 on one channel, else `busy`. Not what is in its folders.
 * - `space`: of the disk that a path lies on; answer `space`.
 * - `cancel`: of a request. It is answered no more (what is under way may still come).
 */
const filesConsoleLayouts = {
  places: { tag: 1, layout: struct({ id: u32 }) },
  stat: { tag: 2, layout: struct({ id: u32, path }) },
  list: { tag: 3, layout: struct({ id: u32, path }) },
  hash: { tag: 4, layout: struct({ id: u32, path }) },
  search: { tag: 5, layout: struct({ id: u32, path, pattern: text(1024), most: u32 }) },
  watch: { tag: 6, layout: struct({ id: u32, path }) },
  space: { tag: 7, layout: struct({ id: u32, path }) },
  cancel: { tag: 8, layout: struct({ id: u32 }) },
} as const;

/** Encoder and decoder of what a console says on a `files` channel. */
export const filesConsoleMessage = tagged(filesConsoleLayouts);
/** One message of a console on a `files` channel. */
export type FilesConsoleMessage = Tagged<typeof filesConsoleLayouts>;

/**
 * What a customer's client answers on a `files` channel. - `places`: the home folder of the person
 * at the computer; `isElevated`: files are worked with an administrator's rights. - `stat`: `target`
 * is what a link says, not resolved, else empty; `mayWrite`: the client's rights and the disk allow
 * changing it. - `entries`, `found`: a part; `isCut`: there may be more than `most`, or folders that
 * could not be read. - `changed`: `names` have changed, come or gone in a watched folder, none: look
 * at all of it again; a watched file has one, its own. - `space`: `freeBytes` is what the client's
 * rights can use. - `failed`: a watch may also end with it.
 */
const filesCustomerLayouts = {
  places: { tag: 1, layout: struct({ id: u32, home: path, isElevated: flag }) },
  stat: {
    tag: 2,
    layout: struct({
      id: u32,
      ...entry,
      target: path,
      version,
      owner: u32,
      group: u32,
      mayWrite: flag,
    }),
  },
  entries: {
    tag: 3,
    layout: struct({ id: u32, entries: list(namedEntry, maxListed), isLast: flag }),
  },
  hashed: { tag: 4, layout: struct({ id: u32, sizeBytes: varint, version, sha256 }) },
  found: {
    tag: 5,
    layout: struct({ id: u32, found: list(foundEntry, maxListed), isLast: flag, isCut: flag }),
  },
  watching: { tag: 6, layout: struct({ id: u32 }) },
  changed: { tag: 7, layout: struct({ id: u32, names: list(name, maxListed) }) },
  space: { tag: 8, layout: struct({ id: u32, totalBytes: varint, freeBytes: varint }) },
  failed: { tag: 9, layout: failedFile },
} as const;

/** Encoder and decoder of what a customer's client says on a `files` channel. */
export const filesCustomerMessage = tagged(filesCustomerLayouts);
/** One message of a customer's client on a `files` channel. */
export type FilesCustomerMessage = Tagged<typeof filesCustomerLayouts>;
