import {
  applianceToConsole,
  consoleSide,
  Dialogue,
  type ErrorCode,
  type Handlers,
  HandrailError,
  isLsid,
  type KeyMailOutcome,
  type Lsid,
  type Notice,
  type NoticeName,
  type OpenRequest,
  type Params,
  type Presence,
  type Result,
  type SessionKeyView,
  toHandrailError,
} from "@handrail/protocol";
import type { Account, ConsoleAccount } from "../auth/account.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Acts } from "./acts.ts";
import type { CannedMessageBody } from "./canned-messages.ts";
import type { Definitions } from "./definitions.ts";
import { Link, type LinkOwner } from "./link.ts";
import type { LiveSession } from "./live-session.ts";
import type { Records } from "./records.ts";
import { scriptCalls, type ScriptDesk } from "./script-calls.ts";

/** What a console needs of the broker. */
export interface ConsoleDesk extends ScriptDesk {
  readonly clock: Clock;
  readonly log: Log;
  /** How often representatives may still do what is written down each time. */
  readonly acts: Acts;
  overview(party: ConsoleParty): Result<typeof consoleSide, "overview">;
  createKey(
    account: Account,
    wanted: Params<typeof consoleSide, "key.create">,
  ): Promise<SessionKeyView>;
  cancelKey(account: Account, lsid: Lsid): Promise<void>;
  mailKey(
    account: Account,
    wanted: Params<typeof consoleSide, "key.mail">,
  ): Promise<KeyMailOutcome>;
  /** A session that has not ended. */
  session(lsid: Lsid): LiveSession | undefined;
  readonly cannedMessages: Definitions<CannedMessageBody>;
  readonly records: Records;
  setStatus(account: Account, status: Presence["status"]): void;
  consoleAway(party: ConsoleParty): void;
  consoleConnected(party: ConsoleParty): void;
  consoleLost(party: ConsoleParty): void;
}

/**
 * One console of a representative at the appliance: its link, and what it may ask for. Every right
 * is decided in the session, by the account as it is at that moment; nothing is decided here.
 */
export class ConsoleParty implements LinkOwner {
  readonly account: ConsoleAccount;
  readonly link: Link;
  readonly version: number;
  readonly #desk: ConsoleDesk;
  readonly #dialogue: Dialogue<typeof applianceToConsole, typeof consoleSide>;

  /** `version`: of the wire, as agreed on. */
  constructor(account: ConsoleAccount, desk: ConsoleDesk, version: number) {
    this.version = version;
    this.account = account;
    this.#desk = desk;
    this.link = new Link(this, desk.clock.monotonicMs());
    this.#dialogue = new Dialogue({
      mine: applianceToConsole,
      theirs: consoleSide,
      handlers: {
        ...this.#siteHandlers(),
        ...this.#memberHandlers(),
        ...this.#sessionHandlers(),
        ...scriptCalls(desk, account.id, (lsid) => this.#acting(lsid)),
      },
      listeners: {
        "chat.typing": ({ lsid }) => desk.session(lsid)?.chat.typing(account),
        "pointer.at": ({ lsid, at }) => desk.session(lsid)?.pointers.moved(account.id, at),
      },
      say: (text) => this.link.say(text),
      failed: (error, call) =>
        desk.log.info("call.refused", { call, code: error.code, representative: account.name }),
    });
  }

  tell<N extends NoticeName<typeof applianceToConsole>>(
    name: N,
    notice: Notice<typeof applianceToConsole, N>,
  ): void {
    this.#dialogue.tell(name, notice);
  }

  control(text: string): void {
    this.#dialogue.receive(text);
  }

  opened(request: OpenRequest, channel: number): void {
    this.#open(request, channel).catch((error: unknown) => {
      const { code, message } = toHandrailError(error);
      this.#desk.log.info("channel.refused", {
        code,
        channel: request.kind,
        lsid: request.lsid,
        representative: this.account.name,
        ...(code === "internal" ? { error } : {}),
      });
      this.link.reset(channel, code, code === "internal" ? "" : message);
    });
  }

  away(): void {
    this.link.wentAway(this.#desk.clock.monotonicMs());
    this.#desk.consoleAway(this);
  }

  connected(): void {
    this.#desk.consoleConnected(this);
  }

  lost(code: ErrorCode | "done", fault?: unknown): void {
    this.#dialogue.lost();
    const level = fault === undefined ? "info" : "error";
    this.#desk.log[level]("link.lost", { representative: this.account.name, code, fault });
    this.#desk.consoleLost(this);
  }

  async #open({ kind, lsid, run }: OpenRequest, channel: number): Promise<void> {
    const session = this.#mine(lsid);
    const { id } = this.account;
    switch (kind) {
      case "screen":
        this.#desk.acts.take(id);
        return session.core.turn(() => session.screen.watch(id, this, channel));
      case "input":
        return session.core.turn(() => session.control.open(id, this.link, channel));
      case "snapshot":
        throw new HandrailError("not-permitted", "the appliance alone takes a snapshot");
      case "script":
      case "shell":
      case "files":
      case "download":
      case "files-write":
      case "system":
      case "system-act":
      case "elevate":
      case "clipboard-to-customer":
      case "clipboard-from-customer":
      case "draw":
      case "chat-file":
        return session.core.turn(() =>
          session.tools.open(kind, id, { link: this.link, channel, run }),
        );
    }
  }

  /** A session in which the representative takes part; others do not exist for him or her. */
  #mine(lsid: string): LiveSession {
    const session = isLsid(lsid) ? this.#desk.session(lsid) : undefined;
    if (!session) throw new HandrailError("not-found", "no such session");
    session.mustTakePart(this.account.id);
    return session;
  }

  /** The same, for what is written down each time and widens something. */
  #acting(lsid: string): LiveSession {
    const session = this.#mine(lsid);
    this.#desk.acts.take(this.account.id);
    return session;
  }

  #siteHandlers() {
    const { account } = this;
    const desk = this.#desk;
    return {
      overview: () => desk.overview(this),
      "key.create": (wanted) => {
        desk.acts.take(account.id);
        return desk.createKey(account, wanted);
      },
      "key.cancel": async ({ lsid }) => {
        await desk.cancelKey(account, lsid);
        return null;
      },
      "key.mail": async (wanted) => {
        desk.acts.take(account.id);
        return { outcome: await desk.mailKey(account, wanted) };
      },
      "canned-message.list": () => ({
        messages: desk.cannedMessages
          .list()
          .map(({ id: messageId, body: { title, text, language } }) => ({
            ...{ id: messageId, title, text },
            ...(language === "" ? {} : { language }),
          })),
      }),
      "field.list": () => desk.records.fieldList(),
      "session.fill-in": async (wanted) => {
        desk.acts.take(account.id);
        await desk.records.fillIn(account, wanted);
        return null;
      },
      "survey.list": () => desk.records.surveyList(),
      "survey.answer": async (wanted) => {
        await desk.records.answerSurvey(account, wanted);
        return null;
      },
      "note.keep": async (wanted) => {
        await desk.records.keepNote(account, wanted);
        return null;
      },
      "session.history": ({ lsid }) => desk.records.history(account, lsid),
      "session.past": ({ limit }) => desk.records.past(account, limit),
      "presence.set": ({ status }) => {
        desk.setStatus(account, status);
        return null;
      },
    } satisfies Partial<Handlers<typeof consoleSide>>;
  }

  #memberHandlers() {
    const { id } = this.account;
    return {
      "session.accept": ({ lsid }) => {
        const session = this.#desk.session(lsid);
        if (!session) throw new HandrailError("not-found", "no such session");
        this.#desk.acts.take(id);
        return session.core.turn(() => session.members.accept(id));
      },
      "session.transfer": async ({ lsid, ...how }) => {
        const session = this.#acting(lsid);
        await session.core.turn(() => session.members.transfer(id, how));
        return null;
      },
      "session.share": async (wanted) => {
        const session = this.#acting(wanted.lsid);
        await session.colleagues.invite(id, wanted.with, wanted.observer);
        return null;
      },
      "session.ask-part": async ({ lsid }) => ({
        given: await this.#acting(lsid).colleagues.askPart(id),
      }),
      "session.leave": async ({ lsid }) => {
        const { core, members } = this.#mine(lsid);
        members.leave(id, this.account, "left");
        await core.written();
        return null;
      },
      "session.end": async ({ lsid }) => {
        const { core, members } = this.#mine(lsid);
        await core.turn(() => members.end(id));
        await core.written();
        return null;
      },
    } satisfies Partial<Handlers<typeof consoleSide>>;
  }

  #sessionHandlers() {
    const { id } = this.account;
    return {
      "chat.send": ({ lsid, text }) => {
        const session = this.#mine(lsid);
        return session.core.turn(() => session.chat.send(this.account, text));
      },
      "chat.push-url": ({ lsid, url }) => {
        const session = this.#mine(lsid);
        return session.core.turn(() => session.chat.pushUrl(id, url));
      },
      "chat.offer-file": ({ lsid, file }) => {
        const session = this.#acting(lsid);
        return session.core.turn(() => session.chat.offerFile(this.account, file));
      },
      "chat.nudge": async ({ lsid }) => {
        const session = this.#mine(lsid);
        await session.core.turn(() => session.chat.nudge(id));
        return null;
      },
      "permission.request": ({ lsid, permission, purpose }) =>
        this.#acting(lsid).consent.request(id, permission, purpose),
      "control.take": async ({ lsid, force }) => {
        const session = this.#acting(lsid);
        await session.core.turn(() => session.control.take(id, force));
        return null;
      },
      "control.ask": async ({ lsid }) => ({
        given: await this.#acting(lsid).colleagues.askControl(id),
      }),
      "colleague.answer": async ({ yes, ...question }) => {
        // Also of one who is asked in, and does not take part yet.
        const session = this.#desk.session(question.lsid);
        if (!session) throw new HandrailError("not-found", "no such session");
        await session.colleagues.answer(id, question, yes);
        return null;
      },
      "control.release": async ({ lsid }) => {
        const { core, control } = this.#mine(lsid);
        control.release(this.account);
        await core.written();
        return null;
      },
      "action.list": ({ lsid }) => ({ actions: this.#mine(lsid).actions.list(id) }),
      "action.run": ({ lsid, action }) => this.#acting(lsid).actions.run(id, action),
      "record.start": async ({ lsid }) => {
        const session = this.#acting(lsid);
        await session.core.turn(() => session.screen.startRecording(id));
        return null;
      },
      "record.stop": async ({ lsid }) => {
        const session = this.#mine(lsid);
        await session.core.turn(() => session.screen.stopRecording(id));
        return null;
      },
    } satisfies Partial<Handlers<typeof consoleSide>>;
  }
}
