import { type ScriptSummary, toHandrailError } from "@handrail/protocol";
import * as vscode from "vscode";
import { errorText } from "../error-text.ts";
import type { ScriptBook } from "./script-book.ts";

/** Scheme and ending of the documents. */
export const scriptScheme = "handrail-script";
const ending = ".hrscript";

/** Where a script is found: by its id; the name is for people. */
export function scriptUri({ id, name }: Pick<ScriptSummary, "id" | "name">): vscode.Uri {
  return vscode.Uri.from({ scheme: scriptScheme, authority: id, path: `/${name}${ending}` });
}

/** The id of the script that a document is, if it is one of the site. */
export function scriptIdOf(uri: vscode.Uri): string | undefined {
  const { scheme, authority, path } = uri;
  const isScript = scheme === scriptScheme && /^[0-9a-f]{32}$/.test(authority) && path !== "/";
  return isScript ? authority : undefined;
}

/**
 * The canned scripts of the site as files. What is saved has to follow the revision that was read or
 * looked at last; VS Code itself asks before it overwrites what has changed since. Only commands of
 * the console rename and delete: for VS Code a renamed file is another one.
 */
export class ScriptFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #book: ScriptBook;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #revisions = new Map<string, number>();
  readonly #subscriptions: { dispose(): void }[];

  readonly onDidChangeFile = this.#changed.event;

  constructor(book: ScriptBook) {
    this.#book = book;
    this.#subscriptions = [
      vscode.workspace.registerFileSystemProvider(scriptScheme, this, { isCaseSensitive: true }),
      book.changed.on(() => this.#tell()),
    ];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const id = scriptIdOf(uri);
    if (id === undefined) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    // A window that was reloaded asks before the list is here.
    if (!this.#book.find(id)) await this.#book.refresh();
    const script = this.#book.find(id);
    if (!script) throw vscode.FileSystemError.FileNotFound(uri);
    const { savedAt, sizeBytes: size } = script;
    return {
      ...{ type: vscode.FileType.File, ctime: savedAt, mtime: savedAt, size },
      ...(this.#book.mayEdit ? {} : { permissions: vscode.FilePermission.Readonly }),
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const id = this.#idOf(uri);
    const { document, revision } = await spoken(this.#book.read(id), uri);
    this.#revisions.set(id, revision);
    return new TextEncoder().encode(document);
  }

  async writeFile(uri: vscode.Uri, content: Uint8Array): Promise<void> {
    const id = this.#idOf(uri);
    const document = new TextDecoder().decode(content);
    const revision = this.#revisions.get(id) ?? this.#book.find(id)?.revision ?? 0;
    const saved = await spoken(this.#book.save({ id, revision, document }), uri);
    this.#revisions.set(id, saved.revision);
  }

  rename(from: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(from);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
    this.#changed.dispose();
  }

  #idOf(uri: vscode.Uri): string {
    const id = scriptIdOf(uri);
    if (id === undefined) throw vscode.FileSystemError.FileNotFound(uri);
    return id;
  }

  /** Documents that are open here and were changed elsewhere are read again where nothing is lost. */
  #tell(): void {
    const open = vscode.workspace.textDocuments.map(({ uri }) => uri);
    const changes = open.flatMap((uri) => {
      const script = this.#book.find(scriptIdOf(uri) ?? "");
      if (!script || script.revision === this.#revisions.get(script.id)) return [];
      return [{ type: vscode.FileChangeType.Changed, uri }];
    });
    if (changes.length > 0) this.#changed.fire(changes);
  }
}

/** What the site refuses, in words that VS Code shows. */
async function spoken<T>(work: Promise<T>, uri: vscode.Uri): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code } = toHandrailError(error);
    if (code === "not-found") throw vscode.FileSystemError.FileNotFound(uri);
    if (code === "unavailable") throw vscode.FileSystemError.Unavailable(errorText(error));
    throw new vscode.FileSystemError(errorText(error));
  }
}
