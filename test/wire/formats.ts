import {
  applianceToConsole,
  applianceToCustomer,
  beatFrame,
  type ChatFileMessage,
  chatFileMessage,
  type ClipboardGetMessage,
  clipboardGetMessage,
  type ClipboardGotMessage,
  clipboardGotMessage,
  type ClipboardSendMessage,
  clipboardSendMessage,
  type ClipboardSentMessage,
  clipboardSentMessage,
  closeFrame,
  consoleSide,
  customerSide,
  decodeFrame,
  decodeText,
  Dialogue,
  type DownloadConsoleMessage,
  downloadConsoleMessage,
  type DownloadCustomerMessage,
  downloadCustomerMessage,
  type DrawMessage,
  drawMessage,
  encodeFrame,
  encodeRecord,
  encodeText,
  type ErrorCode,
  type FilesConsoleMessage,
  filesConsoleMessage,
  type FilesCustomerMessage,
  filesCustomerMessage,
  type ElevateConsoleMessage,
  elevateConsoleMessage,
  type ElevateCustomerMessage,
  elevateCustomerMessage,
  type FilesWriteConsoleMessage,
  filesWriteConsoleMessage,
  type FilesWriteCustomerMessage,
  filesWriteCustomerMessage,
  frameTypes,
  helloShape,
  type InputMessage,
  inputMessage,
  openFrame,
  readBeat,
  readOpen,
  readReset,
  readVarint,
  recordingMagic,
  RecordingReader,
  type RecordKind,
  recordKinds,
  resetFrame,
  type ScriptConsoleMessage,
  scriptConsoleMessage,
  type ScriptCustomerMessage,
  scriptCustomerMessage,
  type ShellConsoleMessage,
  shellConsoleMessage,
  type ShellCustomerMessage,
  shellCustomerMessage,
  type Side,
  type SurfaceMessage,
  surfaceMessage,
  type SystemActAnswer,
  systemActAnswer,
  type SystemActRequest,
  systemActRequest,
  type SystemAnswer,
  systemAnswer,
  type SystemRequest,
  systemRequest,
  varintFrame,
  type ViewerMessage,
  viewerMessage,
  welcomeShape,
} from "@handrail/protocol";
import type { z } from "zod";

/** How one kind of message is written and read. `covers`: what has to have a vector. */
export interface Format<T = unknown> {
  encode(value: T): Uint8Array[];
  decode(lines: readonly Uint8Array[]): unknown;
  /** Names the type of the message: every one in `types` must have a vector. */
  typeOf(value: T): string;
  readonly types: readonly string[];
}

type FrameValue =
  | { type: "DATA" | "DATA_MORE"; channel: number; payload: Uint8Array }
  | { type: "CREDIT" | "ACCEPT" | "ACK"; channel: number; number: number }
  | { type: "OPEN"; channel: number; wanted: unknown }
  | { type: "CLOSE"; channel: number }
  | { type: "RESET"; channel: number; code: ErrorCode; reason: string }
  | { type: "PING" | "PONG"; timeMs: number; received: number };

const frame: Format<FrameValue> = {
  types: Object.keys(frameTypes),
  typeOf: ({ type }) => type,
  encode: (value) => [encodeFrame(buildFrame(value))],
  decode: ([bytes]) => readFrame(bytes ?? new Uint8Array(0)),
};

function buildFrame(value: FrameValue) {
  switch (value.type) {
    case "DATA":
    case "DATA_MORE":
      return { ...value, type: frameTypes[value.type] };
    case "CREDIT":
    case "ACCEPT":
    case "ACK":
      return varintFrame(frameTypes[value.type], value.channel, value.number);
    case "OPEN":
      return openFrame(value.channel, value.wanted);
    case "CLOSE":
      return closeFrame(value.channel);
    case "RESET":
      return resetFrame(value.channel, value.code, value.reason);
    case "PING":
    case "PONG":
      return beatFrame(value.type, value.timeMs, value.received);
  }
}

function readFrame(bytes: Uint8Array): unknown {
  const frame = decodeFrame(bytes);
  const { channel } = frame;
  switch (frame.type) {
    case frameTypes.DATA:
      return { type: "DATA", channel, payload: frame.payload };
    case frameTypes.DATA_MORE:
      return { type: "DATA_MORE", channel, payload: frame.payload };
    case frameTypes.CREDIT:
      return { type: "CREDIT", channel, number: readVarint(frame) };
    case frameTypes.ACCEPT:
      return { type: "ACCEPT", channel, number: readVarint(frame) };
    case frameTypes.ACK:
      return { type: "ACK", channel, number: readVarint(frame) };
    case frameTypes.OPEN:
      return { type: "OPEN", channel, wanted: readOpen(frame) };
    case frameTypes.CLOSE:
      return { type: "CLOSE", channel };
    case frameTypes.RESET:
      return { type: "RESET", channel, ...readReset(frame) };
    case frameTypes.PING:
      return { type: "PING", ...readBeat(frame) };
    case frameTypes.PONG:
      return { type: "PONG", ...readBeat(frame) };
  }
}

/** A set of tagged messages, whose types are those of its tags that can be decoded. */
function taggedFormat<M extends { type: string }>(
  codec: { encode(message: M): Uint8Array; decode(bytes: Uint8Array): M },
  types: Record<M["type"], true>,
): Format<M> {
  return {
    types: Object.keys(types),
    typeOf: ({ type }) => type,
    encode: (message) => [codec.encode(message)],
    decode: ([bytes]) => codec.decode(bytes ?? new Uint8Array(0)),
  };
}

// A new type of message that is not named here does not compile.
const surface = taggedFormat<SurfaceMessage>(surfaceMessage, {
  ...{ epoch: true, update: true, preview: true, cursor: true, pointer: true, displays: true },
  restart: true,
});
const viewer = taggedFormat<ViewerMessage>(viewerMessage, {
  ...{ ack: true, refresh: true, restart: true, hold: true },
});
const input = taggedFormat<InputMessage>(inputMessage, {
  ...{ move: true, button: true, wheel: true, key: true, text: true, releaseAll: true },
});

const systemRequests: Format<SystemRequest> = {
  types: ["request"],
  typeOf: () => "request",
  encode: (request) => [systemRequest.encode(request)],
  decode: ([bytes]) => systemRequest.decode(bytes ?? new Uint8Array(0)),
};
const systemAnswers: Format<SystemAnswer> = {
  types: ["report", "failed"],
  typeOf: ({ answer }) => answer,
  encode: (answer) => [systemAnswer.encode(answer)],
  decode: ([bytes]) => systemAnswer.decode(bytes ?? new Uint8Array(0)),
};
const systemActRequests: Format<SystemActRequest> = {
  types: ["end-process", "start", "stop", "restart"],
  typeOf: ({ wanted }) => wanted.act,
  encode: (request) => [systemActRequest.encode(request)],
  decode: ([bytes]) => systemActRequest.decode(bytes ?? new Uint8Array(0)),
};
const systemActAnswers: Format<SystemActAnswer> = {
  types: ["answer"],
  typeOf: () => "answer",
  encode: (answer) => [systemActAnswer.encode(answer)],
  decode: ([bytes]) => systemActAnswer.decode(bytes ?? new Uint8Array(0)),
};
const shellConsole = taggedFormat<ShellConsoleMessage>(shellConsoleMessage, {
  ...{ start: true, attach: true, input: true, resize: true, hangUp: true, startElevated: true },
});
const shellCustomer = taggedFormat<ShellCustomerMessage>(shellCustomerMessage, {
  ...{ started: true, output: true, lost: true, title: true, exited: true },
});

const elevateConsole = taggedFormat<ElevateConsoleMessage>(elevateConsoleMessage, {
  ...{ customer: true, credentials: true, script: true },
});
const elevateCustomer = taggedFormat<ElevateCustomerMessage>(elevateCustomerMessage, {
  ...{ granted: true, refused: true },
});

const filesConsole = taggedFormat<FilesConsoleMessage>(filesConsoleMessage, {
  ...{
    places: true,
    stat: true,
    list: true,
    hash: true,
    search: true,
    watch: true,
    space: true,
    cancel: true,
  },
});
const filesCustomer = taggedFormat<FilesCustomerMessage>(filesCustomerMessage, {
  ...{
    places: true,
    stat: true,
    entries: true,
    hashed: true,
    found: true,
    watching: true,
    changed: true,
    space: true,
    failed: true,
  },
});
const downloadConsole = taggedFormat<DownloadConsoleMessage>(downloadConsoleMessage, {
  ...{ read: true, get: true, cancel: true },
});
const downloadCustomer = taggedFormat<DownloadCustomerMessage>(downloadCustomerMessage, {
  ...{ began: true, data: true, ended: true, got: true, failed: true },
});
const filesWriteConsole = taggedFormat<FilesWriteConsoleMessage>(filesWriteConsoleMessage, {
  ...{
    makeFolder: true,
    remove: true,
    rename: true,
    copy: true,
    link: true,
    change: true,
    put: true,
    begin: true,
    data: true,
    finish: true,
    cancel: true,
  },
});
const filesWriteCustomer = taggedFormat<FilesWriteCustomerMessage>(filesWriteCustomerMessage, {
  ...{ done: true, progress: true, put: true, ready: true, written: true, failed: true },
});

const scriptConsole = taggedFormat<ScriptConsoleMessage>(scriptConsoleMessage, { cancel: true });
const scriptCustomer = taggedFormat<ScriptCustomerMessage>(scriptCustomerMessage, {
  ...{ started: true, stdout: true, stderr: true, ended: true },
});
const draw = taggedFormat<DrawMessage>(drawMessage, {
  ...{ begin: true, to: true, clear: true },
});
const clipboardSend = taggedFormat<ClipboardSendMessage>(clipboardSendMessage, {
  ...{ begin: true, piece: true },
});
const clipboardSent = taggedFormat<ClipboardSentMessage>(clipboardSentMessage, {
  ...{ placed: true, refused: true },
});
const clipboardGet = taggedFormat<ClipboardGetMessage>(clipboardGetMessage, {
  ...{ get: true, follow: true, rest: true },
});
const chatFile = taggedFormat<ChatFileMessage>(chatFileMessage, {
  ...{ offer: true, take: true, piece: true, saved: true, refused: true },
});
const clipboardGot = taggedFormat<ClipboardGotMessage>(clipboardGotMessage, {
  ...{ begin: true, piece: true, refused: true },
});

function jsonFormat<T extends z.ZodType>(
  shape: T,
  typeOf: (value: z.infer<T>) => string,
  types: readonly string[],
): Format<z.infer<T>> {
  return {
    types,
    typeOf,
    encode: (value) => [encodeText(JSON.stringify(value))],
    decode: ([bytes]) => shape.parse(JSON.parse(decodeText(bytes ?? new Uint8Array(0)))),
  };
}

const hello = jsonFormat(
  helloShape,
  (value) => [value.role, ...(value.resume ? ["resume"] : [])].join(" "),
  ["console", "console resume", "customer"],
);
const welcome = jsonFormat(
  welcomeShape,
  (value) => {
    if (value.answer === "refused") return "refused";
    return value.session ? "customer" : "console";
  },
  ["console", "customer", "refused"],
);

interface RecordValue {
  kind: keyof typeof recordKinds;
  at: number;
  body: Uint8Array;
}

/** The head on the first line, then one record a line. */
const recording = recordingFormat(recordingMagic, Object.keys(recordKinds));
/** As it was before there were seek points. */
const firstRecording = recordingFormat(
  Uint8Array.of(...recordingMagic.subarray(0, -1), 1),
  Object.keys(recordKinds).filter((kind) => kind !== "SEEK"),
);

function recordingFormat(head: Uint8Array, types: readonly string[]): Format<RecordValue[]> {
  return {
    types,
    typeOf: (records) => records.map(({ kind }) => kind).join(" "),
    encode: (records) => [
      head,
      ...records.map(({ kind, at, body }) => encodeRecord(recordKinds[kind], at, body)),
    ],
    decode: (lines) => {
      const reader = new RecordingReader();
      const records = lines.flatMap((line) => reader.push(line));
      return records.map(({ kind, at, body }) => ({ kind: kindName(kind), at, body }));
    },
  };
}

function kindName(kind: number): string | undefined {
  const entry = Object.entries<RecordKind>(recordKinds).find(([, number]) => number === kind);
  return entry?.[0];
}

type ControlValue =
  { call: string; params: unknown; result: unknown } | { notice: string; with: unknown };

/** A call is two lines: the question and its answer. A notice is one. */
function controlFormat(side: Side): Format<ControlValue> {
  return {
    types: [
      ...Object.keys(side.calls).map((name) => `call ${name}`),
      ...Object.keys(side.notices).map((name) => `notice ${name}`),
    ],
    typeOf: (value) => ("call" in value ? `call ${value.call}` : `notice ${value.notice}`),
    encode: (value) => sayControl(side, value),
    decode: (lines) => hearControl(side, lines),
  };
}

/** What the two ends of a link say, captured from real dialogues. */
function sayControl(side: Side, value: ControlValue): Uint8Array[] {
  const said: string[] = [];
  const asker = new Dialogue({
    ...{ mine: side, theirs: { calls: {}, notices: {} }, handlers: {}, listeners: {} },
    ...{ failed: () => undefined, say: (text: string) => said.push(text) },
  });
  if ("notice" in value) asker.tell(value.notice, value.with);
  else {
    asker.call(value.call, value.params).catch(() => undefined);
    said.push(JSON.stringify({ t: "done", id: 1, result: value.result }));
  }
  return said.map(encodeText);
}

/** What the two ends hear when they are given the lines. */
async function hearControl(side: Side, lines: readonly Uint8Array[]): Promise<unknown> {
  const [question, answer] = lines.map(decodeText);
  const heard: { name: string; with: unknown }[] = [];
  const hear = (name: string) => (value: unknown) => void heard.push({ name, with: value });
  const answerer = new Dialogue({
    ...{ mine: { calls: {}, notices: {} }, theirs: side, failed: (error) => raise(error) },
    handlers: tableOf(side.calls, (name) => (params: unknown) => {
      hear(name)(params);
      return null;
    }),
    listeners: tableOf(side.notices, hear),
    say: () => undefined,
  });
  answerer.receive(question ?? "");
  await Promise.resolve();
  const [first] = heard;
  if (answer === undefined) return { notice: first?.name, with: first?.with };
  const result = await answerTo(side, { name: first?.name ?? "", params: first?.with, answer });
  return { call: first?.name, params: first?.with, result };
}

function answerTo(side: Side, given: { name: string; params: unknown; answer: string }) {
  const asker = new Dialogue({
    ...{ mine: side, theirs: { calls: {}, notices: {} }, handlers: {}, listeners: {} },
    ...{ failed: () => undefined, say: () => undefined },
  });
  const answered = asker.call(given.name, given.params);
  asker.receive(given.answer);
  return answered;
}

function tableOf<T>(names: object, make: (name: string) => T): Record<string, T> {
  return Object.fromEntries(Object.keys(names).map((name) => [name, make(name)]));
}

function raise(error: Error): never {
  throw error;
}

/** Every format, by the name that vectors give in `format`. */
export const formats: Readonly<Record<string, Format<never>>> = {
  frame,
  surface,
  viewer,
  input,
  "shell, from console": shellConsole,
  "shell, from customer": shellCustomer,
  "files, from console": filesConsole,
  "files, from customer": filesCustomer,
  "download, from console": downloadConsole,
  "download, from customer": downloadCustomer,
  "files-write, from console": filesWriteConsole,
  "files-write, from customer": filesWriteCustomer,
  draw,
  "clipboard, sent": clipboardSend,
  "clipboard, sent, answers": clipboardSent,
  "clipboard, got, wishes": clipboardGet,
  "clipboard, got": clipboardGot,
  "file of the chat": chatFile,
  "elevate, from console": elevateConsole,
  "elevate, from customer": elevateCustomer,
  "script, from console": scriptConsole,
  "script, from customer": scriptCustomer,
  "console asks for system information": systemRequests,
  "customer gives system information": systemAnswers,
  "console wants something done": systemActRequests,
  "customer says what came of it": systemActAnswers,
  hello,
  welcome,
  recording: firstRecording,
  "recording 2": recording,
  "console says": controlFormat(consoleSide),
  "appliance says to console": controlFormat(applianceToConsole),
  "customer says": controlFormat(customerSide),
  "appliance says to customer": controlFormat(applianceToCustomer),
};
