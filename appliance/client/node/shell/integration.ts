import path from "node:path";
import { fileURLToPath } from "node:url";

/** How a shell is started so that it marks its command lines; see `CommandLog`. */
export interface Integration {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/** The start-up files of ours, which lie beside this file, or beside the bundled program. */
const folder = fileURLToPath(new URL("./startup/", import.meta.url));

/**
 * The marks are made by start-up files of ours, which read the user's own first. Nothing is
 * written. A shell that this does not know runs as it is.
 */
export function integrationOf(
  shell: string,
  nonce: string,
  environment: Readonly<Record<string, string>>,
): Integration {
  switch (path.basename(shell)) {
    case "bash":
      return {
        args: ["--rcfile", path.join(folder, "bash.sh"), "-i"],
        variables: { HANDRAIL_MARK: nonce },
      };
    case "zsh":
      return {
        args: ["-i"],
        variables: {
          HANDRAIL_MARK: nonce,
          HANDRAIL_ZDOTDIR: environment.ZDOTDIR ?? "",
          ZDOTDIR: path.join(folder, "zsh"),
        },
      };
    default:
      return { args: [], variables: {} };
  }
}
