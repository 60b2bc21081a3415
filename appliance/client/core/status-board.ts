import {
  type applianceToCustomer,
  type Notice,
  type Permission,
  type Tool,
  tools as toolTable,
} from "@handrail/protocol";
import type { FileWay } from "./chat-file/book.ts";
import type { ElevationUse } from "./elevation/host.ts";
import type { HelpWindow } from "./host.ts";
import { mayTexts } from "./may-texts.ts";
import type { PolicyGate } from "./policy-gate.ts";
import type { Texts } from "./texts.ts";
import type { Obstacle } from "./wire.ts";

type SessionChange = Notice<typeof applianceToCustomer, "session.changed">;

/** Keeps the help window's lines in agreement with line, session and permissions. */
export class StatusBoard {
  readonly #window: HelpWindow;
  readonly #texts: Texts;
  readonly #warnings = new Map<string, string>();
  readonly #lastDone = new Map<Tool, string>();
  #siteName: string;
  #line: "connecting" | "unreachable" | "online" | "away" = "connecting";
  #session: SessionChange | undefined;
  #allowed: string[] = [];
  #isSeen = false;
  #maySendFiles = false;
  #mayWrite = true;
  #fileWays: (by: string) => readonly FileWay[] = () => [];
  #elevations: () => readonly ElevationUse[] = () => [];
  #doing: string | undefined;
  #standing: string | undefined;

  constructor(window: HelpWindow, texts: Texts, siteName: string) {
    this.#window = window;
    this.#texts = texts;
    this.#siteName = siteName;
    this.#show();
  }

  /** The names of those who help, as one text; empty when nobody does. */
  get representatives(): string {
    return this.#session?.representatives.join(", ") ?? "";
  }

  /** The name of who helps, when it is one person. */
  get onlyRepresentative(): string | undefined {
    const names = this.#session?.representatives ?? [];
    return names.length === 1 ? names[0] : undefined;
  }

  get siteName(): string {
    return this.#siteName;
  }

  setSite(name: string): void {
    this.#siteName = name;
    this.#show();
  }

  /** `obstacle`: what kept the last attempt from getting through, where that is known. */
  setLine(line: "online" | "away", obstacle?: Obstacle): void {
    const hasBeenOnline = this.#line === "online" || this.#line === "away";
    this.#line = line === "away" && !hasBeenOnline ? "unreachable" : line;
    this.warn("line", obstacle && this.#texts.obstacles[obstacle]);
  }

  setSession(session: SessionChange): void {
    this.#session = session;
    this.#show();
  }

  /** Shows a warning, or takes away the one of the same `about`. */
  warn(about: string, text: string | undefined): void {
    if (text) this.#warnings.set(about, text);
    else this.#warnings.delete(about);
    this.#show();
  }

  /** Keeps what was last done with a tool in sight, where there are words for it. */
  happened(
    tool: Tool,
    { event, by, format }: { event: string; by: string; format: unknown },
  ): void {
    const text = this.#texts.lastDone[event]?.(by || this.#texts.someone, String(format));
    if (text !== undefined) this.#lastDone.set(tool, text);
  }

  /** Where it is known which way a representative of that name exchanges files. */
  set fileWays(fileWays: (by: string) => readonly FileWay[]) {
    this.#fileWays = fileWays;
  }

  /** Where it is known who has been allowed an administrator's rights. */
  set elevations(elevations: () => readonly ElevationUse[]) {
    this.#elevations = elevations;
  }

  /** Says what is being done now, at the head of what is allowed; undefined: nothing. */
  setDoing(doing: string | undefined): void {
    this.#doing = doing;
    this.#show();
  }

  /** Whether messages can be written: not while the customer types a password elsewhere. */
  setWriting(mayWrite: boolean): void {
    if (this.#mayWrite === mayWrite) return;
    this.#mayWrite = mayWrite;
    this.#show();
  }

  /** Says something at the very head for as long as this program runs. */
  setStanding(standing: string): void {
    this.#standing = standing;
    this.#show();
  }

  /** Lists what the gate allows now. */
  update(gate: PolicyGate): void {
    this.#isSeen = gate.may("view");
    this.#maySendFiles = gate.may("chat-file");
    const inUse: ReadonlySet<Permission> = new Set(
      this.#session?.tools?.map(({ tool }) => toolTable[tool].permission),
    );
    this.#allowed = [
      ...this.#usesNow(gate),
      ...this.#rightsNow(gate),
      ...this.#lastDoneOf(gate),
      // What is being done says that it is allowed, too.
      ...this.#mayLines().flatMap(([permission, text]) =>
        gate.may(permission) && !inUse.has(permission) ? [text] : [],
      ),
    ];
    this.#show();
  }

  /** What the appliance says is used: what the customer is still being asked for is not. */
  #usesNow(gate: PolicyGate): string[] {
    const { uses } = this.#texts;
    const files = new Map<string, number>();
    return (this.#session?.tools ?? []).flatMap(({ tool, by, what = "" }) => {
      // Of rights each one is asked for, whatever is allowed: see below.
      if (tool === "elevate" || !gate.may(toolTable[tool].permission)) return [];
      if (tool !== "chat-file") return [uses[tool](by, what)];
      const at = files.get(by) ?? 0;
      files.set(by, at + 1);
      return [uses[tool](by, this.#fileWays(by)[at] ?? "")];
    });
  }

  #rightsNow(gate: PolicyGate): string[] {
    if (!gate.may("elevate")) return [];
    const { elevation, someone } = this.#texts;
    return this.#elevations().map((use) => elevation.uses({ ...use, by: use.by || someone }));
  }

  /** The name of who may do something, when it is one person: who only watches may not. */
  get #onlyHand(): string | undefined {
    const hands = [...(this.#session?.representatives ?? [])];
    for (const name of this.#session?.watching ?? []) {
      const at = hands.indexOf(name);
      if (at !== -1) hands.splice(at, 1);
    }
    return hands.length === 1 ? hands[0] : undefined;
  }

  /** Those who help, and of whom it is said that they only watch. */
  #helpers(): string[] {
    const watching = [...(this.#session?.watching ?? [])];
    return (this.#session?.representatives ?? []).map((name) => {
      const at = watching.indexOf(name);
      if (at === -1) return name;
      // Two of one name may be there, of whom one watches.
      watching.splice(at, 1);
      return this.#texts.watches(name);
    });
  }

  #mayLines(): [Permission, string][] {
    const controller = this.#session?.controller;
    const texts = controller
      ? { ...this.#texts, mayControl: this.#texts.controls(controller) }
      : this.#texts;
    return [...mayTexts(texts, this.#onlyHand)];
  }

  /** What is not allowed any more is not spoken of either. */
  #lastDoneOf(gate: PolicyGate): string[] {
    for (const tool of this.#lastDone.keys()) {
      if (!gate.may(toolTable[tool].permission)) this.#lastDone.delete(tool);
    }
    return [...this.#lastDone.values()];
  }

  #show(): void {
    const warning = [...this.#warnings.values()].join(" ");
    this.#window.show({
      siteName: this.#siteName,
      representatives: this.#helpers(),
      status: this.#status(),
      allowed: [this.#standing, this.#doing, ...this.#allowed].filter((line) => line !== undefined),
      recording: this.#session?.recording === "on",
      maySendFiles: this.#maySendFiles,
      mayWrite: this.#mayWrite,
      ...(warning ? { warning } : {}),
    });
  }

  #status(): string {
    const { connecting, unreachable, reconnecting, waiting } = this.#texts;
    const { connected, connectedUnseen } = this.#texts;
    if (this.#line === "away") return reconnecting;
    if (this.#line !== "online") return this.#line === "connecting" ? connecting : unreachable;
    const session = this.#session;
    if (session?.state === "active") return this.#isSeen ? connected : connectedUnseen;
    return session ? waiting(session.queueName) : connecting;
  }
}
