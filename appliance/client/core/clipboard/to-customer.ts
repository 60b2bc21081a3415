import {
  type ClipboardCopy,
  ClipboardIntake,
  clipboardSendMessage,
  clipboardSentMessage,
  type ErrorCode,
  HandrailError,
  toHandrailError,
} from "@handrail/protocol";
import type { Clock } from "../clock.ts";
import type { ToolHost, ToolUse } from "../tools.ts";
import type { ClipboardHost } from "./host.ts";
import { Pace } from "./pace.ts";

/** Consoles at a time: each may have a whole copy under way. */
const maxUses = 4;
/** What a console may send in a row: more is no person who copies. */
const mayCopy = { count: 10, everyMs: 1000 } as const;

/** Puts what representatives send onto the customer's clipboard. */
export class ClipboardToCustomer implements ToolHost {
  readonly #host: ClipboardHost;
  readonly #pace: Pace;
  #uses = 0;

  constructor(host: ClipboardHost, clock: Clock) {
    this.#host = host;
    this.#pace = new Pace(clock, mayCopy);
  }

  use({ channel, report }: ToolUse): void {
    if (this.#uses >= maxUses) throw new Error("the clipboard is used too often at a time");
    this.#uses++;
    const intake = new ClipboardIntake();
    let number = 0;
    let turn: Promise<void> = Promise.resolve();
    const fail = (error: unknown): void => {
      const { code, message } = toHandrailError(error);
      report("clipboard-to-customer.refused", { because: becauseOf(code) });
      this.#uses--;
      channel.reset(code, message);
    };
    channel.listener = {
      message: (bytes) => {
        try {
          const message = clipboardSendMessage.decode(bytes);
          if (message.type === "begin") {
            number = message.copy;
            return this.#begin(intake, message);
          }
          const copy = intake.piece(message.bytes);
          if (copy) turn = turn.then(() => this.#put(number, copy, { channel, report }));
        } catch (error) {
          fail(error);
        }
      },
      closed: () => void this.#uses--,
    };
  }

  [Symbol.dispose](): void {
    this.#host[Symbol.dispose]();
  }

  #begin(intake: ClipboardIntake, begun: Parameters<ClipboardIntake["begin"]>[0]): void {
    if (!this.#pace.take()) throw new HandrailError("too-many-attempts", "copied too often");
    intake.begin(begun);
  }

  async #put(
    number: number,
    copy: ClipboardCopy,
    { channel, report }: Pick<ToolUse, "channel" | "report">,
  ): Promise<void> {
    if (channel.isGone) return;
    const { format, bytes } = copy;
    const facts = { format, sizeBytes: bytes.length };
    const sha256 = await this.#host.place(copy).catch(() => undefined);
    if (sha256 !== undefined) {
      report("clipboard-to-customer.placed", { ...facts, sha256 });
      channel.send(clipboardSentMessage.encode({ type: "placed", copy: number }));
    } else {
      report("clipboard-to-customer.refused", { ...facts, because: "failed" });
      const refused = { type: "refused", copy: number, reason: "failed" } as const;
      channel.send(clipboardSentMessage.encode(refused));
    }
  }
}

/** A reason as the audit log has it. */
function becauseOf(code: ErrorCode): string {
  if (code === "clipboard-too-large") return "too-large";
  return code === "too-many-attempts" ? "too-often" : code;
}
