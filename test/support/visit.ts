import { elevateConsoleMessage, type Lsid, type Permission } from "@handrail/protocol";
import type { Reached } from "./appliance.ts";
import { CustomerClient, fingerprintAt, redeemAtPortal } from "./customer-client.ts";
import type { Desktop } from "./desktop.ts";
import { CustomerWindow } from "./help-window.ts";
import { connectConsole, type ConsoleEnd, type Probe } from "./party.ts";
import { accessToken } from "./signed-in.ts";
import { Viewer } from "./viewer.ts";

/** Where a client comes from, and by which way. */
export interface VisitOptions {
  readonly appliance: Reached;
  readonly desktop: Desktop;
  /** The address that the client connects to; that of the appliance when absent. */
  readonly site?: string;
  readonly language?: "en" | "fr";
  /** See `CustomerClient.start`. */
  readonly command?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const titles = { en: "Remote support –", fr: "Assistance –" } as const;

/** A real client that has joined, and the representative who has accepted the session. */
export class Visit implements AsyncDisposable {
  readonly representative: ConsoleEnd;
  readonly client: CustomerClient;
  readonly window: CustomerWindow;
  readonly lsid: Lsid;
  readonly #desktop: Desktop;
  readonly #owned: AsyncDisposableStack;

  static async begin(options: VisitOptions): Promise<Visit> {
    const { appliance, desktop, language = "en" } = options;
    await using stack = new AsyncDisposableStack();
    const token = await accessToken(appliance);
    const representative = stack.use(await connectConsole(appliance.url, token));
    const { lsid, key } = await representative.key();
    const join = {
      site: options.site ?? appliance.url,
      fingerprint: await fingerprintAt(appliance.port),
      ticket: await redeemAtPortal(appliance, key),
      language,
    };
    const client = stack.use(
      await CustomerClient.start(desktop, join, options.command, options.env),
    );
    await representative.hears(
      "session.changed",
      (session) => session.lsid === lsid && session.customerConnected,
    );
    await representative.call("session.accept", { lsid });
    const window = await CustomerWindow.shown(desktop, titles[language]);
    await desktop.xdotool("mousemove", "4000", "4000");
    return new Visit({ representative, client, window, lsid, desktop }, stack.move());
  }

  private constructor(
    parts: Pick<Visit, "representative" | "client" | "window" | "lsid"> & { desktop: Desktop },
    owned: AsyncDisposableStack,
  ) {
    this.representative = parts.representative;
    this.client = parts.client;
    this.window = parts.window;
    this.lsid = parts.lsid;
    this.#desktop = parts.desktop;
    this.#owned = owned;
  }

  /** Asks for a permission and has the customer allow it with the keyboard. */
  async grant(permission: Permission): Promise<void> {
    let granted: boolean | undefined;
    const asked = this.representative
      .call("permission.request", { lsid: this.lsid, permission })
      .then((answer) => (granted = answer.granted));
    await this.window.allow(`${permission} is granted`, () => granted !== undefined);
    if (!(await asked)) throw new Error(`${permission} was refused`);
  }

  /** Asks to see the screen, and sees it. */
  async watch(): Promise<Viewer> {
    await this.grant("view");
    const viewer = await Viewer.open(this.representative, this.lsid);
    await viewer.screen.opened();
    return viewer;
  }

  /** Asks for mouse and keyboard, and takes them. */
  async takeControl(): Promise<Probe> {
    await this.grant("control");
    await this.representative.call("control.take", { lsid: this.lsid, force: false });
    return this.representative.open("input", this.lsid).opened();
  }

  /**
   * Asks for an administrator's rights by the customer's own password, which the customer allows: the
   * window for it is there. Gives the channel of the rights.
   */
  async askPassword(): Promise<Probe> {
    const channel = await this.representative.open("elevate", this.lsid).opened();
    channel.send(elevateConsoleMessage.encode({ type: "customer", purpose: "shell" }));
    const search = ["search", "--onlyvisible", "--name", "Password needed"];
    const isThere = async () => (await this.#desktop.xdotool(...search).catch(() => "")) !== "";
    await this.window.allow("the window for the password is there", isThere);
    const id = await this.#desktop.window("Password needed");
    await this.#desktop.xdotool("windowactivate", "--sync", id);
    return channel;
  }

  /** Waits for a state of the session as the representative is told it. */
  async session(is: (session: Awaited<ReturnType<Visit["state"]>>) => boolean): Promise<void> {
    const { program } = this.client;
    await program.until("the session is as expected", async () => is(await this.state()));
  }

  /** The session as it is now. */
  async state() {
    const { sessions } = await this.representative.call("overview", {});
    const found = sessions.find(({ lsid }) => lsid === this.lsid);
    if (!found) throw new Error("the session is not there any more");
    return found;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
