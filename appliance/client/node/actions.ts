/** Special actions on Linux: what desktops bring for them, tried in turn. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { BuiltInAction } from "@handrail/protocol";
import type { ActionHost, HostResult } from "../core/actions.ts";
import { desktopEnvironment } from "./desktop-environment.ts";
import type { DesktopStart } from "./desktop-user.ts";
import type { WayBack } from "./way-back.ts";

type Line = readonly [program: string, ...args: readonly string[]];

/** Ways to do something whose program ends when it is done. */
const ending: Readonly<
  Record<"lock" | "log-out" | "reboot", (session: string) => readonly Line[]>
> = {
  lock: () => [
    ["xdg-screensaver", "lock"],
    ["loginctl", "lock-session"],
  ],
  "log-out": (session) => [
    ["gnome-session-quit", "--logout", "--no-prompt"],
    ["xfce4-session-logout", "--logout"],
    ["qdbus", "org.kde.Shutdown", "/Shutdown", "logout"],
    ["mate-session-save", "--force-logout"],
    ["cinnamon-session-quit", "--logout", "--no-prompt"],
    ["lxqt-leave", "--logout"],
    ...(session === "" ? [] : ([["loginctl", "terminate-session", session]] as const)),
  ],
  reboot: () => [
    ["systemctl", "reboot"],
    ["loginctl", "reboot"],
  ],
};

/** Programs that stay open for the customer. */
const staying: Readonly<Record<"terminal" | "task-list", readonly Line[]>> = {
  terminal: [
    ...([["x-terminal-emulator"], ["gnome-terminal"], ["konsole"], ["xfce4-terminal"]] as const),
    ...([["mate-terminal"], ["lxterminal"], ["xterm"]] as const),
  ],
  "task-list": [
    ...([["gnome-system-monitor"], ["plasma-systemmonitor"], ["ksysguard"]] as const),
    ...([["xfce4-taskmanager"], ["mate-system-monitor"], ["lxtask"], ["qps"]] as const),
    ["x-terminal-emulator", "-e", "top"],
    ["xterm", "-e", "top"],
  ],
};

/** For so long a program may take; one that asks for a password takes its time. */
const endsWithinMs = 60_000;
/** A program that is there after this has opened. */
const opensWithinMs = 400;

/** What does special actions here. `desktop`: of its environment programs get what is the desktop's. */
export function openActions(desktop: DesktopStart, wayBack: WayBack): ActionHost {
  const start = { ...desktop, env: desktopEnvironment(desktop.env) };
  return {
    platform: "linux",
    run: (action) => run(action, start),
    command: (line) => finished(["sh", "-c", line], start),
    restart: async (secret) => {
      try {
        wayBack.prepare(secret);
      } catch {
        // Without a way back nobody would come back: the computer stays as it is.
        return { outcome: "failed" };
      }
      const result = await firstOf(ending.reboot(""), start);
      if (result.outcome !== "done") wayBack.forget();
      return result;
    },
    forget: () => wayBack.forget(),
  };
}

function run(
  action: Exclude<BuiltInAction, "reboot" | "elevate">,
  start: DesktopStart,
): Promise<HostResult> {
  if (action === "terminal" || action === "task-list") return opened(staying[action], start);
  return firstOf(ending[action](start.env["XDG_SESSION_ID"] ?? ""), start);
}

/** The first line that works; what the last one said when none does. */
async function firstOf(lines: readonly Line[], start: DesktopStart): Promise<HostResult> {
  let last: HostResult = { outcome: "unavailable" };
  for (const line of lines) {
    const result = await finished(line, start);
    if (result.outcome === "done" || result.outcome === "too-slow") return result;
    if (result.outcome !== "unavailable") last = result;
  }
  return last;
}

/** Runs a program to its end, or as long as that may take: then it goes on by itself. */
async function finished([program, ...args]: Line, start: DesktopStart): Promise<HostResult> {
  const child = begin(program, args, start);
  const ended = once(child, "exit").then(([code]: unknown[]): HostResult => {
    const exitCode = typeof code === "number" ? code : -1;
    return { outcome: exitCode === 0 ? "done" : "failed", exitCode };
  });
  const limit = new AbortController();
  const late = sleep(endsWithinMs, { outcome: "too-slow" } as const, { signal: limit.signal });
  try {
    return await Promise.race([ended, late]);
  } catch {
    // It could not be started: the only way for a child to fail before it ends.
    return { outcome: "unavailable" };
  } finally {
    late.catch(() => undefined);
    limit.abort();
  }
}

/** Opens the first program that there is, and leaves it to the customer. */
async function opened(lines: readonly Line[], start: DesktopStart): Promise<HostResult> {
  for (const [program, ...args] of lines) {
    const child = begin(program, args, start);
    const isThere = await Promise.race([
      once(child, "exit").then(
        ([code]) => code === 0,
        () => false,
      ),
      sleep(opensWithinMs, true),
    ]);
    // Of a terminal, what runs in it says more.
    if (isThere) return { outcome: "done", opened: args.at(-1) ?? program };
  }
  return { outcome: "unavailable" };
}

/** In a group of its own: what the customer got stays when this program goes. */
function begin(program: string, args: readonly string[], start: DesktopStart) {
  const child = spawn(program, [...args], { ...start, stdio: "ignore", detached: true });
  child.unref();
  return child;
}
