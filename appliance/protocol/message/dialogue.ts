import { z } from "zod";
import { type ErrorCode, HandrailError, isErrorCode, toHandrailError } from "../error.ts";

/** A question with its answer: both shapes are checked where they arrive. */
export interface Call {
  readonly params: z.ZodType;
  readonly result: z.ZodType;
}

/** What one side of a link may ask of the other, and may tell it. */
export interface Side {
  readonly calls: Readonly<Record<string, Call>>;
  readonly notices: Readonly<Record<string, z.ZodType>>;
}

export type CallName<S extends Side> = Extract<keyof S["calls"], string>;
export type NoticeName<S extends Side> = Extract<keyof S["notices"], string>;
export type Params<S extends Side, N extends CallName<S>> = z.infer<S["calls"][N]["params"]>;
export type Result<S extends Side, N extends CallName<S>> = z.infer<S["calls"][N]["result"]>;
export type Notice<S extends Side, N extends NoticeName<S>> = z.infer<S["notices"][N]>;

/** The complete set of answers to a side: a missing one does not compile. */
export type Handlers<S extends Side> = {
  [N in CallName<S>]: (params: Params<S, N>) => Promise<Result<S, N>> | Result<S, N>;
};
/** The complete set of ears for a side. */
export type Listeners<S extends Side> = {
  [N in NoticeName<S>]: (notice: Notice<S, N>) => void;
};

const envelope = z.discriminatedUnion("t", [
  z.object({ t: z.literal("call"), id: z.int(), name: z.string(), with: z.unknown() }),
  z.object({ t: z.literal("done"), id: z.int(), result: z.unknown() }),
  z.object({ t: z.literal("refused"), id: z.int(), code: z.string(), message: z.string() }),
  z.object({ t: z.literal("tell"), name: z.string(), with: z.unknown() }),
]);

interface Pending {
  readonly result: z.ZodType;
  resolve(value: unknown): void;
  reject(error: HandrailError): void;
}

/** Most questions that one side may have open at a time. */
const maxPending = 256;

/**
 * Questions and notices over the control channel, typed by the tables of both sides. An unknown
 * notice is ignored and an unknown call refused with `not-found`, so that a newer peer can talk to
 * an older one; anything else that does not fit its shape is a `protocol-violation` or, in a call,
 * a `bad-request` that names the field.
 */
export class Dialogue<Mine extends Side, Theirs extends Side> {
  readonly #mine: Mine;
  readonly #theirs: Theirs;
  readonly #handlers: Handlers<Theirs>;
  readonly #listeners: Listeners<Theirs>;
  readonly #say: (text: string) => void;
  readonly #failed: (error: HandrailError, call: string) => void;
  readonly #pending = new Map<number, Pending>();
  #answering = 0;
  #nextId = 1;

  constructor(options: {
    mine: Mine;
    theirs: Theirs;
    handlers: Handlers<Theirs>;
    listeners: Listeners<Theirs>;
    say: (text: string) => void;
    /** Told of every call of the peer that was refused or failed here, for the log. */
    failed: (error: HandrailError, call: string) => void;
  }) {
    this.#mine = options.mine;
    this.#theirs = options.theirs;
    this.#handlers = options.handlers;
    this.#listeners = options.listeners;
    this.#say = options.say;
    this.#failed = options.failed;
  }

  /** Asks the peer. @throws HandrailError with the peer's code when it refuses. */
  call<N extends CallName<Mine>>(name: N, params: Params<Mine, N>): Promise<Result<Mine, N>> {
    const shape = this.#mine.calls[name];
    if (!shape) throw new HandrailError("internal", `no call ${name}`);
    if (this.#pending.size >= maxPending) {
      return Promise.reject(new HandrailError("too-slow", "too many questions unanswered"));
    }
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      // The peer's answer is parsed by this call's own result shape before it is resolved.
      const settle = (value: unknown) => resolve(value as Result<Mine, N>);
      this.#pending.set(id, { result: shape.result, resolve: settle, reject });
      this.#ask({ t: "call", id, name, with: params });
    });
  }

  /** Tells the peer. */
  tell<N extends NoticeName<Mine>>(name: N, notice: Notice<Mine, N>): void {
    this.#say(JSON.stringify({ t: "tell", name, with: notice }));
  }

  /** Takes a control message. @throws HandrailError `protocol-violation` */
  receive(text: string): void {
    const message = parseEnvelope(text);
    switch (message.t) {
      case "call":
        return this.#answer(message.id, message.name, message.with);
      case "tell":
        return this.#hear(message.name, message.with);
      case "done":
      case "refused":
        return this.#settle(message);
    }
  }

  /** The link is gone: whatever was asked will not be answered. */
  lost(code: ErrorCode = "unavailable"): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const each of pending) each.reject(new HandrailError(code, "the link is gone"));
  }

  #ask(question: { t: "call"; id: number; name: string; with: unknown }): void {
    try {
      this.#say(JSON.stringify(question));
    } catch (error) {
      // Too large to be said: it must not stay open.
      this.#pending.get(question.id)?.reject(toHandrailError(error));
      this.#pending.delete(question.id);
    }
  }

  #answer(id: number, name: string, raw: unknown): void {
    const refuse = (error: HandrailError) => {
      this.#failed(error, name);
      const message = error.code === "internal" ? "" : error.message;
      this.#say(JSON.stringify({ t: "refused", id, code: error.code, message }));
    };
    const shape = Object.hasOwn(this.#theirs.calls, name) ? this.#theirs.calls[name] : undefined;
    if (!shape) return refuse(new HandrailError("not-found", `unknown call ${name.slice(0, 64)}`));
    if (this.#answering >= maxPending) {
      return refuse(new HandrailError("too-slow", "too many questions at a time"));
    }
    const params = shape.params.safeParse(raw);
    if (!params.success) {
      return refuse(new HandrailError("bad-request", z.prettifyError(params.error)));
    }
    // The table of handlers has the same names as the table of calls; TypeScript cannot follow a
    // name that is only known while running.
    const handler = this.#handlers[name as CallName<Theirs>];
    this.#answering++;
    void Promise.resolve()
      .then(() => handler(params.data as Params<Theirs, CallName<Theirs>>))
      .then((result) => this.#say(JSON.stringify({ t: "done", id, result: result ?? null })))
      // Also for an answer that is too large to be said.
      .catch((error: unknown) => refuse(toHandrailError(error)))
      .finally(() => this.#answering--);
  }

  #hear(name: string, raw: unknown): void {
    if (!Object.hasOwn(this.#theirs.notices, name)) return;
    const notice = this.#theirs.notices[name]?.safeParse(raw);
    if (!notice?.success) throw new HandrailError("protocol-violation", `ill-formed ${name}`);
    const listener = this.#listeners[name as NoticeName<Theirs>];
    listener(notice.data as Notice<Theirs, NoticeName<Theirs>>);
  }

  #settle(message: { t: "done"; id: number; result: unknown } | Refusal): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    this.#pending.delete(message.id);
    if (message.t === "refused") {
      const code = isErrorCode(message.code) ? message.code : "internal";
      return pending.reject(new HandrailError(code, message.message));
    }
    const result = pending.result.safeParse(message.result);
    if (result.success) pending.resolve(result.data);
    else pending.reject(new HandrailError("protocol-violation", z.prettifyError(result.error)));
  }
}

interface Refusal {
  t: "refused";
  id: number;
  code: string;
  message: string;
}

function parseEnvelope(text: string): z.infer<typeof envelope> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new HandrailError("protocol-violation", "control message is not JSON", { cause });
  }
  const parsed = envelope.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new HandrailError("protocol-violation", "ill-formed control message");
}
