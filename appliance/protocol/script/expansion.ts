import { isMacroName, type MacroName, macroNames, type MacroValues } from "../session/macros.ts";
import { readScript, type ScriptDocument, type ScriptFault } from "./document.ts";

/**
 * A macro in a script: a dot in its name, which no variable of a shell has, tells it from those.
 */
const macro = /\$\{([A-Za-z]\w*(?:\.[\w-]*)+)\}/g;

/** Interpreters that know variables as `${NAME}`: in others a macro would be something else. */
const shells = new Set(["sh", "bash", "dash", "ash", "ksh", "ksh93", "mksh", "zsh", "busybox"]);

/** What a script without a `#!` line is run by. */
const plainShell = "/bin/sh";

/** What runs a script: a program, by its path, and at most one argument. Source: execve(2). */
export interface Interpreter {
  readonly program: string;
  readonly args: readonly string[];
  /** Whether macros may stand in the script itself. */
  readonly isShell: boolean;
}

/** What the `#!` line of a script asks for. */
export function interpreterOf(text: string): Interpreter {
  const first = text.slice(0, text.indexOf("\n") < 0 ? text.length : text.indexOf("\n"));
  const found = /^#![ \t]*(\/\S+)[ \t]*(.*)$/.exec(first.trimEnd());
  const [, program = plainShell, argument = ""] = found ?? [];
  const words = [program, ...argument.split(/\s+/)];
  // `env` runs what is named behind its own options.
  const isEnv = nameOf(program) === "env";
  const runs = isEnv ? words.slice(1).find((word) => !/^-|=/.test(word)) : program;
  const args = argument === "" ? [] : [argument];
  return { program, args, isShell: shells.has(nameOf(runs ?? "")) };
}

/** The variable of the script's environment that holds what a macro stands for. */
export function variableOf(name: MacroName): string {
  return `HANDRAIL_${name.toUpperCase().replaceAll(".", "_")}`;
}

/** What the macros stand for, as a script's environment. */
export function macroVariables(values: MacroValues): Record<string, string> {
  // No variable can hold a NUL.
  const entry = (name: MacroName) => [variableOf(name), values[name].replaceAll("\0", "")];
  return Object.fromEntries(macroNames.map(entry)) as Record<string, string>;
}

/**
 * The script with every macro as a variable of its environment: what a macro stands for is never a
 * part of the program, so that no name of a customer becomes a command, however it is written.
 */
export function expandScript(text: string): string {
  if (!interpreterOf(text).isShell) return text;
  return text.replace(macro, (written, name: string) =>
    isMacroName(name) ? `\${${variableOf(name)}}` : written,
  );
}

/** What is wrong with the macros of a script and with what is to run it. */
export function scriptFaults(script: ScriptDocument): ScriptFault[] {
  const { text, textLine, platforms } = script;
  const lines = text.split("\n");
  const first = lines[0] ?? "";
  const faults: ScriptFault[] = [];
  const atFirst = { line: textLine, start: 0, end: Math.max(1, first.length) };
  if (text.trim() !== "" && !/^#!\s*\//.test(first)) {
    faults.push({ code: "no-interpreter", ...atFirst, subject: plainShell });
  } else if (platforms.includes("windows") && text.trim() !== "") {
    faults.push({ code: "wrong-platform", ...atFirst, subject: "windows" });
  }
  const { isShell, program } = interpreterOf(text);
  for (const [at, line] of lines.entries()) {
    for (const found of line.matchAll(macro)) {
      const [written, subject = ""] = found;
      const start = found.index;
      const place = { line: textLine + at, start, end: start + written.length };
      const code = faultOf(subject, { isShell, before: line.slice(0, start) });
      if (code)
        faults.push({ code, ...place, subject: code === "macro-elsewhere" ? program : subject });
    }
  }
  return faults;
}

/** A whole document, with all that is wrong with it. */
export function checkScript(document: string): ScriptDocument {
  const script = readScript(document);
  return { ...script, faults: [...script.faults, ...scriptFaults(script)] };
}

/** Faults that are advice: a document with no others can be kept and run. */
const advice: ReadonlySet<string> = new Set([
  ...["missing-description", "missing-platforms", "missing-categories", "no-interpreter"],
  ...["wrong-platform", "macro-unquoted", "macro-single-quoted"],
]);

/** Whether a document can be kept and run in spite of a fault. */
export function isAdvice({ code }: ScriptFault): boolean {
  return advice.has(code);
}

function faultOf(
  name: string,
  at: { isShell: boolean; before: string },
): ScriptFault["code"] | undefined {
  if (!isMacroName(name)) return "unknown-macro";
  if (!at.isShell) return "macro-elsewhere";
  const quote = quoteAt(at.before);
  if (quote === "#") return undefined;
  if (quote === "'") return "macro-single-quoted";
  return quote === '"' ? undefined : "macro-unquoted";
}

/** What a place of a line stands in, by what is before it: a quote, a remark, or nothing. */
function quoteAt(before: string): "'" | '"' | "#" | "" {
  let quote: "'" | '"' | "" = "";
  for (let at = 0; at < before.length; at++) {
    const letter = before[at];
    if (letter === "\\" && quote !== "'") at++;
    else if (quote === "" && letter === "#" && /^$|\s/.test(before[at - 1] ?? "")) return "#";
    else if (letter !== "'" && letter !== '"') continue;
    else if (quote === "") quote = letter;
    else if (quote === letter) quote = "";
  }
  return quote;
}

function nameOf(path: string): string {
  return path.split("/").at(-1) ?? "";
}
