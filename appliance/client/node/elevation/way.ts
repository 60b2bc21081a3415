import { userInfo } from "node:os";
import type { ElevationRefusal } from "@handrail/protocol";

/** How a program is started with an administrator's rights, and what it may ask for on the way. */
export interface StartLine {
  readonly program: string;
  readonly args: readonly string[];
  /** What asks for a password on standard error, in the order asked; each is answered once. */
  readonly prompts: readonly RegExp[];
  /** What the line says of its failure; undefined: it tells nothing that is known. */
  readonly refusalOf: (said: string, code: number | undefined) => ElevationRefusal | undefined;
}

/** The command that is to be run with the rights. */
export type Command = readonly [program: string, ...args: readonly string[]];

/** In the words of sudo(8), su(1) and PAM, which are asked to speak English. */
const notAllowed =
  /is not in the sudoers file|is not allowed to (run sudo|execute)|may not run sudo/;
const wrongPassword = /incorrect password attempt|Authentication failure|does not exist|Sorry, try/;
const noPassword = /no password was provided|a password is required/;
const otherAdmin = /^[^\s:/\0-][^\s:/\0]{0,254}$/;

/** Of pkexec(1): the person has closed the window; and: there is nobody to ask, or the answer is no. */
const dismissedCode = 126;
const notAuthorized = /Not authorized/;

/** By polkit: its agent on the customer's desktop asks. No refusal: there is no agent to ask. */
export function polkitLine(command: Command): StartLine {
  return {
    program: "pkexec",
    // Without a terminal's question in place of the desktop's: nobody would see it.
    args: ["--disable-internal-agent", ...command],
    prompts: [],
    refusalOf: (said, code) => {
      if (code === dismissedCode) return "declined";
      return notAuthorized.test(said) ? "not-allowed" : undefined;
    },
  };
}

/** By sudo with its askpass program, which asks on the customer's screen. */
export function askpassLine(command: Command): StartLine {
  return {
    program: "sudo",
    // `-k`: neither an earlier password counts, nor this one later.
    args: ["-k", "-A", "--", ...command],
    prompts: [],
    refusalOf: sudoRefusal,
  };
}

/**
 * With an account and its password: one's own by sudo, root's by su, another administrator's by su
 * and then by sudo. `prompt`: letters, digits and hyphens. Undefined for what is no name of an account.
 */
export function credentialsLine(
  account: string,
  command: Command,
  prompt: string,
): StartLine | undefined {
  if (!otherAdmin.test(account)) return undefined;
  const sudo = ["sudo", "-k", "-S", "-p", prompt, "--", ...command];
  const ownPrompt = new RegExp(prompt);
  if (account === userInfo().username) {
    const [program = "", ...args] = sudo;
    return { program, args, prompts: [ownPrompt], refusalOf: sudoRefusal };
  }
  const isRoot = account === "root";
  const line = (isRoot ? [...command] : sudo).map(quoted).join(" ");
  return {
    program: "su",
    args: ["-s", "/bin/sh", "-c", `exec ${line}`, "--", account],
    prompts: isRoot ? [/Password: $/] : [/Password: $/, ownPrompt],
    refusalOf: sudoRefusal,
  };
}

function sudoRefusal(said: string): ElevationRefusal | undefined {
  if (notAllowed.test(said)) return "not-allowed";
  if (wrongPassword.test(said)) return "wrong-password";
  return noPassword.test(said) ? "declined" : undefined;
}

/** An argument as a shell takes it back. */
function quoted(argument: string): string {
  return `'${argument.replaceAll("'", "'\\''")}'`;
}
