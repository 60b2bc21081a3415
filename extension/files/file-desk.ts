import { type Lsid, valueText } from "@handrail/protocol";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import * as vscode from "vscode";
import { setContext } from "../context-keys.ts";
import type { Log } from "../log.ts";
import { messageText } from "../message-text.ts";
import { consoleWords } from "../system/words.ts";
import { ConflictQuestion } from "./conflict-question.ts";
import { DragAndDrop, type DropPlace } from "./drag-and-drop.ts";
import { FileActions, withPath } from "./file-actions.ts";
import { removeFromExplorer } from "./explorer.ts";
import type { PlaceNode } from "./file-node.ts";
import { RemoteFileSystem } from "./file-system.ts";
import { FileTree } from "./file-tree.ts";
import { lsidOf, pathOf, uriOf } from "./file-uri.ts";
import { localChild } from "./local-name.ts";
import { type Mount, Mounts, type MountsPlace } from "./mounts.ts";
import { refusalText } from "./refusal-text.ts";
import { isName, nameOf, parentOf, type RemotePath } from "./remote-path.ts";
import { NameSearch } from "./search.ts";
import type { Transfer } from "./transfer.ts";
import { TransferJournal } from "./transfer-journal.ts";
import { TransferTree, transferName } from "./transfer-tree.ts";
import { Transfers } from "./transfers.ts";
import { WhoseFile } from "./whose-file.ts";

/** What files need of the console. */
export interface FileDeskPlace extends MountsPlace {
  readonly log: Log;
  /** A folder of the console's own on this computer. */
  readonly folder: string;
}

/** What a dropped file may hold that comes without a place of its own, bytes. */
const maxDroppedBytes = 64 * 1024 * 1024;

/** What a representative does with customers' files: browse, edit, search, move to and fro. */
export class FileDesk implements vscode.Disposable {
  readonly mounts: Mounts;
  readonly transfers: Transfers;
  readonly tree: FileTree;
  readonly transferTree: TransferTree;
  readonly actions: FileActions;
  readonly #place: FileDeskPlace;
  readonly #fileSystem: RemoteFileSystem;
  readonly #conflicts: ConflictQuestion;
  readonly #subscriptions: { dispose(): void }[];

  constructor(place: FileDeskPlace) {
    this.#place = place;
    const words = consoleWords();
    const bytes = (size: number) => valueText("sizeBytes", Math.round(size), words);
    this.mounts = new Mounts(place);
    this.#conflicts = new ConflictQuestion(bytes);
    this.transfers = new Transfers({
      clock: place.clock,
      journal: new TransferJournal(place.folder),
      diskOf: (lsid) => this.mounts.disk(lsid).disk,
      reach: (lsid) => this.mounts.reach(lsid),
      decide: (plan, conflict) => this.#conflicts.decide(plan, conflict),
      finished: (transfer) => this.#finished(transfer),
    });
    this.#fileSystem = new RemoteFileSystem(this.mounts, (uri) => this.#tooLarge(uri));
    this.actions = new FileActions(this.mounts, (mount, paths) => this.#changed(mount, paths));
    const style = { bytes, mayWrite: (lsid: Lsid) => this.mounts.mayWrite(lsid) };
    this.tree = new FileTree(this.mounts, style, new DragAndDrop(this.#dropActions()));
    this.transferTree = new TransferTree(this.transfers, bytes);
    this.#subscriptions = [
      this.mounts.changed.on(() => setContext("handrail.hasDisks", this.mounts.all.length > 0)),
      this.transfers.changed.on(() => {
        setContext("handrail.hasTransfers", this.transfers.all.length > 0);
      }),
      this.mounts.ended.on((mount) => removeFromExplorer(mount)),
      new WhoseFile(this.mounts),
      this.transferTree,
      this.tree,
      this.#fileSystem,
      this.transfers,
      this.mounts,
    ];
    void this.#begin().catch((error: unknown) => place.log.error("transfers.load-failed", error));
  }

  /** Opens the disk of a session and shows it. @throws HandrailError as {@link Mounts.open} */
  async browse(lsid: Lsid): Promise<Mount> {
    const mount = await this.mounts.open(lsid);
    await this.tree.reveal(mount, mount.home);
    return mount;
  }

  /** Opens a file in an editor. */
  async open({ mount, path: file }: PlaceNode): Promise<void> {
    await vscode.commands.executeCommand("vscode.open", uriOf(mount, file));
  }

  /** Looks for names while they are typed, and opens or shows what is chosen. */
  async search({ mount, folder }: DropPlace): Promise<void> {
    const found = await new NameSearch(mount, folder).run();
    if (!found) return;
    await this.tree.reveal(mount, found.kind === "folder" ? found.path : parentOf(found.path));
    if (found.kind !== "folder") {
      await vscode.commands.executeCommand("vscode.open", uriOf(mount, found.path));
    }
  }

  /** Brings files and folders of this computer into a folder of the customer's. */
  async upload({ mount, folder }: DropPlace, uris: readonly vscode.Uri[]): Promise<void> {
    if (uris.length === 0) return;
    await this.mounts.permitWrites(mount.lsid);
    const sources = uris.map(({ fsPath }) => fsPath);
    const { lsid, name: computer } = mount;
    await this.#add({ lsid, computer, direction: "upload", sources, target: folder });
  }

  /** Fetches files and folders of a customer's computer into a folder of this one. */
  async download(mount: Mount, paths: readonly RemotePath[]): Promise<void> {
    const [folder] =
      (await vscode.window.showOpenDialog({
        ...{ canSelectFiles: false, canSelectFolders: true },
        title: vscode.l10n.t("Download from {0}", mount.name),
        openLabel: vscode.l10n.t("Download Here"),
      })) ?? [];
    if (!folder || paths.length === 0) return;
    const { lsid, name: computer } = mount;
    const wish = { lsid, computer, direction: "download", sources: paths } as const;
    await this.#add({ ...wish, target: folder.fsPath });
  }

  /** Takes a transfer off the list, giving it up if it is not over. */
  async cancel(transfer: Transfer): Promise<void> {
    this.#conflicts.forget(transfer.plan);
    const isGivenUp = !transfer.isOver;
    await this.transfers.remove(transfer);
    if (isGivenUp) tellGivenUp(transfer);
    await rm(this.#droppedFolder(transfer.plan.sources), { recursive: true, force: true });
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #begin(): Promise<void> {
    await this.transfers.load();
    if (this.transfers.all.length > 0) return;
    // Copies of what was dropped, which nobody waits for any more.
    await rm(path.join(this.#place.folder, "dropped"), { recursive: true, force: true });
  }

  async #add(wish: Parameters<Transfers["add"]>[0]): Promise<void> {
    const transfer = await this.transfers.add(wish);
    await this.transferTree.reveal(transfer);
  }

  #changed(mount: Mount, paths: readonly RemotePath[]): void {
    for (const each of paths) this.tree.refresh(mount, parentOf(each));
    void this.#fileSystem.changed(mount, paths);
  }

  #dropActions(): ConstructorParameters<typeof DragAndDrop>[0] {
    return {
      upload: (place, uris) => this.upload(place, uris),
      uploadContents: (place, files) => this.#uploadContents(place, files),
      move: ({ mount, folder }, paths) => this.actions.move(mount, paths, folder),
      failed: (error) => {
        this.#place.log.error("files.drop-failed", error);
        void vscode.window.showErrorMessage(messageText(refusalText(error)));
      },
    };
  }

  /** Keeps what was dropped in a folder of the console's own until it has been sent. */
  async #uploadContents(
    place: DropPlace,
    files: readonly vscode.DataTransferFile[],
  ): Promise<void> {
    const folder = path.join(this.#place.folder, "dropped", crypto.randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const uris: vscode.Uri[] = [];
    for (const file of files) {
      const target = isName(file.name) ? localChild(folder, file.name) : undefined;
      const content = await file.data();
      if (target === undefined || content.length > maxDroppedBytes) {
        const text = vscode.l10n.t(
          "{0} is too large to be dropped here: choose Upload Files.",
          file.name,
        );
        void vscode.window.showWarningMessage(messageText(text));
        continue;
      }
      await writeFile(target, content, { mode: 0o644 });
      uris.push(vscode.Uri.file(target.toString()));
    }
    await this.upload(place, uris);
  }

  #droppedFolder(sources: readonly string[]): string {
    const dropped = path.join(this.#place.folder, "dropped");
    const folder = path.dirname(sources[0] ?? "");
    return path.dirname(folder) === dropped ? folder : path.join(dropped, "none");
  }

  #tooLarge(uri: vscode.Uri): void {
    const mount = this.mounts.get(lsidOf(uri));
    if (!mount) return;
    const file = pathOf(uri);
    const text = vscode.l10n.t("{0} is too large for an editor.", nameOf(file));
    const action = vscode.l10n.t("Download…");
    void vscode.window.showInformationMessage(messageText(text), action).then(async (chosen) => {
      if (chosen !== action) return;
      if (this.mounts.reach(mount.lsid) === "never") tellEnded();
      else await this.download(mount, [file]);
    });
  }

  #finished(transfer: Transfer): void {
    const { plan, progress, state, error } = transfer;
    this.#conflicts.forget(plan);
    const name = transferName(transfer);
    if (state === "done") {
      void rm(this.#droppedFolder(plan.sources), { recursive: true, force: true });
      const place = plan.direction === "upload" ? plan.computer : plan.target;
      const text = vscode.l10n.t("{0} is now in {1}.", name, place);
      const left = vscode.l10n.t(
        "{0} items were left out: special files, or links that lead elsewhere.",
        progress.leftOut,
      );
      const told = progress.leftOut > 0 ? `${text} ${left}` : text;
      void vscode.window.showInformationMessage(messageText(told));
      return;
    }
    const why =
      error === undefined
        ? vscode.l10n.t("{0} of its files did not arrive.", progress.problemCount)
        : refusalText(error);
    this.#place.log.error("transfer.failed", error ?? progress.problems[0]?.error, { why });
    const again = vscode.l10n.t("Try Again");
    const show = vscode.l10n.t("Show");
    const text = vscode.l10n.t("{0} was not moved: {1}", name, why);
    void vscode.window.showWarningMessage(messageText(text), again, show).then(async (chosen) => {
      const isOver = this.mounts.reach(plan.lsid) === "never";
      if (chosen === again && isOver) tellEnded();
      if (chosen === again && !isOver) transfer.resume();
      if (chosen === show) await this.transferTree.reveal(transfer);
    });
  }
}

/** Whoever gives up a folder in the middle is told that some of it is there. */
function tellGivenUp(transfer: Transfer): void {
  const { plan, standing } = transfer;
  if (standing.doneFiles === 0) return;
  const place = plan.direction === "upload" ? plan.computer : plan.target;
  const { doneFiles, totalFiles } = standing;
  const text = vscode.l10n.t(
    "{0} was cancelled: {1} of {2} files have arrived ({3}).",
    ...[transferName(transfer), doneFiles, totalFiles, place],
  );
  void vscode.window.showInformationMessage(messageText(text));
}

/** For a message that has stayed behind the bell for longer than its session. */
function tellEnded(): void {
  void vscode.window.showInformationMessage(vscode.l10n.t("The session has ended."));
}

/** Whatever a command throws, with the file that it is about. */
export async function about<T>(nodes: readonly PlaceNode[], act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw withPath(
      error,
      nodes.map((node) => node.path),
    );
  }
}
