import type { ErrorCode } from "@handrail/protocol";
import type { PaneTable, StreamChannel } from "./contract.ts";

/** Complete answers of the host to a pane. */
export interface HostHandlers<T extends PaneTable> {
  readonly requests: {
    [N in keyof T["requests"]]: (
      params: T["requests"][N]["params"],
    ) => Promise<T["requests"][N]["result"]> | T["requests"][N]["result"];
  };
  readonly notifications: {
    [N in keyof T["notifications"]]: (notification: T["notifications"][N]) => void;
  };
}

/** Complete ears of a pane for its host. */
export type CommandHandlers<T extends PaneTable> = {
  [N in keyof T["commands"]]: (command: T["commands"][N]) => void;
};

/** A refusal as it crosses to the pane. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What goes from pane to host. */
type FromPane =
  | { t: "request"; id: number; name: string; with: unknown }
  | { t: "notification"; name: string; with: unknown }
  | { t: "stream"; channel: StreamChannel; bytes: Uint8Array }
  | { t: "taken" };

/** What goes from host to pane. */
type FromHost =
  | { t: "result"; id: number; value: unknown }
  | { t: "refused"; id: number; refusal: Refusal }
  | { t: "command"; name: string; with: unknown }
  | { t: "surface"; bytes: Uint8Array };

/** A request was refused by the host; `code` is of the error catalogue. */
export class PaneRefusal extends Error {
  readonly code: ErrorCode;

  constructor({ code, message }: Refusal) {
    super(message);
    this.name = "PaneRefusal";
    this.code = code;
  }
}

/**
 * The host's end of a pane. `receive` takes whatever the webview posted; a message that is not
 * ours, or a name that the table lacks, is ignored: panes of an older bundle may still be open.
 */
export class HostEnd<T extends PaneTable> {
  readonly #handlers: HostHandlers<T>;
  readonly #post: (message: unknown) => void;
  readonly #refusalOf: (error: unknown) => Refusal;
  readonly #fromStream: (channel: StreamChannel, message: Uint8Array) => void;
  readonly #taken: () => void;
  #surfaceInFlight = 0;

  constructor(options: {
    handlers: HostHandlers<T>;
    /** `webview.postMessage`. */
    post: (message: unknown) => void;
    /** Turns what a handler threw into what the pane may know. */
    refusalOf: (error: unknown) => Refusal;
    /** Viewer and input messages of a pane without a socket. */
    fromStream?: (channel: StreamChannel, message: Uint8Array) => void;
    /** The pane has taken one more surface message. */
    taken?: () => void;
  }) {
    this.#handlers = options.handlers;
    this.#post = options.post;
    this.#refusalOf = options.refusalOf;
    this.#fromStream = options.fromStream ?? (() => undefined);
    this.#taken = options.taken ?? (() => undefined);
  }

  /** Surface messages on their way; keep it at or below `maxSurfaceInFlight`. */
  get surfaceInFlight(): number {
    return this.#surfaceInFlight;
  }

  command<N extends keyof T["commands"] & string>(name: N, command: T["commands"][N]): void {
    this.#say({ t: "command", name, with: command });
  }

  /** Sends one surface message by postMessage, as an exact copy of its bytes. */
  sendSurface(message: Uint8Array): void {
    this.#surfaceInFlight++;
    this.#say({ t: "surface", bytes: message.slice() });
  }

  receive(raw: unknown): void {
    if (!isMessage(raw)) return;
    // Both ends are built from this file; the shape behind `t` is the one that PaneEnd posts.
    const message = raw as FromPane;
    switch (message.t) {
      case "request":
        return this.#answer(message.id, message.name, message.with);
      case "notification":
        return void handlerNamed(this.#handlers.notifications, message.name)?.(message.with);
      case "stream":
        return this.#fromStream(message.channel, message.bytes);
      case "taken":
        this.#surfaceInFlight = Math.max(0, this.#surfaceInFlight - 1);
        return this.#taken();
    }
  }

  /** The webview was loaded anew: whatever was on its way is gone. */
  reset(): void {
    this.#surfaceInFlight = 0;
  }

  #answer(id: number, name: string, params: unknown): void {
    const handler = handlerNamed(this.#handlers.requests, name);
    if (!handler) {
      const refusal: Refusal = { code: "not-found", message: `unknown request ${name}` };
      return this.#say({ t: "refused", id, refusal });
    }
    void Promise.resolve()
      .then(() => handler(params))
      .then(
        (value) => this.#say({ t: "result", id, value }),
        (error: unknown) => this.#say({ t: "refused", id, refusal: this.#refusalOf(error) }),
      );
  }

  #say(message: FromHost): void {
    this.#post(message);
  }
}

/** The pane's end; `receive` takes the data of a `message` event. */
export class PaneEnd<T extends PaneTable> {
  readonly #handlers: CommandHandlers<T>;
  readonly #post: (message: unknown) => void;
  readonly #pending = new Map<number, (answer: FromHost) => void>();
  #surface: ((message: Uint8Array) => void) | undefined;
  #nextId = 1;

  constructor(options: { handlers: CommandHandlers<T>; post: (message: unknown) => void }) {
    this.#handlers = options.handlers;
    this.#post = options.post;
  }

  /** Asks the host. @throws PaneRefusal with the host's code */
  request<N extends keyof T["requests"] & string>(
    name: N,
    params: T["requests"][N]["params"],
  ): Promise<T["requests"][N]["result"]> {
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, (answer) => {
        if (answer.t === "refused") reject(new PaneRefusal(answer.refusal));
        else if (answer.t === "result") resolve(answer.value);
      });
      this.#say({ t: "request", id, name, with: params });
    });
  }

  notify<N extends keyof T["notifications"] & string>(
    name: N,
    notification: T["notifications"][N],
  ): void {
    this.#say({ t: "notification", name, with: notification });
  }

  /** Who takes surface messages that come by postMessage, each confirmed with `taken`. */
  onSurface(take: ((message: Uint8Array) => void) | undefined): void {
    this.#surface = take;
  }

  /** Tells the host that one surface message was taken and there is room for another. */
  taken(): void {
    this.#say({ t: "taken" });
  }

  /** A viewer or input message, where there is no socket. */
  sendStream(channel: StreamChannel, message: Uint8Array): void {
    this.#say({ t: "stream", channel, bytes: message.slice() });
  }

  receive(raw: unknown): void {
    if (!isMessage(raw)) return;
    // As in HostEnd: the shape behind `t` is the one that the other class posts.
    const message = raw as FromHost;
    switch (message.t) {
      case "command":
        return void handlerNamed(this.#handlers, message.name)?.(message.with);
      case "surface":
        return this.#surface?.(message.bytes);
      case "result":
      case "refused":
        this.#pending.get(message.id)?.(message);
        this.#pending.delete(message.id);
    }
  }

  #say(message: FromPane): void {
    this.#post(message);
  }
}

function isMessage(raw: unknown): raw is { t: string } {
  return typeof raw === "object" && raw !== null && "t" in raw && typeof raw.t === "string";
}

/** The tables know which shape belongs to which name; a name that comes from outside may not. */
function handlerNamed(table: object, name: string): ((value: unknown) => unknown) | undefined {
  const handler: unknown = Object.hasOwn(table, name) ? Reflect.get(table, name) : undefined;
  if (typeof handler !== "function") return undefined;
  return (value): unknown => Reflect.apply(handler, table, [value]);
}
