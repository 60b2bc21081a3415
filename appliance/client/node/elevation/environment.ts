import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** What of the customer's environment goes with programs that get an administrator's rights. */
const handedOn =
  /^(DISPLAY|LANG|LANGUAGE|LC_\w+|COLORTERM|NO_AT_BRIDGE|GSETTINGS_BACKEND|(https?|all|no)_proxy)$/i;

/**
 * The screen, its key, the language and the way to the network: without them a program would open no
 * window and reach nobody. Nothing that changes what programs load.
 */
export function handedOnOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && handedOn.test(entry[0]),
  );
  const { XAUTHORITY, HOME } = environment;
  const authority = XAUTHORITY ?? path.join(HOME ?? homedir(), ".Xauthority");
  return {
    ...Object.fromEntries(kept),
    ...(existsSync(authority) ? { XAUTHORITY: authority } : {}),
  };
}
