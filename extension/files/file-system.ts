import { type FileKind, HandrailError, pathBytes } from "@handrail/protocol";
import * as vscode from "vscode";
import { messageText } from "../message-text.ts";
import { change, makeFolder } from "./disk-change.ts";
import type { Stat } from "./disk.ts";
import { FileRefusal } from "./file-refusal.ts";
import { fileScheme, lsidOf, pathOf, uriOf } from "./file-uri.ts";
import type { Mount, Mounts } from "./mounts.ts";
import { refusalText } from "./refusal-text.ts";
import type { RemotePath } from "./remote-path.ts";
import { watchPath } from "./watch-path.ts";
import { readWhole, saveWhole } from "./whole-file.ts";
import { isObeyed } from "./workspace-settings.ts";

/** What an editor is given at most, bytes; larger files are downloaded. */
export const maxEditorBytes = 32 * 1024 * 1024;
/** Changes that are looked at one by one; of more, the folder is looked at again. */
const maxLooks = 32;

/** The disks of customers as VS Code sees them: each document, folder and change of `handrail:`. */
export class RemoteFileSystem implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #mounts: Mounts;
  readonly #tooLarge: (uri: vscode.Uri) => void;
  readonly #events = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  /** What a file was when it was last looked at: so a save never undoes what somebody else did. */
  readonly #versions = new Map<string, Uint8Array>();
  /** Documents of sessions that are over: what they held last. */
  readonly #kept = new Map<string, { readonly stat: vscode.FileStat; content: Uint8Array }>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeFile = this.#events.event;

  /** `tooLarge`: an editor wanted a file that is too large for one. */
  constructor(mounts: Mounts, tooLarge: (uri: vscode.Uri) => void) {
    this.#mounts = mounts;
    this.#tooLarge = tooLarge;
    this.#subscriptions = [
      vscode.workspace.registerFileSystemProvider(fileScheme, this, { isCaseSensitive: true }),
      mounts.ended.on((mount) => void this.#ended(mount)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
    ];
  }

  watch(uri: vscode.Uri): vscode.Disposable {
    const mount = this.#mounts.get(lsidOf(uri));
    if (!mount) return new vscode.Disposable(() => undefined);
    const watch = watchPath(mount.disk, pathOf(uri), (paths) => void this.changed(mount, paths));
    return new vscode.Disposable(() => watch.dispose());
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const kept = this.#kept.get(uri.toString());
    if (kept) return kept.stat;
    return this.#with(uri, async (mount, path) => {
      mustNotBeObeyed(uri);
      const stat = await mount.disk.stat(path);
      this.#versions.set(uri.toString(), stat.version);
      return this.#statOf(mount, stat);
    });
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    return this.#with(uri, async (mount, path) => {
      const entries = await mount.disk.list(path);
      return entries.map((entry) => [entry.name, typeOf(entry.leadsTo, entry.kind)]);
    });
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const kept = this.#kept.get(uri.toString());
    if (kept) return kept.content;
    return this.#with(uri, async (mount, path) => {
      mustNotBeObeyed(uri);
      try {
        const { content, version } = await readWhole(mount.downloads, path, maxEditorBytes);
        this.#versions.set(uri.toString(), version);
        return content;
      } catch (error) {
        if (error instanceof FileRefusal && error.reason === "too-large") this.#tooLarge(uri);
        throw error;
      }
    });
  }

  async writeFile(
    uri: vscode.Uri,
    content: Uint8Array,
    options: { readonly create: boolean; readonly overwrite: boolean },
  ): Promise<void> {
    const isThere = this.#kept.has(uri.toString()) || (await this.#isThere(uri));
    if (!isThere && !options.create) throw vscode.FileSystemError.FileNotFound(uri);
    if (isThere && !options.overwrite) throw vscode.FileSystemError.FileExists(uri);
    await this.#withWrites(uri, async (mount, path) => {
      const version = this.#versions.get(uri.toString()) ?? new Uint8Array();
      const condition = isThere ? (version.length > 0 ? "version" : "any") : "absent";
      const saved = await saveWhole(mount.writes, { path, content, condition, version });
      this.#versions.set(uri.toString(), saved);
    });
    this.#tell(isThere ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created, uri);
  }

  async createDirectory(uri: vscode.Uri): Promise<void> {
    await this.#withWrites(uri, async ({ writes }, path) => {
      if (!(await makeFolder(writes, path, { mode: 0o755 }))) throw new FileRefusal("exists", "");
    });
    this.#tell(vscode.FileChangeType.Created, uri);
  }

  async delete(uri: vscode.Uri, options: { readonly recursive: boolean }): Promise<void> {
    const isRecursive = options.recursive;
    await this.#withWrites(uri, ({ writes }, path) =>
      change(writes, { type: "remove", path: pathBytes(path), isRecursive }),
    );
    this.#tell(vscode.FileChangeType.Deleted, uri);
  }

  async rename(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    await this.#between("rename", from, to, options.overwrite);
    this.#tell(vscode.FileChangeType.Deleted, from);
    this.#tell(vscode.FileChangeType.Created, to);
  }

  async copy(
    from: vscode.Uri,
    to: vscode.Uri,
    options: { readonly overwrite: boolean },
  ): Promise<void> {
    await this.#between("copy", from, to, options.overwrite);
    this.#tell(vscode.FileChangeType.Created, to);
  }

  /** Says that something has changed on a disk: what it is now is found by looking. */
  async changed(mount: Mount, paths: readonly RemotePath[]): Promise<void> {
    const uris = paths.map((path) => uriOf(mount, path));
    if (paths.length > maxLooks) {
      return this.#events.fire(uris.map((uri) => ({ type: vscode.FileChangeType.Changed, uri })));
    }
    const events = uris.map(async (uri) => ({ type: await this.#change(mount, uri), uri }));
    this.#events.fire(await Promise.all(events));
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#events.dispose();
  }

  async #change(mount: Mount, uri: vscode.Uri): Promise<vscode.FileChangeType> {
    const isThere = await mount.disk.stat(pathOf(uri)).then(
      () => true,
      () => false,
    );
    // Whether it is new nobody knows; VS Code looks at what it has either way.
    return isThere ? vscode.FileChangeType.Created : vscode.FileChangeType.Deleted;
  }

  async #between(
    type: "rename" | "copy",
    from: vscode.Uri,
    to: vscode.Uri,
    isOverwriting: boolean,
  ): Promise<void> {
    if (lsidOf(from) !== lsidOf(to)) {
      throw vscode.FileSystemError.Unavailable(
        vscode.l10n.t("From one customer's computer to another's: download it and upload it."),
      );
    }
    await this.#withWrites(from, ({ writes }, path) => {
      const target = pathBytes(pathOf(to));
      return change(writes, { type, path: pathBytes(path), to: target, isOverwriting });
    });
  }

  #statOf(mount: Mount, stat: Stat): vscode.FileStat {
    const isReadonly = !stat.mayWrite || !this.#mounts.mayWrite(mount.lsid);
    return {
      type: typeOf(stat.leadsTo, stat.kind),
      // Not known is not the beginning of time, but VS Code has no other word for it.
      ctime: stat.modifiedAt,
      mtime: stat.modifiedAt,
      size: stat.sizeBytes,
      ...(isReadonly && { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async #isThere(uri: vscode.Uri): Promise<boolean> {
    try {
      await this.stat(uri);
      return true;
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === "FileNotFound") return false;
      throw error;
    }
  }

  async #withWrites(
    uri: vscode.Uri,
    act: (mount: Mount, path: RemotePath) => Promise<void>,
  ): Promise<void> {
    await this.#with(uri, async (mount, path) => {
      await this.#mounts.permitWrites(mount.lsid);
      await act(mount, path);
    });
  }

  async #with<T>(uri: vscode.Uri, act: (mount: Mount, path: RemotePath) => Promise<T>): Promise<T> {
    const mount = this.#mounts.get(lsidOf(uri));
    if (!mount) throw vscode.FileSystemError.Unavailable(overText());
    try {
      return await act(mount, pathOf(uri));
    } catch (error) {
      throw toFileSystemError(error, uri);
    }
  }

  #tell(type: vscode.FileChangeType, uri: vscode.Uri): void {
    this.#events.fire([{ type, uri }]);
  }

  /** Documents that are open stay to be read, and what is unsaved stays to be saved elsewhere. */
  async #ended({ lsid }: Mount): Promise<void> {
    const open = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === fileScheme && lsidOf(uri) === lsid,
    );
    for (const document of open) {
      const { encoding } = document;
      const content = await vscode.workspace.encode(document.getText(), { encoding });
      const now = Date.now();
      const stat: vscode.FileStat = {
        ...{ type: vscode.FileType.File, ctime: now, mtime: now, size: content.length },
        permissions: vscode.FilePermission.Readonly,
      };
      this.#kept.set(document.uri.toString(), { stat, content });
    }
    this.#events.fire(open.map(({ uri }) => ({ type: vscode.FileChangeType.Changed, uri })));
    if (open.some(({ isDirty }) => isDirty))
      void vscode.window.showWarningMessage(messageText(unsavedText()));
  }

  #forget(uri: vscode.Uri): void {
    this.#kept.delete(uri.toString());
    this.#versions.delete(uri.toString());
  }
}

/** @throws FileSystemError for what VS Code would be set up by, see `isObeyed` */
function mustNotBeObeyed(uri: vscode.Uri): void {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === uri.scheme && lsidOf(folder.uri) === lsidOf(uri))
    .map((folder) => pathOf(folder.uri));
  if (isObeyed(pathOf(uri), folders)) throw vscode.FileSystemError.NoPermissions(obeyedText());
}

function obeyedText(): string {
  return vscode.l10n.t(
    "VS Code would obey this file of the customer: download it, or take the folder out of the Explorer.",
  );
}

/** A kind of thing as VS Code names it. */
function typeOf(leadsTo: FileKind, kind: FileKind): vscode.FileType {
  const type = { folder: vscode.FileType.Directory, file: vscode.FileType.File }[
    leadsTo === "folder" ? "folder" : "file"
  ];
  return kind === "link" ? type | vscode.FileType.SymbolicLink : type;
}

/** A refusal as VS Code understands it, with a text for the person. */
function toFileSystemError(error: unknown, uri: vscode.Uri): Error {
  if (error instanceof vscode.FileSystemError) return error;
  // VS Code tells it in notifications of its own.
  const text = messageText(refusalText(error));
  if (!(error instanceof FileRefusal)) {
    const isRefused = error instanceof HandrailError && error.code !== "unavailable";
    return isRefused
      ? vscode.FileSystemError.NoPermissions(text)
      : vscode.FileSystemError.Unavailable(text);
  }
  switch (error.reason) {
    case "not-found":
      return vscode.FileSystemError.FileNotFound(uri);
    case "exists":
      return vscode.FileSystemError.FileExists(text);
    case "is-folder":
      return vscode.FileSystemError.FileIsADirectory(uri);
    case "not-folder":
      return vscode.FileSystemError.FileNotADirectory(uri);
    case "no-right":
    case "read-only":
      return vscode.FileSystemError.NoPermissions(text);
    default:
      return vscode.FileSystemError.Unavailable(text);
  }
}

function overText(): string {
  return vscode.l10n.t(
    "The disk of this computer is not open: choose Browse Files in its session. When the session has ended, it cannot be reached any more.",
  );
}

function unsavedText(): string {
  return vscode.l10n.t(
    "The session has ended. Files with unsaved changes are still open: choose Save As to keep them on your own computer.",
  );
}
