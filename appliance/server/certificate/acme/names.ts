import { isIP } from "node:net";
import type { AcmeFault } from "@handrail/protocol/upkeep";
import { hostName } from "../../line/host-name.ts";

/** The names as a directory takes them; or what is wrong with the first that it would not take. */
export function publicNames(
  typed: readonly string[],
): { readonly names: string[] } | { readonly fault: AcmeFault } {
  const names: string[] = [];
  for (const about of typed) {
    const name = hostName(about);
    if (name === undefined) return { fault: { reason: "no-name", about } };
    if (isIP(name) !== 0) return { fault: { reason: "no-address", about } };
    if (name.startsWith("*.")) return { fault: { reason: "no-wildcard", about } };
    if (!name.includes(".")) return { fault: { reason: "no-public-name", about } };
    names.push(name);
  }
  return { names: [...new Set(names)] };
}
