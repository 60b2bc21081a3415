import { HandrailError, type Lsid, type SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import type { Clock } from "../clock.ts";
import type { Board } from "../queue/board.ts";
import { customerName } from "../queue/queue-tree.ts";
import type { Conduct } from "../session/conduct.ts";
import { permit } from "../session/permit.ts";
import { type Reach, reachOf } from "../session/reach.ts";
import { Signal } from "../signal.ts";
import type { Connection } from "../site/connection.ts";
import { Disk } from "./disk.ts";
import type { DownloadChannel, WriteChannel } from "./file-channel.ts";
import type { RemotePath } from "./remote-path.ts";

/** What the disks of customers need of the console. */
export interface MountsPlace {
  readonly link: Connection;
  readonly board: Board;
  readonly conduct: Conduct;
  readonly clock: Clock;
}

/** The disk of one session's computer, while the session lasts. */
export interface Mount {
  readonly lsid: Lsid;
  /** The computer's name. */
  readonly name: string;
  readonly disk: Disk;
  /** For editors: what files hold, and saving it. */
  readonly downloads: DownloadChannel;
  readonly writes: WriteChannel;
  /** The person's home folder; undefined until it is known. */
  home: RemotePath | undefined;
}

/** The disks that the representative looks at, one for a session. */
export class Mounts {
  /** One came or went. */
  readonly changed = new Signal<void>();
  /** The session is over, or the customer allows it no more. */
  readonly ended = new Signal<Mount>();
  readonly #place: MountsPlace;
  readonly #mounts = new Map<Lsid, Mount>();
  readonly #subscription: { dispose(): void };

  constructor(place: MountsPlace) {
    this.#place = place;
    this.#subscription = place.board.changed.on(() => this.#look());
  }

  get all(): readonly Mount[] {
    return [...this.#mounts.values()];
  }

  get(lsid: string): Mount | undefined {
    return [...this.#mounts.values()].find((mount) => mount.lsid === lsid);
  }

  reach(lsid: Lsid): Reach {
    return reachOf(lsid, this.#place);
  }

  /**
   * The disk of a session, asking the customer where that is needed.
   * @throws HandrailError `customer-refused`, `not-permitted`, `customer-away`, `session-ended`
   */
  async open(lsid: Lsid): Promise<Mount> {
    const session = this.#session(lsid);
    const title = vscode.l10n.t("Waiting for {0} to allow reading files", customerName(session));
    await permit({ session, permission: "files", conduct: this.#place.conduct, title });
    const mount = this.disk(lsid);
    mount.home ??= await mount.disk.home();
    this.changed.fire();
    return mount;
  }

  /** The disk of a session, without asking anybody. */
  disk(lsid: Lsid): Mount {
    const known = this.#mounts.get(lsid);
    if (known) return known;
    const session = this.#session(lsid);
    const disk = new Disk({
      open: (kind) => {
        if (this.reach(lsid) === "never") throw new HandrailError("session-ended", "it is over");
        return this.#place.link.open(kind, lsid);
      },
      clock: this.#place.clock,
    });
    const mount: Mount = {
      lsid,
      name: session.customer.computer || customerName(session),
      disk,
      downloads: disk.newDownloads(),
      writes: disk.newWrites(),
      home: undefined,
    };
    this.#mounts.set(lsid, mount);
    return mount;
  }

  /** Whether policy lets this representative change the disk, if the customer agrees. */
  mayWrite(lsid: Lsid): boolean {
    const session = this.#place.board.session(lsid);
    return session?.state === "active" && session.permissions["files-write"] !== "denied";
  }

  /** Asks the customer to allow changes where that is needed. @throws HandrailError as `open` */
  async permitWrites(lsid: Lsid): Promise<void> {
    const session = this.#session(lsid);
    const title = vscode.l10n.t("Waiting for {0} to allow changing files", customerName(session));
    await permit({ session, permission: "files-write", conduct: this.#place.conduct, title });
  }

  /** Looks no more at a disk. */
  close(mount: Mount): void {
    if (!this.#mounts.delete(mount.lsid)) return;
    for (const each of [mount.downloads, mount.writes]) each.close();
    mount.disk.dispose();
    this.ended.fire(mount);
    this.changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    for (const mount of this.all) this.close(mount);
  }

  #look(): void {
    for (const mount of this.all) if (this.reach(mount.lsid) === "never") this.close(mount);
  }

  #session(lsid: Lsid): SessionView {
    const { board } = this.#place;
    const session = board.session(lsid);
    if (session?.state === "active" && board.takesPart(session)) return session;
    throw new HandrailError("session-ended", "no session of this representative");
  }
}
