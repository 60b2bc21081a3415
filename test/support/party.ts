import { WebSocket } from "ws";
import {
  type ActionOrder,
  type ActionResult,
  applianceToConsole,
  applianceToCustomer,
  type CallName,
  type Channel,
  type ChannelKind,
  type ColleagueQuestion,
  consoleSide,
  type CustomerPurpose,
  customerSide,
  Dialogue,
  encodeFrame,
  type ErrorCode,
  type Frame,
  type Hello,
  linkPath,
  linkSubprotocol,
  type Lsid,
  Mux,
  type Notice,
  type NoticeName,
  type Params,
  type Permission,
  protocolVersions,
  type Result,
  type ScriptOrder,
  type Side,
  type Welcome,
  welcomeShape,
} from "@handrail/protocol";
import { poll } from "./poll.ts";

const lowWaterBytes = 32 * 1024;
/** Longest wait for what an appliance tells, ms; it may be in an emulated machine. */
const patienceMs = 20_000;
const program = { name: "test", version: "0.1.0", platform: "linux-x64" };

/** What the customer's computer says of itself in tests. */
export const sampleCustomer = {
  name: "Carla",
  computer: "carla-pc",
  platform: "Linux",
  issue: "The printer does not print",
};

/** What a customer's client says of the computer and its owner. */
export type CustomerFacts = typeof sampleCustomer & { isElevated?: boolean };

/** What a customer says to a question. */
type Said = boolean | "no answer";
type Accepted = Extract<Welcome, { answer: "welcome" }>;

/** The appliance did not let a party in. */
export class RefusedError extends Error {
  readonly code: string;
  readonly closeCode: number;

  constructor(code: string, closeCode: number) {
    super(`refused with ${code}, closed with ${closeCode}`);
    this.name = "RefusedError";
    this.code = code;
    this.closeCode = closeCode;
  }
}

/** One end of a channel, with everything that has happened on it. */
export class Probe {
  readonly channel: Channel;
  readonly messages: Uint8Array[] = [];
  isOpen = false;
  /** How it ended; undefined while it has not. */
  ended: { code: ErrorCode | undefined; reason: string } | undefined;

  constructor(channel: Channel) {
    this.channel = channel;
    channel.listener = {
      message: (bytes) => void this.messages.push(bytes),
      open: () => void (this.isOpen = true),
      closed: (code, reason) => void (this.ended = { code, reason }),
    };
  }

  send(message: Uint8Array | string): void {
    this.channel.send(typeof message === "string" ? new TextEncoder().encode(message) : message);
  }

  /** All messages so far as texts. */
  get texts(): string[] {
    return this.messages.map((bytes) => new TextDecoder().decode(bytes));
  }

  /** Waits for a message with this text. */
  async text(wanted: string): Promise<void> {
    await poll(`the channel brings ${wanted}`, () => this.texts.includes(wanted), patienceMs);
  }

  async opened(): Promise<this> {
    await poll("the channel is accepted", () => this.isOpen || this.ended, patienceMs);
    // What is open for a moment only was not refused.
    if (!this.isOpen) throw new Error(`the channel was refused with ${this.ended?.code}`);
    return this;
  }

  /** Waits for the end; the code with which it came, or "closed". */
  async end(): Promise<ErrorCode | "closed"> {
    const { code } = await poll("the channel ends", () => this.ended, patienceMs);
    return code ?? "closed";
  }
}

/** What a party heard. */
interface Heard<Theirs extends Side> {
  readonly name: NoticeName<Theirs>;
  readonly notice: unknown;
}

/**
 * One end of a link as a program has it: a real WebSocket over TLS, the protocol's Mux and Dialogue,
 * and no manners of its own. It sends what a test tells it to, allowed or not.
 */
export abstract class Party<Mine extends Side, Theirs extends Side> implements AsyncDisposable {
  readonly heard: Heard<Theirs>[] = [];
  /** Channels that the appliance has opened, the latest last. */
  readonly offered: Probe[] = [];
  /** Takes a channel that the appliance opens, from its first message on. */
  serve: (channel: Channel) => void = () => undefined;
  welcome: Accepted | undefined;
  closeCode: number | undefined;
  readonly #url: string;
  #socket: WebSocket | undefined;
  #mux: Mux;
  protected dialogue: Dialogue<Mine, Theirs> | undefined;

  constructor(url: string) {
    this.#url = url;
    this.#mux = this.#newMux();
  }

  protected abstract newDialogue(say: (text: string) => void): Dialogue<Mine, Theirs>;
  protected abstract hello(): Hello;

  /** Connects for the first time or, with `resumes`, goes on with the link. @throws RefusedError */
  async connect(resumes = false): Promise<Accepted> {
    const resume = resumes && this.welcome ? this.#resume(this.welcome.resumeToken) : {};
    if (!resumes) {
      this.#mux = this.#newMux();
      this.dialogue = this.newDialogue((text) => this.#mux.say(text));
    }
    const socket = openSocket(this.#url);
    this.closeCode = undefined;
    socket.on("close", (code) => {
      if (this.#socket === socket || !this.#socket) this.closeCode = code;
    });
    const hello = JSON.stringify({ ...this.hello(), ...resume });
    const welcome = await greet(socket, hello, {
      accepted: (answer) => {
        this.#socket = socket;
        this.welcome = answer;
        if (resumes && answer.resumed) this.#mux.resume(answer.received);
      },
      frame: (bytes) => this.#mux.receive(bytes),
    });
    this.#pump();
    return welcome;
  }

  /** The line is cut, as by a pulled plug. */
  drop(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  /** Says goodbye. */
  async leave(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    if (!socket || socket.readyState === WebSocket.CLOSED) return;
    socket.close(1000);
    await closed(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.drop();
  }

  /** The bare socket, for what a well-behaved end would never send. */
  get socket(): WebSocket {
    if (!this.#socket) throw new Error("not connected");
    return this.#socket;
  }

  call<N extends CallName<Mine>>(name: N, params: Params<Mine, N>): Promise<Result<Mine, N>> {
    if (!this.dialogue) throw new Error("not connected");
    return this.dialogue.call(name, params);
  }

  /** Asks, and gives the code of the refusal; "allowed" when there was none. */
  async outcome<N extends CallName<Mine>>(name: N, params: Params<Mine, N>): Promise<string> {
    return this.call(name, params).then(
      () => "allowed",
      (error: unknown) => (error instanceof Error && "code" in error ? String(error.code) : "?"),
    );
  }

  tell<N extends NoticeName<Mine>>(name: N, notice: Notice<Mine, N>): void {
    this.dialogue?.tell(name, notice);
  }

  open(kind: ChannelKind, lsid: Lsid, run?: string): Probe {
    return new Probe(this.#mux.open({ kind, lsid, run }));
  }

  /** Sends a frame that the protocol's own end would not make. */
  inject(frame: Frame): void {
    this.#mux.memory.sending(frame);
    this.socket.send(encodeFrame(frame));
  }

  /** Everything heard under a name, oldest first. */
  all<N extends NoticeName<Theirs>>(name: N): Notice<Theirs, N>[] {
    // Parsed by the dialogue with the shape of this name before it was kept.
    return this.heard
      .filter((each) => each.name === name)
      .map((e) => e.notice as Notice<Theirs, N>);
  }

  /** The latest notice of a name that fits, waiting for it if need be. */
  async hears<N extends NoticeName<Theirs>>(
    name: N,
    fits: (notice: Notice<Theirs, N>) => boolean = () => true,
  ): Promise<Notice<Theirs, N>> {
    return poll(`${name} is heard`, () => this.all(name).findLast(fits), patienceMs);
  }

  /** Waits until the link was closed; its close code. */
  async closes(): Promise<number> {
    return poll("the link is closed", () => this.closeCode, patienceMs);
  }

  /** Whatever is heard from now on. */
  forget(): void {
    this.heard.length = 0;
  }

  protected hear(name: NoticeName<Theirs>, notice: unknown): void {
    this.heard.push({ name, notice });
  }

  #resume(token: string) {
    return { resume: { token, received: this.#mux.memory.received } };
  }

  #newMux(): Mux {
    return new Mux({
      side: "connecting",
      now: () => performance.now(),
      wake: () => queueMicrotask(() => this.#pump()),
      control: (text) => this.dialogue?.receive(text),
      opened: (_request, channel) => {
        this.offered.push(new Probe(channel));
        this.serve(channel);
      },
    });
  }

  #pump(): void {
    const socket = this.#socket;
    while (socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < lowWaterBytes) {
      const frame = this.#mux.pull();
      if (!frame) return;
      socket.send(encodeFrame(frame), () => this.#pump());
    }
  }
}

/** A console that does what it is told. */
export class ConsoleEnd extends Party<typeof consoleSide, typeof applianceToConsole> {
  accessToken: string;
  /** What the person answers to a colleague; without an answer nobody sits there. */
  answer: (question: ColleagueQuestion) => boolean | undefined = () => true;

  constructor(url: string, accessToken: string) {
    super(url);
    this.accessToken = accessToken;
  }

  /** Makes a key and gives what a customer needs of it. */
  async key(): Promise<{ lsid: Lsid; key: string }> {
    return this.call("key.create", {});
  }

  protected hello(): Hello {
    return {
      role: "console",
      versions: [...protocolVersions],
      program,
      accessToken: this.accessToken,
    };
  }

  protected newDialogue(say: (text: string) => void) {
    const names = Object.keys(applianceToConsole.notices);
    return new Dialogue<typeof consoleSide, typeof applianceToConsole>({
      mine: consoleSide,
      theirs: applianceToConsole,
      handlers: {},
      listeners: {
        ...ears(names, (name, notice) => this.hear(name, notice)),
        "colleague.asked": (question) => this.#asked(question),
      },
      say,
      failed: () => undefined,
    });
  }

  #asked(question: ColleagueQuestion): void {
    this.hear("colleague.asked", question);
    const { lsid, ask, from } = question;
    const yes = this.answer(question);
    if (yes !== undefined) void this.outcome("colleague.answer", { lsid, ask, from, yes });
  }
}

/** A customer's client that does what it is told. */
export class CustomerEnd extends Party<typeof customerSide, typeof applianceToCustomer> {
  readonly facts: CustomerFacts;
  /** What was asked for, oldest first. */
  readonly asked: Permission[] = [];
  /** What for, of each. */
  readonly purposes: (CustomerPurpose | undefined)[] = [];
  /** Scripts that are to be run, oldest first. */
  readonly orders: ScriptOrder[] = [];
  /** Special actions that were ordered, oldest first. */
  readonly ordered: ActionOrder[] = [];
  /** What comes of a special action. */
  act: (order: ActionOrder) => ActionResult | Promise<ActionResult> = () => ({ outcome: "done" });
  /** What the person answers; without an answer nobody sits there. */
  answer: (permission: Permission) => Said | Promise<Said> = () => true;
  credential: { key: string } | { ticket: string } | { returning: string };
  /** Of the wire, as it says. */
  versions: readonly number[] = protocolVersions;

  constructor(
    url: string,
    credential: { key: string } | { ticket: string } | { returning: string },
    facts: CustomerFacts = sampleCustomer,
  ) {
    super(url);
    this.credential = credential;
    this.facts = facts;
  }

  /** The ticket with which it may come back. */
  get ticket(): string {
    return this.welcome?.session?.ticket ?? "";
  }

  protected hello(): Hello {
    return {
      role: "customer",
      versions: [...this.versions],
      program,
      credential: this.credential,
      customer: this.facts,
    };
  }

  protected newDialogue(say: (text: string) => void) {
    const names = Object.keys(applianceToCustomer.notices);
    return new Dialogue<typeof customerSide, typeof applianceToCustomer>({
      mine: customerSide,
      theirs: applianceToCustomer,
      handlers: {
        "consent.ask": async ({ permission, purpose }) => {
          this.asked.push(permission);
          this.purposes.push(purpose);
          const answer = await this.answer(permission);
          return answer === "no answer" ? { granted: false, because: answer } : { granted: answer };
        },
        "action.run": (order) => {
          this.ordered.push(order);
          return this.act(order);
        },
        "script.hold": (order) => {
          this.orders.push(order);
          return null;
        },
      },
      listeners: ears(names, (name, notice) => this.hear(name, notice)),
      say,
      failed: () => undefined,
    });
  }
}

/** Connects a console. @throws RefusedError */
export async function connectConsole(url: string, accessToken: string): Promise<ConsoleEnd> {
  const end = new ConsoleEnd(url, accessToken);
  await end.connect();
  return end;
}

/** Connects a customer's client with a key or a ticket. @throws RefusedError */
export async function connectCustomer(
  url: string,
  credential: { key: string } | { ticket: string } | { returning: string },
  facts: CustomerFacts = sampleCustomer,
): Promise<CustomerEnd> {
  const end = new CustomerEnd(url, credential, facts);
  await end.connect();
  // From now on it comes back with its ticket, never with the key.
  end.credential = { ticket: end.ticket };
  return end;
}

/** A socket to the link of an appliance whose certificate was just made. */
export function openSocket(url: string): WebSocket {
  return new WebSocket(new URL(linkPath, url.replace(/^https/, "wss")), linkSubprotocol, {
    rejectUnauthorized: false,
    perMessageDeflate: true,
    generateMask: (mask) => mask.fill(0),
  });
}

/** One ear for every notice of a side. */
function ears<Name extends string>(
  names: readonly string[],
  hear: (name: Name, notice: unknown) => void,
): Record<Name, (notice: unknown) => void> {
  const table = names.map((name) => [name, (notice: unknown) => hear(name as Name, notice)]);
  return Object.fromEntries(table) as Record<Name, (notice: unknown) => void>;
}

/** Says hello. Frames may come right behind the welcome, before a promise would be noticed. */
function greet(
  socket: WebSocket,
  hello: string,
  ears: { accepted: (welcome: Accepted) => void; frame: (bytes: Uint8Array) => void },
): Promise<Accepted> {
  return new Promise((resolve, reject) => {
    let isAccepted = false;
    socket.once("open", () => socket.send(hello));
    socket.once("error", reject);
    socket.once("close", (code) => reject(new RefusedError("closed", code)));
    socket.on("message", (data: Buffer) => {
      if (isAccepted) {
        return ears.frame(new Uint8Array(data.buffer, data.byteOffset, data.length));
      }
      const answer = welcomeShape.parse(JSON.parse(data.toString("utf8")));
      if (answer.answer === "refused") {
        socket.removeAllListeners("close");
        socket.once("close", (code) => reject(new RefusedError(answer.code, code)));
        return;
      }
      isAccepted = true;
      ears.accepted(answer);
      resolve(answer);
    });
  });
}

function closed(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => socket.once("close", (code) => resolve(code)));
}
