/**
 * A support session as the customer's computer lives it: joins with a ticket or a key, shows the
 * customer who is there and what they may do, asks for consent, shares screen and input while that
 * is allowed, carries the conversation, and ends. The place it runs in gives everything it needs;
 * nothing here knows Node, a page or a window system.
 */
import {
  type ActionOrder,
  type ActionResult,
  type Answer,
  applianceToCustomer,
  type Channel,
  customerSide,
  Dialogue,
  type Handlers,
  HandrailError,
  isTool,
  type Listeners,
  type Lsid,
  type Notice,
  type OpenRequest,
  permissionOf,
} from "@handrail/protocol";
import { ActionDesk } from "./actions.ts";
import { askTimeoutMs, ChannelDoor, type ChannelUse } from "./channel-door.ts";
import { ConsentDesk, type OwnAnswer } from "./consent.ts";
import { Chat } from "./chat.ts";
import { Timer } from "./clock.ts";
import { askable, isAskable, takenBackTogether } from "./askable.ts";
import { DeedLog } from "./deed-log.ts";
import { Desktop } from "./desktop.ts";
import { DisplayWait } from "./display-wait.ts";
import { Link, type LinkRefusal, type Welcomed } from "./link.ts";
import { PolicyGate } from "./policy-gate.ts";
import { purposeOf } from "./purpose-text.ts";
import type { ScreenState } from "./screen-share.ts";
import { type Credential, helloOf, type SessionEnd, type SessionPlace } from "./session-place.ts";
import { StatusBoard } from "./status-board.ts";
import { ToolDesk, type ToolReport } from "./tools.ts";
import type { WireEnd } from "./wire.ts";

type SessionChange = Notice<typeof applianceToCustomer, "session.changed">;

/** For so long the appliance may take to confirm that the customer has stopped, ms. */
const stopWithinMs = 2500;
/** So long the computer's restart may be told to the appliance before this end goes, ms. */
const restartAfterMs = 1000;

/** One support session, from hello to good-bye. */
export class Session implements Disposable {
  /** Resolves once, when the session is over for this client. */
  readonly ended: Promise<SessionEnd>;
  readonly #place: SessionPlace;
  readonly #link: Link;
  readonly #gate: PolicyGate;
  readonly #board: StatusBoard;
  readonly #consents: ConsentDesk;
  readonly #desktop: Desktop;
  readonly #tools: ToolDesk;
  readonly #actions: ActionDesk;
  readonly #door: ChannelDoor;
  readonly #chat: Chat;
  readonly #deeds: DeedLog;
  readonly #displayWait: DisplayWait;
  readonly #stopTimer: Timer;
  readonly #resolveEnd: (end: SessionEnd) => void;
  #dialogue: Dialogue<typeof customerSide, typeof applianceToCustomer>;
  #credential: Credential;
  #lsid: Lsid | undefined;
  #hasEnded = false;

  constructor(place: SessionPlace, credential: Credential) {
    this.#place = place;
    this.#credential = credential;
    const { promise, resolve } = Promise.withResolvers<SessionEnd>();
    this.ended = promise;
    this.#resolveEnd = resolve;
    const { clock, window, texts } = place;
    this.#stopTimer = new Timer(clock);
    this.#board = new StatusBoard(window, texts, place.siteName);
    if (place.customer.isElevated) this.#board.setStanding(texts.elevation.clientHas);
    this.#gate = new PolicyGate(() => this.#narrowed(), place.customer.isElevated);
    this.#consents = new ConsentDesk({
      ...{ window, texts, clock, namesOf: place.namesOf },
      gate: this.#gate,
      prompting: ({ isOpen, isTyping }) => {
        this.#desktop.suspendInput(isOpen);
        this.#tools.rest("question", isOpen);
        this.#board.setWriting(!isTyping);
      },
      told: (own) => this.#answered(own),
    });
    this.#desktop = new Desktop({
      ...{ place, gate: this.#gate, board: this.#board },
      tell: (state) => this.#tellScreen(state),
    });
    this.#tools = new ToolDesk(this.#gate, place.tools, clock, this.#consents);
    this.#board.fileWays = (by) => this.#tools.chatFiles.waysOf(by);
    this.#board.elevations = () => this.#tools.elevations.uses;
    this.#tools.chatFiles.waysListener = () => this.#board.update(this.#gate);
    this.#actions = this.#makeActionDesk();
    this.#door = this.#makeDoor();
    this.#link = this.#makeLink();
    this.#dialogue = this.#makeDialogue();
    this.#chat = this.#makeChat();
    this.#deeds = new DeedLog({ window, texts, clock });
    this.#displayWait = new DisplayWait({
      clock,
      reopen: () => window.reopen(),
      back: () => this.#displayBack(),
      gaveUp: () => this.#leave("display-gone"),
    });
    window.onTakeBack(() => this.#takeBack());
    window.onStop(() => this.stop());
    window.onDisplayLost(() => this.#displayLost());
  }

  start(): void {
    this.#link.start();
  }

  /** The customer has had enough: everything stops here and now, then the appliance is told. */
  stop(): void {
    this.#leave("customer");
  }

  #leave(reason: "customer" | "display-gone"): void {
    if (this.#hasEnded || this.#stopTimer.isSet) return;
    this.#gate.end();
    this.#consents.end();
    const done = () => this.#end({ how: "ended", reason, by: undefined });
    this.#stopTimer.set(this.#link.isOnline ? stopWithinMs : 1, done);
    if (!this.#link.isOnline) return;
    const because = reason === "customer" ? {} : { because: reason };
    this.#dialogue.call("session.stop", because).then(done, (error: unknown) => {
      this.#place.log("session.stop-failed", { reason: String(error) });
      done();
    });
  }

  /**
   * Nothing can be seen or done, and nobody could press Stop: what may be done is to be asked for
   * again. What may be seen stays allowed, since the window says so as soon as it is back, and only
   * then is anything captured.
   */
  #displayLost(): void {
    if (this.#hasEnded) return;
    this.#place.log("display.lost");
    this.#desktop.setDisplay(false);
    for (const permission of askable) if (permission !== "view") this.#gate.forget(permission);
    this.#displayWait.begin();
  }

  #displayBack(): void {
    this.#place.log("display.back");
    this.#desktop.setDisplay(true);
    this.#board.update(this.#gate);
  }

  /** Here first, so that it is so whether or not the appliance can be told. */
  #takeBack(): void {
    for (const permission of takenBackTogether.toReversed()) {
      if (!this.#gate.may(permission)) continue;
      this.#gate.takeBack(permission);
      this.#dialogue.call("permission.revoke", { permission }).catch((error: unknown) => {
        this.#place.log("permission.revoke-failed", { permission, reason: String(error) });
      });
    }
    // The rights that it has itself it cannot give back otherwise.
    if (this.#gate.isElevated) this.stop();
  }

  /** What the customer says to the survey of a session that is over. Rejects when it is not kept. */
  async answerSurvey(answers: readonly Answer[]): Promise<void> {
    await this.#dialogue.call("survey.answer", { answers: [...answers] });
  }

  [Symbol.dispose](): void {
    this.#end({ how: "ended", reason: "customer", by: undefined });
    this.#hangUp();
  }

  #tellScreen({ fault, reason }: ScreenState): void {
    const available = fault === undefined;
    this.#dialogue.tell("screen.state", { available, reason, ...(fault ? { fault } : {}) });
  }

  #makeChat(): Chat {
    const { window, clock, texts, language, chatFiles } = this.#place;
    return new Chat({
      ...{ window, clock, texts, language, files: chatFiles },
      line: {
        send: (text) => this.#dialogue.call("chat.send", { text }),
        offerFile: (file) => this.#dialogue.call("chat.offer-file", { file }),
        typing: () => this.#dialogue.tell("chat.typing", {}),
      },
      book: this.#tools.chatFiles,
    });
  }

  #makeActionDesk(): ActionDesk {
    const { actions, clock, language, texts, window } = this.#place;
    return new ActionDesk({
      ...{ host: actions, window, texts, language, clock },
      board: this.#board,
      consents: this.#consents,
      elevations: this.#tools.elevations,
      pass: async () => (await this.#dialogue.call("session.return", {})).token,
      // Whatever the computer does to its programs now, it is no Stop.
      restarting: () => this.#stopTimer.set(restartAfterMs, () => this.#end({ how: "restarting" })),
    });
  }

  #makeDoor(): ChannelDoor {
    return new ChannelDoor({
      gate: this.#gate,
      consents: this.#consents,
      tools: this.#tools,
      attachScreen: (channel) => this.#desktop.attachScreen(channel),
      attachInput: (channel) => this.#desktop.attachInput(channel),
      representatives: () => this.#board.representatives,
      isUnseen: () => this.#displayWait.isWaiting,
      reportOf: (use) => this.#reportOf(use),
      attached: ({ kind, by }) => this.#deeds.happened(`${kind}.opened`, by, {}),
      answered: () => this.#board.update(this.#gate),
    });
  }

  #reportOf({ kind, channel, by }: ChannelUse): ToolReport {
    return (event, detail) => {
      this.#dialogue.tell("tool.event", { channel: channel.id, event, detail });
      this.#deeds.happened(event, by, detail);
      if (isTool(kind)) this.#board.happened(kind, { event, by, format: detail.format });
      this.#board.update(this.#gate);
    };
  }

  #makeLink(): Link {
    const { dial, clock, random } = this.#place;
    return new Link({
      ...{ dial, clock, random },
      hello: (resume) => helloOf(this.#place, this.#credential, resume),
      events: {
        welcomed: (welcome, isResumed) => this.#welcomed(welcome, isResumed),
        away: (end) => this.#away(end),
        control: (text) => this.#dialogue.receive(text),
        opened: (request, channel) => this.#opened(request, channel),
        refused: (code) => this.#refused(code),
      },
    });
  }

  #refused(code: LinkRefusal): void {
    const isHandedOver = code === "link-replaced" && this.#actions.handOver();
    this.#end(isHandedOver ? { how: "handed-over" } : { how: "refused", code });
  }

  #makeDialogue(): Dialogue<typeof customerSide, typeof applianceToCustomer> {
    return new Dialogue({
      mine: customerSide,
      theirs: applianceToCustomer,
      handlers: this.#handlers(),
      listeners: this.#listeners(),
      say: (text) => this.#link.mux.say(text),
      failed: (error, call) => this.#place.log("call.failed", { call, code: error.code }),
    });
  }

  #handlers(): Handlers<typeof applianceToCustomer> {
    return {
      "consent.ask": async ({ permission, ...question }) => {
        if (!isAskable(permission)) return { granted: false };
        if (this.#displayWait.isWaiting) throw new HandrailError("unavailable", "no display");
        const turned = (isShown: boolean) =>
          this.#dialogue.tell("consent.turn", { permission, isShown });
        const answer = await this.#consents.ask({ permission, ...question, turned });
        this.#board.update(this.#gate);
        const granted = answer === "yes";
        return answer === "no answer" ? { granted, because: answer } : { granted };
      },
      "action.run": (order) => this.#act(order),
      "script.hold": (order) => {
        if (!this.#place.tools.script) throw new HandrailError("unavailable", "no scripts here");
        this.#tools.orders.put(order);
        return null;
      },
    };
  }

  /** What the customer has answered here is written down there. */
  async #answered(own: OwnAnswer): Promise<boolean> {
    this.#board.update(this.#gate);
    try {
      await this.#dialogue.call("permission.answered", own);
      return true;
    } catch (error) {
      this.#place.log("permission.untold", { reason: String(error) });
      return false;
    }
  }

  async #act(order: ActionOrder): Promise<ActionResult> {
    const { what, representative } = order;
    const permission = permissionOf(what.kind === "built-in" ? what.action : "lock");
    const may = () => this.#gate.may(permission);
    if (this.#displayWait.isWaiting) throw new HandrailError("unavailable", "no display");
    if (!may() && this.#gate.consent(permission) === "not-asked") {
      const purpose = purposeOf(what);
      await this.#consents.askOwn({ permission, representative, purpose, timeoutMs: askTimeoutMs });
      this.#board.update(this.#gate);
    }
    if (!may()) throw new HandrailError("customer-refused", `${permission} was not granted`);
    return this.#actions.do(order, may);
  }

  #listeners(): Listeners<typeof applianceToCustomer> {
    return {
      "session.changed": (change) => this.#sessionChanged(change),
      "session.handed-over": (told) => this.#chat.handedOver(this.#board.siteName, told),
      "chat.message": (message) => this.#chat.received(message),
      "chat.typing": ({ name }) => this.#chat.someoneTypes(name),
      "chat.nudged": ({ name }) => this.#chat.nudged(name),
      "appliance.restarting": ({ afterMs }) => this.#chat.restarting(this.#board.siteName, afterMs),
      "session.ended": ({ reason, by = this.#board.onlyRepresentative, survey }) =>
        this.#end({ how: "ended", reason, by, survey }),
    };
  }

  #welcomed(welcome: Welcomed, isResumed: boolean): void {
    this.#place.log("link.welcomed", { isResumed: Number(isResumed) });
    this.#board.setSite(welcome.siteName);
    if (welcome.session) {
      this.#credential = { ticket: welcome.session.ticket };
      this.#lsid = welcome.session.lsid;
    }
    if (!isResumed) {
      this.#dialogue.lost();
      this.#dialogue = this.#makeDialogue();
      this.#desktop.tellFault();
    }
    this.#board.setLine("online");
    this.#desktop.back();
    this.#tools.rest("line", false);
    this.#chat.flush();
  }

  #away({ reason, obstacle }: WireEnd): void {
    if (this.#hasEnded) return this.#dialogue.lost();
    this.#place.log("link.away", { reason, ...(obstacle ? { obstacle } : {}) });
    this.#board.setLine("away", obstacle);
    this.#desktop.away();
    this.#tools.rest("line", true);
  }

  #sessionChanged(change: SessionChange): void {
    if (this.#hasEnded) return;
    this.#place.log("session.changed", { state: change.state });
    this.#board.setSession(change);
    this.#gate.sessionChanged(change.state, change.permissions);
    this.#link.setWatched(change.state === "active");
    if (change.state === "active") this.#desktop.prepare();
    this.#board.update(this.#gate);
  }

  #opened(request: OpenRequest, channel: Channel): void {
    if (request.lsid !== this.#lsid) {
      throw new HandrailError("not-found", "a channel of another session");
    }
    this.#door.opened(request, channel);
  }

  #narrowed(): void {
    this.#desktop.narrowed();
    this.#tools.narrowed();
    if (!this.#gate.may("elevate")) this.#actions.stayHere();
    this.#board.update(this.#gate);
  }

  #end(end: SessionEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (end.how !== "restarting") this.#place.actions.forget();
    this.#place.log("session.over", { how: end.how });
    this.#stopTimer.clear();
    this.#displayWait[Symbol.dispose]();
    this.#gate.end();
    this.#consents.end();
    this.#tools[Symbol.dispose]();
    this.#deeds[Symbol.dispose]();
    this.#desktop[Symbol.dispose]();
    // The answers go over the same line.
    if (end.how !== "ended" || !end.survey) this.#hangUp();
    this.#resolveEnd(end);
  }

  #hangUp(): void {
    this.#dialogue.lost();
    this.#link[Symbol.dispose]();
  }
}
