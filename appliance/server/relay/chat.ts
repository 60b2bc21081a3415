import {
  type ChatFile,
  type ChatMessage,
  HandrailError,
  type RepresentativeId,
  webAddress,
} from "@handrail/protocol";
import type { Session } from "./session.ts";

/** Who writes: a representative, with the consoles to be left out, or the customer. */
export type Writer = { readonly id: RepresentativeId } | "customer";

/** Lines that one writer may say within `windowMs`: more is no conversation. */
const maxLines = 60;
const windowMs = 10_000;
/** Who is called again and again stops listening: once in so long, whoever calls. */
const nudgeEveryMs = 10_000;

/** The conversation of a session: every line is on the disk before anybody sees it. */
export class Chat {
  readonly #session: Session;
  readonly #heard: (message: ChatMessage) => void;
  /** When each writer's latest lines came, on the steady clock, oldest first. */
  readonly #latest = new Map<string, number[]>();
  #nudgedAtMs = -Infinity;

  /** `heard` is told of every line. */
  constructor(session: Session, heard: (message: ChatMessage) => void) {
    this.#session = session;
    this.#heard = heard;
  }

  /** Says something. Call within a `turn`. Tells everyone, the writer's own consoles too. */
  async send(writer: Writer, text: string): Promise<ChatMessage> {
    const from = await this.#from(writer);
    this.#count(writer === "customer" ? writer : writer.id);
    return this.#say({ from, text });
  }

  /**
   * Offers the customer a page. Call within a `turn`. The address is kept without what follows its
   * path in the audit log, where it may hold secrets.
   * @throws HandrailError `bad-request` for what is no web address
   */
  async pushUrl(id: RepresentativeId, typed: string): Promise<ChatMessage> {
    const session = this.#session;
    const account = await session.check("push-url", id);
    const url = webAddress(typed);
    if (url === undefined) throw new HandrailError("bad-request", "not the address of a web page");
    this.#count(id);
    const page = (url.split(/[?#]/, 1)[0] ?? "").slice(0, 512);
    await session.commit({ event: "url.pushed", by: account, detail: { page } });
    const from = { kind: "representative", name: account.displayName, id } as const;
    return this.#say({ from, text: url, url });
  }

  /**
   * Announces a file, which a `chat-file` channel may then carry. Call within a `turn`. A customer's
   * is announced where somebody who takes part may take it. @throws HandrailError `not-permitted`
   */
  async offerFile(writer: Writer, file: ChatFile): Promise<ChatMessage> {
    const session = this.#session;
    const isCustomer = writer === "customer";
    const by = isCustomer ? writer : await session.check("chat-file", writer.id);
    if (isCustomer && !this.#mayGiveFiles()) {
      throw new HandrailError("not-permitted", "nobody here may take files");
    }
    this.#count(isCustomer ? writer : writer.id);
    await session.commit({ event: "chat-file.offered", by, detail: file });
    const from = await this.#from(writer);
    return this.#say({ from, text: file.name, file });
  }

  /** Gets the customer's attention. Call within a `turn`. @throws also `customer-away` */
  async nudge(id: RepresentativeId): Promise<void> {
    const session = this.#session;
    const account = await session.check("chat", id);
    const { customer } = session;
    if (!customer?.link.isUp) throw new HandrailError("customer-away", "nobody is there");
    const now = session.site.clock.monotonicMs();
    if (now - this.#nudgedAtMs < nudgeEveryMs) {
      throw new HandrailError("too-many-attempts", "the customer was called a moment ago");
    }
    this.#nudgedAtMs = now;
    await session.commit({ event: "customer.nudged", by: account });
    customer.tell("chat.nudged", { name: account.displayName });
  }

  /** Writes a line, then tells everyone of it. */
  async #say(line: Pick<ChatMessage, "from" | "text" | "url" | "file">): Promise<ChatMessage> {
    const session = this.#session;
    const { lsid, chatCount: seq } = session.record;
    const message: ChatMessage = { seq, ...line, at: session.site.clock.now() };
    await session.write(
      (record) => ({ chatCount: record.chatCount + 1 }),
      () => session.site.sessions.addChat(lsid, message),
    );
    this.#heard(message);
    session.site.tell(session.participants, "chat.message", { lsid, message });
    if (line.from.kind !== "customer") session.customer?.tell("chat.message", message);
    return message;
  }

  /** Somebody is typing. */
  typing(writer: Writer): void {
    const session = this.#session;
    const { lsid, customer } = session.record;
    if (writer === "customer") {
      return session.site.tell(session.participants, "chat.typing", { lsid, name: customer.name });
    }
    const member = session.record.participants.find(({ id }) => id === writer.id);
    if (!member || session.refusal("chat", writer.id)) return;
    session.customer?.tell("chat.typing", { name: member.name });
    const others = session.participants.filter((id) => id !== writer.id);
    session.site.tell(others, "chat.typing", { lsid, name: member.name });
  }

  #mayGiveFiles(): boolean {
    const { participants } = this.#session;
    return participants.some((id) => this.#session.refusal("chat-file", id) === undefined);
  }

  #count(writer: string): void {
    const now = this.#session.site.clock.monotonicMs();
    const lines = (this.#latest.get(writer) ?? []).filter((at) => at > now - windowMs);
    if (lines.length >= maxLines) {
      throw new HandrailError("too-many-attempts", "too many lines; wait a few seconds");
    }
    this.#latest.set(writer, [...lines, now]);
  }

  async #from(writer: Writer): Promise<ChatMessage["from"]> {
    if (writer === "customer") {
      if (this.#session.state === "ended") {
        throw new HandrailError("session-ended", "the session has ended");
      }
      return { kind: "customer", name: this.#session.record.customer.name };
    }
    const { id, displayName } = await this.#session.check("chat", writer.id);
    return { kind: "representative", name: displayName, id };
  }
}
