import {
  blob,
  choice,
  flag,
  list,
  rest,
  struct,
  tagged,
  type Tagged,
  u16,
  u32,
  type ValueOf,
  varint,
} from "../codec/struct.ts";
import { maxSmallFileBytes, maxSmallFiles } from "./download.ts";
import { failedFile, fileFields } from "./files.ts";

/** Stands for a mode that is to be left: that of the file replaced, or what the computer gives. */
export const keepMode = 0xffff;
/** Bytes of the token that names an upload. */
export const uploadTokenBytes = 16;

const { path, name, version, outcome } = fileFields;

/**
 * What must be so for a file to be written: `any` replaces what is there, with `absent` nothing may
 * be there (`exists`), with `version` the file must be as it was (`changed`, also when it is gone).
 */
const condition = choice({ any: 0, absent: 1, version: 2 });
/** What must be so for a file to be written. */
export type WriteCondition = ValueOf<typeof condition>;

const smallUpload = struct({
  name,
  mode: u16,
  modifiedAt: varint,
  condition,
  version,
  content: blob(maxSmallFileBytes),
});
/** A small file that is to be written. */
export type SmallUpload = ValueOf<typeof smallUpload>;

/**
 * What a console asks on a `files-write` channel; what is common to files is said in `files.ts`:
 *
 * - `makeFolder`: one folder, in one that is there.
 * - `remove`: a file, a link itself, or a folder: with all that is in it, or only an empty one.
 * - `rename`: also from one disk to another, by copying. Without `isOverwriting` nothing may be at
 *   `to`; with it, a file is replaced, a folder only when it is empty.
 * - `copy`: a file or a folder with all that is in it, links as links, with modes and times.
 * - `link`: a symbolic link; `target` is what it says, at most 4095 bytes, no NUL.
 * - `change`: mode and time of a file or a folder, links followed.
 * - `put`: small files into one folder, in order; answers `put`. `isDurable`: they are on the disk,
 *   not only on their way, when answered, which takes its time with many.
 * - `begin`: an upload of `sizeBytes`; answer `ready` with the `offset` from which to send. `token`
 *   is 16 random bytes of the console: the same token and path, also on another channel or after
 *   a restart of either end, goes on where the earlier upload got to, which then fails with `busy`
 *   if it was still under way. Then `data` in order, no more
 *   than announced, and `finish` with the SHA-256 of the whole; answer `written`.
 * - `cancel`: of a request. It is answered no more; what is done is done; of an upload nothing
 *   stays.
 *
 * `done` answers all requests that have no other. Whatever is written is written beside its place
 * under another name (`.handrail-part-…`), made durable, and only then put in its place: nobody
 * ever sees half a file. A file that is replaced keeps its owner, its attributes and access control
 * lists, and its mode unless one is given; one that has other names (hard links) is written over
 * instead, from the part, when it is the client's own.
 * A link that is written to stays, and what it leads to is replaced. Of an upload whose channel is
 * lost the part stays until the session ends or the permission is taken back; one that was left
 * behind all the same goes with the next upload to its folder, after a day.
 */
const filesWriteConsoleLayouts = {
  makeFolder: { tag: 1, layout: struct({ id: u32, path, mode: u16 }) },
  remove: { tag: 2, layout: struct({ id: u32, path, isRecursive: flag }) },
  rename: { tag: 3, layout: struct({ id: u32, path, to: path, isOverwriting: flag }) },
  copy: { tag: 4, layout: struct({ id: u32, path, to: path, isOverwriting: flag }) },
  link: { tag: 5, layout: struct({ id: u32, path, target: path }) },
  change: { tag: 6, layout: struct({ id: u32, path, mode: u16, modifiedAt: varint }) },
  put: {
    tag: 7,
    layout: struct({
      id: u32,
      folder: path,
      isDurable: flag,
      files: list(smallUpload, maxSmallFiles),
    }),
  },
  begin: {
    tag: 8,
    layout: struct({
      id: u32,
      path,
      token: blob(uploadTokenBytes),
      sizeBytes: varint,
      mode: u16,
      modifiedAt: varint,
      condition,
      version,
    }),
  },
  data: { tag: 9, layout: struct({ id: u32, bytes: rest }) },
  finish: { tag: 10, layout: struct({ id: u32, sha256: fileFields.sha256 }) },
  cancel: { tag: 11, layout: struct({ id: u32 }) },
} as const;

/** Encoder and decoder of what a console says on a `files-write` channel. */
export const filesWriteConsoleMessage = tagged(filesWriteConsoleLayouts);
/** One message of a console on a `files-write` channel. */
export type FilesWriteConsoleMessage = Tagged<typeof filesWriteConsoleLayouts>;

const putResult = struct({ outcome, version, sha256: fileFields.sha256 });
/** What became of a small file: its version and the SHA-256 of what was written, or why not. */
export type PutResult = ValueOf<typeof putResult>;

/**
 * What a customer's client answers on a `files-write` channel. - `done`: how many files, folders and
 * links were removed or copied, and the bytes in them; 1 and 0 for the others. - `progress`: the same
 * of a long `remove`, `copy` or `rename` so far. - `put`: results of the files from `first` on, in
 * order; several answers until each has its result. - `written`: the file is in its place and
 * durable. - `failed`: also in the middle of an upload, whose part then stays only with `disk-full`,
 * so that it can go on when there is room.
 */
const filesWriteCustomerLayouts = {
  done: { tag: 1, layout: struct({ id: u32, count: varint, sizeBytes: varint }) },
  progress: { tag: 2, layout: struct({ id: u32, count: varint, sizeBytes: varint }) },
  put: {
    tag: 3,
    layout: struct({ id: u32, first: varint, results: list(putResult, maxSmallFiles) }),
  },
  ready: { tag: 4, layout: struct({ id: u32, offset: varint }) },
  written: { tag: 5, layout: struct({ id: u32, version }) },
  failed: { tag: 6, layout: failedFile },
} as const;

/** Encoder and decoder of what a customer's client says on a `files-write` channel. */
export const filesWriteCustomerMessage = tagged(filesWriteCustomerLayouts);
/** One message of a customer's client on a `files-write` channel. */
export type FilesWriteCustomerMessage = Tagged<typeof filesWriteCustomerLayouts>;
