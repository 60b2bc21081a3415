import { type ChatMessage, HandrailError, type RepresentativeId } from "@handrail/protocol";
import type { Session } from "./session.ts";

/** Who writes: a representative, with the consoles to be left out, or the customer. */
export type Writer = { readonly id: RepresentativeId } | "customer";

/** Lines that one writer may say within `windowMs`: more is no conversation. */
const maxLines = 60;
const windowMs = 10_000;

/** The conversation of a session: every line is on the disk before anybody sees it. */
export class Chat {
  readonly #session: Session;
  readonly #heard: (message: ChatMessage) => void;
  /** When each writer's latest lines came, on the steady clock, oldest first. */
  readonly #latest = new Map<string, number[]>();

  /** `heard` is told of every line. */
  constructor(session: Session, heard: (message: ChatMessage) => void) {
    this.#session = session;
    this.#heard = heard;
  }

  /** Says something. Call within a `turn`. Tells everyone, the writer's own consoles too. */
  async send(writer: Writer, text: string): Promise<ChatMessage> {
    const session = this.#session;
    const from = await this.#from(writer);
    this.#count(writer === "customer" ? writer : writer.id);
    const { lsid, chatCount: seq } = session.record;
    const message: ChatMessage = { seq, from, text, at: session.site.clock.now() };
    await session.write(
      (record) => ({ chatCount: record.chatCount + 1 }),
      () => session.site.sessions.addChat(lsid, message),
    );
    this.#heard(message);
    session.site.tell(session.participants, "chat.message", { lsid, message });
    if (writer !== "customer") session.customer?.tell("chat.message", message);
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
