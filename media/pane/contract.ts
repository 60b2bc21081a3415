import type {
  ChatMessage,
  ColleaguePointer,
  ErrorCode,
  FieldDefinition,
  FieldValue,
  KeptNote,
  Lsid,
  Permission,
  Place,
  RepresentativeId,
  SessionEvent,
  SessionView,
  UnixMs,
} from "@handrail/protocol";

/**
 * What is said between the extension host and its webviews ("panes"). For each pane one table:
 * - requests: pane to host, answered with a result or a code of the error catalogue;
 * - notifications: pane to host, not answered;
 * - commands: host to pane, not answered.
 * Both ends hand a complete map of handlers to their end (`ends.ts`): a missing one does not
 * compile. The host holds all state and sends it again whenever a pane says `ready`, which it does
 * each time that it is loaded. Imports nothing but types; knows neither the DOM nor vscode.
 */
export interface PaneTable {
  readonly requests: Readonly<Record<string, { params: unknown; result: unknown }>>;
  readonly notifications: Readonly<Record<string, unknown>>;
  readonly commands: Readonly<Record<string, unknown>>;
}

export { HostEnd, PaneEnd, type CommandHandlers, type HostHandlers } from "./ends.ts";
export { type PaneDocument, paneDocument } from "./document.ts";

/** Languages that the panes speak. */
export const paneLanguages = ["en", "fr"] as const;
/** A language that the panes speak. */
export type PaneLanguage = (typeof paneLanguages)[number];

/**
 * How the surface stream reaches a pane.
 * - An address: the pane opens a WebSocket there and sends `token` as its first message, as text;
 *   the token works once and the host closes the socket with 4401 when it is wrong. After it, each
 *   binary message to the pane is one surface message, each binary message to the host is one byte
 *   of `streamChannels` followed by one viewer or input message.
 * - "messages": the same messages by postMessage (`HostEnd.sendSurface`), at most
 *   `maxSurfaceInFlight` of them on their way, for where the pane cannot reach the host's loopback.
 * Whoever offers a stream has taken the one before it away. A pane that loses its socket asks for
 * another with `stream.request`.
 */
export type StreamOffer =
  | { readonly stream: { readonly url: string; readonly token: string } }
  | { readonly stream: "messages" };

/** First byte of what a pane sends over the stream: a viewer message or an input message. */
export const streamChannels = { viewer: 0, input: 1 } as const;
/** One of the numbers above. */
export type StreamChannel = (typeof streamChannels)[keyof typeof streamChannels];

/** Most surface messages on their way by postMessage that the pane has not taken yet. */
export const maxSurfaceInFlight = 3;

/** Keys that a local system keeps for itself, or that a keyboard lacks. */
export const specialKeys = [
  "ctrl-alt-delete",
  "alt-tab",
  "alt-f4",
  "super",
  "menu",
  "escape",
  "ctrl-escape",
  "print-screen",
  "ctrl-alt-t",
  "ctrl-alt-f1",
  "ctrl-alt-f7",
] as const;
/** One of them. */
export type SpecialKey = (typeof specialKeys)[number];

/** How the surface is shown: fitted to the pane, or one surface pixel to one device pixel. */
export type Zoom = "fit" | "actual";
/** The parts of the side panel. */
export type SidePart = "chat" | "notes" | "information" | "events";

/** How the representative has set up the view; kept by the host. `monitor`: id, or all of them. */
export interface ViewSettings {
  readonly zoom: Zoom;
  readonly monitor: number | "all";
  /** Nothing that is done in the pane goes to the customer's computer. */
  readonly viewOnly: boolean;
  /** Which part of the side panel is open. */
  readonly side: SidePart | "none";
}

/** A note on a session, as panes show it. */
export type PaneNote = KeptNote;

/** All that the session pane shows except for the picture, chat and events. */
export interface SessionPaneState {
  readonly language: PaneLanguage;
  readonly lsid: Lsid;
  readonly me: { readonly id: RepresentativeId; readonly name: string };
  readonly session: SessionView;
  /** The link to the appliance. */
  readonly connection: "connected" | "reconnecting" | "signed-out";
  /** Why the appliance has let this console in no more, where it said so. */
  readonly refusal?: ErrorCode | undefined;
  readonly view: ViewSettings;
  /** Requests of this representative that the customer has not answered yet. */
  readonly asking: readonly Permission[];
  /** What there is to be filled in. */
  readonly fields: readonly FieldDefinition[];
}

/** How decoding went since the last report; times are of one message, arrival to painted. */
export interface DecodeStatistics {
  readonly updates: number;
  readonly sizeBytes: number;
  readonly paintMsP50: number;
  readonly paintMsP95: number;
  readonly updatesPerSecond: number;
}

/** A picture as a PNG file. */
export interface Screenshot {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Something the representative must know now. `code` is for the log, `text` is shown. */
export interface PaneWarning {
  readonly code: string;
  readonly text: string;
  readonly at: UnixMs;
}

interface Call<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}
type None = null;
/** False when the person thought better of it in the host's own dialogue. */
interface Done {
  readonly done: boolean;
}

/** What the host opens for a session beside its tab. */
export const paneTools = ["actions", "shell", "files", "system", "scripts"] as const;
export type PaneTool = (typeof paneTools)[number];

/** The editor tab of a session: screen, toolbar, chat, information, events. */
export interface SessionPane extends PaneTable {
  readonly requests: {
    "chat.send": Call<{ text: string }, ChatMessage>;
    /**
     * The host asks which canned message; null when the person thinks better of it. `isAny`: whether
     * the site has any.
     */
    "chat.canned": Call<None, { text: string | null; isAny: boolean }>;
    /** The host asks for the address. */
    "chat.push-url": Call<None, Done>;
    /** Sends a file; null: the host asks which. Resolves when it is announced. */
    "chat.send-file": Call<{ file: { name: string; bytes: Uint8Array } | null }, None>;
    /** The host asks where to, and saves the customer's file of that line. */
    "chat.save-file": Call<{ seq: number }, None>;
    "chat.nudge": Call<None, None>;
    "note.keep": Call<{ text: string }, None>;
    /** Fills one field of the session in. */
    "session.fill-in": Call<Pick<FieldValue, "id" | "value">, None>;
    "transcript.save": Call<None, None>;
    /** Resolves when the customer has decided. */
    "permission.request": Call<{ permission: Permission }, { granted: boolean }>;
    "control.take": Call<{ force: boolean }, None>;
    /** Asks the colleague who has them; resolves when they have answered. */
    "control.ask": Call<None, None>;
    "control.release": Call<None, None>;
    /** The host uses a tool in the session, asking what is to be asked. */
    "tool.use": Call<{ tool: PaneTool }, None>;
    "record.start": Call<None, None>;
    "record.stop": Call<None, None>;
    "session.accept": Call<None, None>;
    /** The host asks to whom, or whether really, in its own dialogues. */
    "session.transfer": Call<None, Done>;
    "session.share": Call<None, Done>;
    /** Of who only watches; resolves when a colleague has answered. */
    "session.ask-part": Call<None, None>;
    /** Opens the way to draw, asking the customer where that is needed; `pen.message` follows. */
    "pen.start": Call<None, Done>;
    "session.leave": Call<None, Done>;
    "session.end": Call<None, Done>;
    /** Puts a file where the person says; the path is shown. */
    "screenshot.save": Call<Screenshot, { path: string | null }>;
    "recording.open": Call<None, None>;
    "link.open": Call<{ url: string }, None>;
    "text.copy": Call<{ text: string }, None>;
    /**
     * Sends to the customer's clipboard: an image, or with null what the host's own clipboard holds
     * as text; not `done`: it holds none.
     */
    "clipboard.send": Call<{ png: Uint8Array | null }, Done>;
    /** Gets what the customer has copied; an image comes as `clipboard.image`. */
    "clipboard.get": Call<None, None>;
    "tab.close": Call<None, None>;
    /** Asks for a new `stream` command, after the last one's socket was lost. */
    "stream.request": Call<None, None>;
  };
  readonly notifications: {
    /** Loaded and listening: send `state`, `history` and `stream`. */
    ready: None;
    /** Sets or clears the context key `handrail.keyboardGrabbed`. */
    "keyboard.grabbed": { grabbed: boolean };
    "chat.typing": None;
    "view.changed": ViewSettings;
    /** A message of a `draw` channel. */
    "pen.message": { bytes: Uint8Array };
    "pen.stop": None;
    /** Where one points on the picture, for colleagues; null: nowhere any more. */
    "pointer.at": { at: Place | null };
    statistics: DecodeStatistics;
    /** A fault for the log; what the person needs to know the pane shows itself. */
    failed: { code: ErrorCode; message: string };
  };
  readonly commands: {
    state: SessionPaneState;
    /** Replaces chat and events. */
    history: {
      chat: readonly ChatMessage[];
      events: readonly SessionEvent[];
      notes: readonly PaneNote[];
    };
    "note.kept": PaneNote;
    "chat.message": ChatMessage;
    "chat.typing": { name: string };
    /** Puts a text where one writes. */
    "chat.insert": { text: string };
    "session.event": SessionEvent;
    warning: PaneWarning;
    /** What came of something: `isGood` goes by itself, what is not waits to be dismissed. */
    notice: { text: string; isGood: boolean };
    stream: StreamOffer;
    /** The screen cannot be watched now (no permission, customer away): shown, and why. */
    "stream.closed": { code: ErrorCode };
    "view.set": Partial<ViewSettings>;
    /** Puts an image from the customer onto the clipboard. */
    "clipboard.image": { png: Uint8Array };
    /** Sends the image that is on the clipboard: there is no text on it. */
    "clipboard.read": None;
    "keys.send": { keys: SpecialKey };
    "text.send": { text: string };
    /** Answers with `screenshot.save`. */
    "screenshot.take": None;
    "pen.toggle": None;
    "pen.clear": None;
    /** The way to draw is gone. */
    "pen.ended": None;
    /** Where colleagues point; those who have not moved are left out. */
    pointers: { pointers: readonly ColleaguePointer[] };
    "keyboard.grab": None;
    "keyboard.release": None;
    focus: { part: "screen" | "chat" | "notes" };
  };
}

/** All that the player shows besides the recording itself. */
export interface PlayerPaneState {
  readonly language: PaneLanguage;
  /** Of the file as the person knows it. */
  readonly title: string;
  readonly sizeBytes: number;
}

/** The editor of a recording. */
export interface PlayerPane extends PaneTable {
  readonly requests: {
    /** The bytes from `fromByte` on, at most `maxBytes`; none at the end of the file. */
    "recording.read": Call<{ fromByte: number; maxBytes: number }, { bytes: Uint8Array }>;
    "screenshot.save": Call<Screenshot, { path: string | null }>;
    "link.open": Call<{ url: string }, None>;
  };
  readonly notifications: {
    ready: None;
    failed: { code: ErrorCode; message: string };
  };
  readonly commands: {
    state: PlayerPaneState;
    "play.toggle": None;
    "play.seekBy": { ms: number };
    "screenshot.take": None;
  };
}
