/**
 * Whose desktop the client works on, and how whatever faces that desktop is started. A client with an
 * administrator's rights lends them to nothing there: every program that shares a screen trusts the
 * others, so that what shows itself as root would be a way to root for each of them.
 */
import { type ChildProcess, fork } from "node:child_process";
import { userInfo } from "node:os";
import { z } from "zod";
import { desktopEnvironment } from "./desktop-environment.ts";
import { handedOnOf } from "./elevation/environment.ts";

/** The customer, as a client is told that gets an administrator's rights. */
export const desktopUserShape = z.object({
  /** Never an administrator's own. */
  uid: z.int().positive(),
  gid: z.int().nonnegative(),
  /** What programs of the desktop find in their environment, such as HOME, USER and DISPLAY. */
  variables: z.record(z.string(), z.string()),
});
export type DesktopUser = z.infer<typeof desktopUserShape>;

/** What a program of the desktop is started with, besides what it is. */
export interface DesktopStart {
  readonly env: NodeJS.ProcessEnv;
  /** Without them as whoever starts it. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Whoever runs this program, with this environment. */
export function desktopUserOf(environment: NodeJS.ProcessEnv): DesktopUser {
  const { uid, gid, username, homedir } = userInfo();
  const named = { HOME: homedir, USER: username, LOGNAME: username };
  const all = { ...named, ...desktopEnvironment(environment), ...handedOnOf(environment) };
  const variables = Object.entries(all).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { uid, gid, variables: Object.fromEntries(variables) };
}

/**
 * How programs of the desktop are started: as its user where there is one that is named, with no
 * groups but the first; otherwise as this program, in its environment.
 */
export function desktopStart(user: DesktopUser | undefined, own: NodeJS.ProcessEnv): DesktopStart {
  return user ? { env: user.variables, uid: user.uid, gid: user.gid } : { env: own };
}

/** Starts a program of ours that speaks by messages, which may hold bytes. */
export function forkProgram(program: URL, desktop: DesktopStart | undefined): ChildProcess {
  return fork(program, [], {
    ...desktop,
    execArgv: [],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
}
