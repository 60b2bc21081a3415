import {
  blob,
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
import { failedFile, fileFields } from "./files.ts";

/** Most that a file holds which travels whole in one message, among others. */
export const maxSmallFileBytes = 256 * 1024;
/** Most names in one `get`, and most files in one `put`. */
export const maxSmallFiles = 1024;

const { path, name, version, sha256, outcome } = fileFields;

/**
 * What a console asks on a `download` channel; what is common to files is said in `files.ts`:
 *
 * - `read`: a file from `offset` to its end, links followed; answers `began`, `data` in order, then
 *   `ended`. With a `version` that is not the file's (any more) it fails with `changed`: so a
 *   download goes on after a lost channel, where the console has kept offset and version.
 * - `get`: small files of one folder by their names, for copying folders; links are not followed
 *   (`not-supported`). Answers `got`, in the order asked, until each name has its outcome. A file of
 *   more than `maxSmallFileBytes` is `too-large` and wants a `read`. A `get` counts as one request.
 * - `cancel`: of a request. It is answered no more. So a download pauses, too.
 *
 * The client reads as fast as the console consumes: who asks for much at once gets it one after the
 * other, a few requests taking turns.
 */
const downloadConsoleLayouts = {
  read: { tag: 1, layout: struct({ id: u32, path, offset: varint, version }) },
  get: {
    tag: 2,
    layout: struct({ id: u32, folder: path, names: list(name, maxSmallFiles) }),
  },
  cancel: { tag: 3, layout: struct({ id: u32 }) },
} as const;

/** Encoder and decoder of what a console says on a `download` channel. */
export const downloadConsoleMessage = tagged(downloadConsoleLayouts);
/** One message of a console on a `download` channel. */
export type DownloadConsoleMessage = Tagged<typeof downloadConsoleLayouts>;

const smallFile = struct({
  outcome,
  mode: u16,
  modifiedAt: varint,
  sha256,
  content: blob(maxSmallFileBytes),
});
/** A small file, or why it is not had: then the other fields are empty. */
export type SmallFile = ValueOf<typeof smallFile>;

/**
 * What a customer's client answers on a `download` channel. - `began`: `sizeBytes` is how long the
 * file is, and what will have come with `offset` added; of a file that the system makes up as it is
 * read (`/proc`) it is 0, and more may come, at most 16 MB. - `data`: at most a frame. - `ended`:
 * `sha256` of the file from its beginning, also when it was read from an offset; `version`, when it
 * is not that of `began`, says that the file was changed while it was read, as a log is. - `got`:
 * `first` is the place of the first of `files` among the names. - `failed`: also in the middle;
 * `changed` when the file got shorter.
 */
const downloadCustomerLayouts = {
  began: {
    tag: 1,
    layout: struct({ id: u32, sizeBytes: varint, mode: u16, modifiedAt: varint, version }),
  },
  data: { tag: 2, layout: struct({ id: u32, bytes: rest }) },
  ended: { tag: 3, layout: struct({ id: u32, sha256, version }) },
  got: {
    tag: 4,
    layout: struct({ id: u32, first: varint, files: list(smallFile, maxSmallFiles) }),
  },
  failed: { tag: 5, layout: failedFile },
} as const;

/** Encoder and decoder of what a customer's client says on a `download` channel. */
export const downloadCustomerMessage = tagged(downloadCustomerLayouts);
/** One message of a customer's client on a `download` channel. */
export type DownloadCustomerMessage = Tagged<typeof downloadCustomerLayouts>;
