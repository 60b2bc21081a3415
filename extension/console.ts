import { arch, platform, release } from "node:os";
import type { applianceToConsole, HandrailError, Listeners, SessionView } from "@handrail/protocol";
import * as vscode from "vscode";
import { clipboardCommands } from "./clipboard/clipboard-commands.ts";
import { ChatFileDesk } from "./chat-files/desk.ts";
import { ClipboardDesk } from "./clipboard/clipboard-desk.ts";
import { ClipboardSharing } from "./clipboard/sharing.ts";
import { systemClock } from "./clock.ts";
import { registerCommands, report } from "./commands.ts";
import { setContext } from "./context-keys.ts";
import { fileCommands } from "./files/file-commands.ts";
import { ElevationDesk } from "./elevation/elevation-desk.ts";
import { FileDesk } from "./files/file-desk.ts";
import { OutputLog } from "./log.ts";
import { Loopback } from "./pane/loopback.ts";
import { RecordingEditor } from "./pane/recording-editor.ts";
import { Recordings } from "./pane/recordings.ts";
import { SessionPanes } from "./pane/session-panes.ts";
import { warningText } from "./pane/warning-text.ts";
import { tellRestart } from "./site/restart-notice.ts";
import { OpenMessages } from "./open-messages.ts";
import { ViewMemory } from "./pane/view-memory.ts";
import { ArrivalNotice } from "./queue/arrival-notice.ts";
import { ArrivalStatus } from "./queue/arrival-status.ts";
import { Board, type Self } from "./queue/board.ts";
import { ColleagueNotice } from "./queue/colleague-notice.ts";
import { KeyCountdown } from "./queue/key-countdown.ts";
import { PastTree } from "./queue/past-tree.ts";
import { QueueTree } from "./queue/queue-tree.ts";
import { RepresentativeTree } from "./queue/representative-tree.ts";
import { SessionTree } from "./queue/session-tree.ts";
import { StatusBar } from "./queue/status-bar.ts";
import { WaitingNotice } from "./queue/waiting-notice.ts";
import {
  keyCommands,
  keptOf,
  mineOf,
  openRecording,
  paneOf,
  recordingCommands,
  sessionCommands,
} from "./session-commands.ts";
import { Conduct } from "./session/conduct.ts";
import { Journal } from "./session/journal.ts";
import { Notices } from "./session/notices.ts";
import { SpecialActions } from "./session/special-actions.ts";
import { SessionKeys } from "./session/session-keys.ts";
import { Survey } from "./session/survey.ts";
import { Talk } from "./session/talk.ts";
import { Unread } from "./session/unread.ts";
import { Scripts } from "./script/scripts.ts";
import { settings } from "./settings.ts";
import { Shells } from "./shell/shells.ts";
import { Signal } from "./signal.ts";
import { siteCommands } from "./site-commands.ts";
import { Account, type SignedIn } from "./site/account.ts";
import { Authentication } from "./site/authentication.ts";
import { BrowserReturn } from "./site/browser-return.ts";
import { Connection, needsSignIn } from "./site/connection.ts";
import { OAuth } from "./site/oauth.ts";
import { credentialsVariable, signInByFile } from "./site/provisioning.ts";
import type { LinkState } from "./site/reconnect.ts";
import { SignIn } from "./site/sign-in.ts";
import { Sites } from "./site/sites.ts";
import { Pins, UntrustedError } from "./site/trust.ts";
import { systemCommands } from "./system/system-commands.ts";
import { SystemDesk } from "./system/system-desk.ts";
import { openWalkthrough } from "./walkthrough.ts";

const welcomedKey = "handrail.welcomed";

/** The one object graph of the console. */
export class Console implements vscode.Disposable {
  readonly #log = new OutputLog();
  readonly #memory: vscode.Memento;
  readonly #board = new Board();
  readonly #loopback = new Loopback();
  readonly #oauth: OAuth;
  readonly #sites: Sites;
  readonly #account: Account;
  readonly #link: Connection;
  readonly #journal: Journal;
  readonly #recordings: Recordings;
  readonly #panes: SessionPanes;
  readonly #clipboard: ClipboardDesk;
  readonly #unread: Unread;
  readonly #survey: Survey;
  readonly #past: PastTree;
  readonly #status: StatusBar;
  readonly #files: FileDesk;
  readonly #system: SystemDesk;
  readonly #scripts: Scripts;
  readonly #disposables: vscode.Disposable[];
  #activateMs = 0;
  #overviewMs: number | undefined;
  readonly #begunAt = systemClock.steady();
  #connectedAs: string | undefined;
  #told: HandrailError | undefined;
  #siteName = "";

  constructor(context: vscode.ExtensionContext) {
    const { extensionUri, globalStorageUri: folder, secrets, globalState } = context;
    this.#memory = globalState;
    const pins = new Pins(globalState);
    const clock = systemClock;
    const log = this.#log;
    this.#sites = new Sites(globalState, pins, settings);
    this.#oauth = new OAuth((site) => this.#sites.guardOf(site), clock);
    this.#account = new Account({ secrets, oauth: this.#oauth, clock, log, folder });
    this.#link = this.#newLink(context.extension.packageJSON as { version: string });
    this.#journal = new Journal((params) => this.#link.call("session.history", params));
    const conduct = new Conduct(this.#link, this.#board, log, this.#newNotices());
    const talk = new Talk({
      link: this.#link,
      board: this.#board,
      journal: this.#journal,
      siteName: () => this.#siteName,
    });
    this.#survey = new Survey(this.#link);
    this.#unread = new Unread({
      journal: this.#journal,
      self: () => this.#board.self?.id,
      isSeen: (lsid) => this.#panes.get(lsid)?.showsChat ?? false,
    });
    this.#recordings = new Recordings({
      folder,
      source: this.#account,
      guardOf: (site) => this.#sites.guardOf(site),
    });
    const activity = new Signal<void>();
    this.#clipboard = new ClipboardDesk({ link: this.#link, board: this.#board, conduct });
    const exchange = { link: this.#link, board: this.#board, journal: this.#journal, clock, log };
    const chatFiles = new ChatFileDesk({ ...exchange, conduct });
    this.#panes = this.#newPanes(context, { activity, conduct, talk, chatFiles });
    const self = () => this.#board.self;
    this.#past = new PastTree((limit) => this.#pastSessions(limit), self);
    const player = new RecordingEditor({ extensionUri, recordings: this.#recordings, log });
    const browser = new BrowserReturn();
    const account = this.#account;
    const signIn = new SignIn({ sites: this.#sites, oauth: this.#oauth, account, browser, clock });
    const keys = new SessionKeys(this.#link, this.#board, settings);
    this.#status = new StatusBar(account, this.#link, this.#board);
    const elevations = new ElevationDesk({
      ...{ link: this.#link, board: this.#board, journal: this.#journal, conduct },
    });
    const tool = { link: this.#link, board: this.#board, conduct, clock, elevations };
    const shells = new Shells(tool);
    this.#system = new SystemDesk({ ...tool, kept: this.#recordings });
    this.#scripts = new Scripts({ ...tool, log, extensionUri });
    this.#files = new FileDesk({ ...tool, log, folder: folder.fsPath });
    const parts = { conduct, keys, player, talk, shells, signIn, elevations, chatFiles };
    const commands = this.#registerCommands(parts);
    this.#disposables = [
      log,
      account,
      this.#link,
      browser,
      commands,
      player,
      shells,
      this.#system,
      this.#scripts,
      this.#files,
      new ClipboardSharing({
        ...{ ...tool, panes: this.#panes, activity, settings, log },
        exchanged: this.#clipboard.exchanged,
      }),
      this.#panes,
      this.#past,
      this.#status,
      this.#loopback,
      new Authentication(account, async () => void (await signIn.run(settings.signInMethod))),
      ...this.#views(conduct),
      account.onDidChange((current) => this.#follow(current)),
      vscode.window.onDidChangeWindowState(({ focused }) => this.#focused(focused)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("handrail.site")) this.#setAccountContext();
      }),
    ];
  }

  /** Called once `activate` is about to return; the rest of the start is not waited for. */
  started(activateMs: number): void {
    this.#activateMs = Math.round(activateMs * 10) / 10;
    this.#log.info("console.activated", { durationMs: this.#activateMs });
    this.#setAccountContext();
    void this.#begin().catch((error: unknown) => report(error, "start", this.#log));
  }

  dispose(): void {
    for (const each of this.#disposables.reverse()) each.dispose();
    void this.#recordings.dispose();
  }

  /** What shows the board, and tells of what happens on it. */
  #views(conduct: Conduct): vscode.Disposable[] {
    const messages = new OpenMessages(() => {
      void vscode.commands.executeCommand("notifications.hideToasts");
    });
    return [
      new QueueTree(this.#board, systemClock),
      new KeyCountdown(this.#board, systemClock),
      new SessionTree(this.#board, this.#unread),
      new RepresentativeTree(this.#board),
      new ArrivalStatus(this.#board),
      new ArrivalNotice(this.#board, systemClock, settings),
      new WaitingNotice(this.#board, {
        ...{ settings, messages },
        accept: (lsid) => void vscode.commands.executeCommand("handrail.session.accept", lsid),
        show: (lsid) => void vscode.commands.executeCommand("handrail.session.open", lsid),
      }),
      new ColleagueNotice(this.#board.questions, messages, (question, yes) =>
        conduct
          .answerColleague(question, yes)
          .catch((error: unknown) => report(error, "answer a colleague", this.#log)),
      ),
    ];
  }

  #newNotices(): Notices {
    return new Notices({
      isInSight: (lsid) => this.#panes.get(lsid)?.panel.visible ?? false,
      show: (lsid, notice) => this.#panes.get(lsid)?.command("notice", notice),
    });
  }

  #newPanes(
    context: vscode.ExtensionContext,
    parts: { activity: Signal<void>; conduct: Conduct; talk: Talk; chatFiles: ChatFileDesk },
  ): SessionPanes {
    return new SessionPanes({
      extensionUri: context.extensionUri,
      link: this.#link,
      board: this.#board,
      journal: this.#journal,
      ...parts,
      unread: this.#unread,
      clipboard: this.#clipboard,
      views: new ViewMemory(context.globalState),
      loopback: this.#loopback,
      panesAreHere: () => panesAreHere(context.extension.extensionKind),
      openRecording,
      clock: systemClock,
      log: this.#log,
    });
  }

  async #begin(): Promise<void> {
    if (await this.#account.load()) return;
    const place = { sites: this.#sites, oauth: this.#oauth, account: this.#account };
    if (await signInByFile(process.env[credentialsVariable], place)) await this.#welcome();
  }

  /** A console that an administrator has deployed shows itself, once, to who wants a start page. */
  async #welcome(): Promise<void> {
    const page = vscode.workspace.getConfiguration("workbench").get<string>("startupEditor");
    if (page === "none" || this.#memory.get(welcomedKey) === true) return;
    await this.#memory.update(welcomedKey, true);
    await vscode.commands.executeCommand("workbench.view.extension.handrail");
    const hasEditors = vscode.window.tabGroups.all.some(({ tabs }) => tabs.length > 0);
    if (hasEditors) return;
    await openWalkthrough();
  }

  #registerCommands(parts: {
    conduct: Conduct;
    keys: SessionKeys;
    player: RecordingEditor;
    shells: Shells;
    elevations: ElevationDesk;
    talk: Talk;
    chatFiles: ChatFileDesk;
    signIn: SignIn;
  }): vscode.Disposable {
    const place = {
      ...parts,
      account: this.#account,
      sites: this.#sites,
      link: this.#link,
      board: this.#board,
      panes: this.#panes,
      past: this.#past,
      recordings: this.#recordings,
      actions: new SpecialActions({ ...parts, link: this.#link, board: this.#board }),
      clock: systemClock,
      settings,
      log: this.#log,
      startTimes: () => ({ activateMs: this.#activateMs, overviewMs: this.#overviewMs }),
    };
    return registerCommands(
      {
        ...siteCommands(place),
        ...keyCommands(place),
        ...sessionCommands(place),
        ...recordingCommands(place),
        ...systemCommands(this.#system, {
          session: (target) => mineOf(place, target),
          kept: (target) => keptOf(place, target),
        }),
        ...this.#scripts.commands((target) => mineOf(place, target)),
        ...fileCommands(this.#files, (target) => mineOf(place, target)),
        ...clipboardCommands(this.#clipboard, (target) => paneOf(place, target)),
      },
      this.#log,
    );
  }

  #newLink({ version }: { version: string }): Connection {
    return new Connection({
      program: {
        name: "Handrail console",
        version,
        platform: `${platform()} ${release()} ${arch()}`,
      },
      clock: systemClock,
      random: Math.random,
      log: this.#log,
      listeners: this.#listeners(),
      begun: (welcome) => {
        this.#siteName = welcome.siteName;
        void this.#begun(welcome.representative);
      },
      changed: (state, error) => this.#linkChanged(state, error),
    });
  }

  #listeners(): Listeners<typeof applianceToConsole> {
    const board = this.#board;
    return {
      "session.changed": (session) => this.#sessionChanged(session),
      "session.gone": ({ lsid }) => {
        board.removeSession(lsid);
        this.#unread.forget(lsid);
      },
      "transfer.settled": (settled) => board.transferSettled.fire(settled),
      "queues.changed": (queues) => board.putQueues(queues),
      "scripts.changed": () => void this.#scripts.refresh(),
      "key.changed": (key) => board.putKey(key),
      "key.gone": (gone) => board.removeKey(gone),
      "arrival.changed": (arrival) => board.putArrival(arrival),
      "arrival.gone": ({ lsid }) => board.removeArrival(lsid),
      "chat.message": ({ lsid, message }) => this.#journal.addMessage(lsid, message),
      "note.kept": ({ lsid, note }) => this.#journal.addNote(lsid, note),
      "chat.typing": ({ lsid, name }) => this.#journal.addPassing(lsid, { kind: "typing", name }),
      "session.event": ({ lsid, event }) => this.#journal.addEvent(lsid, event),
      "pointers.moved": ({ lsid, pointers }) =>
        this.#panes.get(lsid)?.command("pointers", { pointers }),
      "presence.changed": (presence) => board.putRepresentative(presence),
      "colleague.asked": (question) => board.questions.put(question),
      "colleague.settled": (question) => board.questions.remove(question),
      "appliance.restarting": ({ afterMs }) => tellRestart(this.#siteName, afterMs),
      "session.warning": ({ lsid, code, text }) =>
        this.#journal.addPassing(lsid, { kind: "warning", code, text: warningText(code, text) }),
    };
  }

  #sessionChanged(session: SessionView): void {
    this.#board.putSession(session);
    if (session.state !== "ended") return;
    this.#past.refresh();
    if (!this.#board.takesPart(session) || this.#board.onlyWatches(session)) return;
    this.#survey.offer(session).catch((error: unknown) => report(error, "survey", this.#log));
  }

  async #begun(self: Self | undefined): Promise<void> {
    try {
      if (!self) return;
      const overview = await this.#link.call("overview", {});
      this.#board.begin(self, overview);
      this.#overviewMs ??= Math.round(systemClock.steady() - this.#begunAt);
      this.#panes.linkChanged(true);
      this.#past.refresh();
      void this.#scripts.refresh();
      await this.#account.rename(self.name);
    } catch (error) {
      report(error, "overview", this.#log);
    }
  }

  #follow(current: SignedIn | undefined): void {
    this.#setAccountContext();
    if (current?.id === this.#connectedAs) return;
    this.#connectedAs = current?.id;
    this.#told = undefined;
    this.#link.stop();
    this.#board.clear();
    this.#system.clear();
    this.#scripts.clear();
    if (!current) return;
    const { site } = current;
    this.#link.start({
      site,
      guard: this.#sites.guardOf(site),
      accessToken: (options) => this.#account.accessToken(options),
    });
  }

  #linkChanged(state: LinkState, error: HandrailError | undefined): void {
    setContext(
      "handrail.link",
      state.phase === "opening" || state.phase === "waiting" ? "connecting" : state.phase,
    );
    this.#status.refresh();
    this.#panes.linkChanged(false);
    if (state.phase === "online") this.#told = undefined;
    if (state.phase !== "refused" || !error || this.#told) return;
    // Once, and not again at every attempt.
    this.#told = error;
    report(error, "connect", this.#log);
    if (needsSignIn(state.code) && !(error instanceof UntrustedError)) void this.#account.forget();
  }

  #focused(focused: boolean): void {
    this.#unread.look();
    if (focused && this.#link.state.phase === "waiting") this.#link.hurry();
  }

  #setAccountContext(): void {
    const otherwise = this.#sites.isKnown ? "signedOut" : "none";
    setContext("handrail.account", this.#account.current ? "signedIn" : otherwise);
  }

  async #pastSessions(limit: number) {
    if (this.#link.state.phase !== "online") return [];
    return (await this.#link.call("session.past", { limit })).sessions;
  }
}

// A webview reaches the loopback of the computer that shows it: that is this one on the desktop,
// unless the extension runs on a remote, and with VS Code in a browser only if one says so.
function panesAreHere(kind: vscode.ExtensionKind): boolean {
  const transport = settings.screenTransport;
  if (transport !== "auto") return transport === "loopback";
  if (vscode.env.uiKind === vscode.UIKind.Web) return false;
  return vscode.env.remoteName === undefined || kind === vscode.ExtensionKind.UI;
}
