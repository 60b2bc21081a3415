import { accessSync, constants } from "node:fs";
import { homedir, userInfo } from "node:os";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What belongs to the customer client and to the terminal that it was started in, and would confuse
 * programs, or change what they load.
 */
const foreign = [
  /^(HANDRAIL|LD|NODE|npm|VSCODE|KITTY|ITERM|WEZTERM|KONSOLE|GNOME_TERMINAL|TERM_PROGRAM)_/,
  /^(TERM_PROGRAM|TERMCAP|TERMINFO|TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|COLUMNS|LINES|VTE_VERSION)$/,
  /^(PROMPT_COMMAND|PS0|SHLVL|OLDPWD|PWD|_)$/,
];

/** Programs that stand where a shell would, so that nobody gets one. */
const refusers = /\/(nologin|false|true|sync)$/;

const isUtf8 = (locale: string) => /utf-?8/i.test(locale);

/**
 * The user's shell: as the desktop says, else as the system does.
 * @throws Error when this user is not to have a shell
 */
export function shellOf(environment: Variables): string {
  const wanted = [environment.SHELL, passwdShell(), "/bin/sh"];
  const shell = wanted.find((path) => path?.startsWith("/") && canRun(path));
  if (!shell || refusers.test(shell)) throw new Error("this user is not to have a shell");
  return shell;
}

/** Where the shell begins. */
export function homeOf(environment: Variables): string {
  return environment.HOME ?? homedir();
}

/** What the shell gets of the client's environment, and what a terminal adds. */
export function environmentOf(environment: Variables, shell: string): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !foreign.some((pattern) => pattern.test(entry[0])),
  );
  return {
    ...withUtf8(Object.fromEntries(kept)),
    SHELL: shell,
    HOME: homeOf(environment),
    COLORTERM: "truecolor",
  };
}

/** The console shows UTF-8: letters that are not are of no use; language and formats stay. */
function withUtf8(environment: Record<string, string>): Record<string, string> {
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value) ?? "";
  if (isUtf8(locale)) return environment;
  const { LC_ALL: all, ...others } = environment;
  return { ...others, ...(all ? { LANG: all } : {}), LC_CTYPE: "C.UTF-8" };
}

function passwdShell(): string | undefined {
  try {
    return userInfo().shell ?? undefined;
  } catch {
    // The system does not know the user by name, as in a container.
    return undefined;
  }
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
