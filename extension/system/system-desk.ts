import { HandrailError, type Lsid, type SystemSnapshot, timeText } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import { setContext } from "../context-keys.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { permit } from "../session/permit.ts";
import type { Connection } from "../site/connection.ts";
import { withProgress } from "../site/sign-in.ts";
import { readAll } from "./reader.ts";
import { type Snapshot, Snapshots } from "./snapshot.ts";
import { SystemActs } from "./system-acts.ts";
import { SystemDocuments } from "./system-documents.ts";
import { SystemPages } from "./system-pages.ts";
import { type SystemNode, SystemTree } from "./system-tree.ts";
import { consoleWords } from "./words.ts";

/** What reading a computer needs of the console. */
export interface SystemPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly clock: Clock;
  /** What gives the snapshot that is kept of a session's start. */
  readonly kept: {
    /** @throws HandrailError `not-found` */
    startSnapshot(lsid: Lsid, signal: AbortSignal): Promise<SystemSnapshot>;
  };
}

/** What a representative does with system information: read, look at, copy, save, compare. */
export class SystemDesk implements vscode.Disposable {
  /** Ending programs, working services. */
  readonly acts: SystemActs;
  readonly #place: SystemPlace;
  readonly #snapshots = new Snapshots();
  readonly #words = consoleWords();
  readonly #documents = new SystemDocuments(this.#snapshots, this.#words);
  readonly #pages = new SystemPages(this.#words);
  readonly #tree = new SystemTree(this.#snapshots, this.#words);

  constructor(place: SystemPlace) {
    this.#place = place;
    this.acts = new SystemActs(place, this.#words);
  }

  /**
   * Reads the computer of a session, asking the customer where that is needed, and opens the page.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`
   */
  async read(lsid: Lsid): Promise<void> {
    this.#pages.show(await this.#take(lsid));
  }

  /** Opens the page of the computer as it was at a session's start. */
  async openStart(lsid: Lsid): Promise<void> {
    const start = await this.#start(lsid);
    if (start) this.#pages.show(start);
  }

  /** Reads the computer, and shows beside it how it was at the start. @throws as `read` */
  async compareStart(lsid: Lsid): Promise<void> {
    const start = await this.#start(lsid);
    if (start) await this.#diff(start, await this.#take(lsid));
  }

  async #take(lsid: Lsid): Promise<Snapshot> {
    const { link, board, conduct, clock } = this.#place;
    const session = board.session(lsid);
    if (session?.state !== "active") throw new HandrailError("session-ended", "no such session");
    await permit({
      ...{ session, conduct, permission: "system" },
      title: vscode.l10n.t("Waiting for {0} to allow reading the computer", customerName(session)),
    });
    const title = vscode.l10n.t("Reading the computer of {0}", customerName(session));
    const readings = await withProgress(title, (report, signal) =>
      readAll(link.open("system", lsid), {
        begins: (category) => report(this.#words.category(category)),
        signal,
      }),
    );
    const { computer } = session.customer;
    const customer = customerName(session);
    const taken = { lsid, customer, computer, takenAt: clock.now(), readings };
    return this.#add(taken);
  }

  /** What is kept of a session's start, fetched once; says so where there is nothing. */
  async #start(lsid: Lsid): Promise<Snapshot | undefined> {
    const known = this.#snapshots.all.find((each) => each.isStart && each.lsid === lsid);
    if (known) return known;
    try {
      const title = vscode.l10n.t("Fetching the computer at the start of the session");
      const kept = await withProgress(title, (_report, signal) =>
        this.#place.kept.startSnapshot(lsid, signal),
      );
      return this.#add({ ...kept, isStart: true });
    } catch (error) {
      if (!(error instanceof HandrailError) || error.code !== "not-found") throw error;
      const text = vscode.l10n.t(
        "Nothing was kept of how the computer was when this session began. An administrator can allow it at /login: Representatives, Record at the start.",
      );
      void vscode.window.showInformationMessage(text);
      return undefined;
    }
  }

  #add(taken: Omit<Snapshot, "id">): Snapshot {
    const snapshot = this.#snapshots.add(taken);
    this.#refresh();
    return snapshot;
  }

  /** Opens the page of a snapshot, or of one category. */
  async open(target: unknown): Promise<void> {
    const node = isNode(target) ? target : await this.#pick(vscode.l10n.t("Open which computer?"));
    if (!node) return;
    this.#pages.show(node.snapshot, node.kind === "category" ? node.reading.category : "");
  }

  /** Puts a snapshot, a category or a value onto the clipboard. */
  async copy(target: unknown): Promise<void> {
    const node = isNode(target)
      ? target
      : await this.#chosen(vscode.l10n.t("Copy which computer?"));
    if (!node) return;
    await vscode.env.clipboard.writeText(this.#tree.textOf(node));
    vscode.window.setStatusBarMessage(vscode.l10n.t("Copied"), 3_000);
  }

  /** Writes a snapshot to a file: Markdown, or JSON for other programs. */
  async save(target: unknown): Promise<void> {
    const node = isNode(target)
      ? target
      : await this.#chosen(vscode.l10n.t("Save which computer?"));
    if (!node) return;
    const name = `${this.#documents.fileName(node.snapshot)}.md`;
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const file = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Save System Information"),
      filters: { Markdown: ["md"], JSON: ["json"] },
      defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
    });
    if (!file) return;
    const text = this.#documents.text(node.snapshot, file.path.endsWith(".json") ? "json" : "md");
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }

  /** Shows two computers, or two moments of one, beside each other; the earlier on the left. */
  async compare(target: unknown): Promise<void> {
    const title = vscode.l10n.t("Compare which computer?");
    const one = isNode(target) ? target : await this.#chosen(title);
    if (!one) return;
    const others = this.#snapshots.all.filter(({ id }) => id !== one.snapshot.id);
    if (others.length === 0) {
      const text = vscode.l10n.t("Read a second computer, or the same once more, to compare.");
      void vscode.window.showInformationMessage(text);
      return;
    }
    const other = await this.#pick(vscode.l10n.t("Compare it with"), others);
    if (!other) return;
    const category = one.kind === "category" ? one.reading.category : "";
    const [left, right] = [one.snapshot, other.snapshot].sort((a, b) => a.takenAt - b.takenAt);
    if (left && right) await this.#diff(left, right, category);
  }

  async #diff(left: Snapshot, right: Snapshot, category = ""): Promise<void> {
    await vscode.commands.executeCommand(
      "vscode.diff",
      this.#documents.uri(left, "txt", category),
      this.#documents.uri(right, "txt", category),
      this.#documents.comparisonName(left, right),
    );
  }

  /** Forgets a snapshot. */
  async remove(target: unknown): Promise<void> {
    const title = vscode.l10n.t("Remove which computer?");
    const node = isNode(target) ? target : await this.#pick(title);
    if (!node) return;
    this.#snapshots.remove(node.snapshot.id);
    this.#pages.close(node.snapshot.id);
    this.#refresh();
  }

  /** Forgets everything: somebody else may sign in. */
  clear(): void {
    this.#snapshots.clear();
    this.#pages.close();
    this.#refresh();
  }

  dispose(): void {
    this.#tree.dispose();
    this.#documents.dispose();
    this.#pages.dispose();
  }

  #refresh(): void {
    setContext("handrail.hasSnapshots", this.#snapshots.all.length > 0);
    this.#tree.refresh();
  }

  /** Of the tab in front, else asks. */
  async #chosen(title: string): Promise<SystemNode | undefined> {
    const snapshot = this.#pages.active;
    return snapshot ? { kind: "snapshot", snapshot, lsid: snapshot.lsid } : this.#pick(title);
  }

  async #pick(title: string, from = this.#snapshots.all): Promise<SystemNode | undefined> {
    const picked = await vscode.window.showQuickPick(
      from.map((snapshot) => ({
        label: snapshot.computer || snapshot.customer,
        description: timeText(snapshot.takenAt, this.#words.language),
        snapshot,
      })),
      { title },
    );
    return picked && { kind: "snapshot", snapshot: picked.snapshot, lsid: picked.snapshot.lsid };
  }
}

/** Whether a command was called for a row of the tree. */
export function isNode(target: unknown): target is SystemNode {
  return typeof target === "object" && target !== null && "snapshot" in target;
}
