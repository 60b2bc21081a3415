import { HandrailError } from "@handrail/protocol";

/** From the most to the least urgent. */
export const logLevels = ["error", "warn", "info", "debug"] as const;
/** How urgent a line is. */
export type LogLevel = (typeof logLevels)[number];

/** Facts of one line. Common names: lsid, representative, connection, code, durationMs, sizeBytes. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * The operator's log: one JSON object a line, `{at, level, event, …}`. `event` is a dotted past
 * tense (`key.created`). Secrets are replaced by what they are, whoever hands them in by mistake.
 */
export interface Log {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  child(fields: LogFields): Log;
}

/** Where lines go, without their line feed. */
export type LogSink = (line: string) => void;

/** A log that writes lines of `level` and above to `sink`. */
export function createLog(level: LogLevel, sink: LogSink = toStandardOutput): Log {
  return logWith({}, level, sink);
}

/**
 * Tells the operator something that the log would redact, as the set-up code: one JSON line on
 * standard output.
 */
export function announce(event: string, fields: LogFields): void {
  toStandardOutput(JSON.stringify({ event, ...fields }));
}

/** Prints what a command was asked for. */
export function print(text: string): void {
  toStandardOutput(text);
}

/** Says why a program ends, as a sentence on standard error. */
export function complain(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function logWith(inherited: LogFields, level: LogLevel, sink: LogSink): Log {
  const threshold = logLevels.indexOf(level);
  const write = (at: LogLevel) => (event: string, fields: LogFields) => {
    if (logLevels.indexOf(at) > threshold) return;
    const head = { at: new Date().toISOString(), level: at, event };
    const line = JSON.stringify({ ...head, ...redactFields({ ...inherited, ...fields }) });
    sink(line.replace(terminalControls, escapeCharacter));
  };
  return {
    error: (event, fields = {}) => write("error")(event, fields),
    warn: (event, fields = {}) => write("warn")(event, fields),
    info: (event, fields = {}) => write("info")(event, fields),
    debug: (event, fields = {}) => write("debug")(event, fields),
    child: (fields) => logWith({ ...inherited, ...fields }, level, sink),
  };
}

/**
 * What JSON leaves as it is, and a terminal on which the log is read obeys or is misled by: further
 * control characters, line separators, and changes of the direction of writing.
 */
const terminalControls = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function toStandardOutput(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Names under which a value is never written, whatever it looks like. */
const secretName =
  /pass(word|phrase)|secret|ticket|token|credential|cookie|authorization|typed|verifier|keystroke/i;
/** Values that give themselves away: our tokens carry a prefix, a session key is seven digits. */
const secretValue = /\bhr[a-z]_[A-Za-z0-9_-]{16,}/g;
const sessionKeyValue = /^[0-9]{3}[ -]?[0-9]{4}$/;
const maxDepth = 6;

function redactFields(fields: LogFields, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secretName.test(name) && typeof value === "string"
        ? `${name}(…)`
        : redactValue(value, depth + 1),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === "string") {
    return sessionKeyValue.test(value) ? "SessionKey(…)" : value.replace(secretValue, "Token(…)");
  }
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Error) return describeError(value, depth);
  if (ArrayBuffer.isView(value)) return `bytes(${value.byteLength})`;
  if (depth > maxDepth) return "…";
  if (Array.isArray(value)) return value.map((each) => redactValue(each, depth + 1));
  if (typeof value === "object" && value !== null) return redactFields({ ...value }, depth);
  return value;
}

function describeError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    ...(error instanceof HandrailError ? { code: error.code } : {}),
    message: redactValue(error.message, depth),
    stack: redactValue(error.stack ?? "", depth),
    ...(error.cause === undefined || depth > maxDepth
      ? {}
      : { cause: redactValue(error.cause, depth + 1) }),
  };
}
