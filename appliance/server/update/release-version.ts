import { z } from "zod";

/** A version of the appliance: three numbers, and for one that is to be tried `-name.number`. */
export const versionShape = z
  .string()
  .max(40)
  .regex(/^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(-[a-z]+\.[0-9]{1,9})?$/);

/**
 * Negative when `a` is older than `b`, zero when they are the same. One that is to be tried is older
 * than the version it leads to. Source: Semantic Versioning 2.0.0 section 11.
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [i, part] of left.numbers.entries()) {
    const difference = part - (right.numbers[i] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.trial === right.trial) return left.trialNumber - right.trialNumber;
  if (left.trial === "") return 1;
  if (right.trial === "") return -1;
  return left.trial < right.trial ? -1 : 1;
}

function partsOf(version: string) {
  const [core = "", trial = ""] = version.split("-", 2);
  const [name = "", number = "0"] = trial.split(".", 2);
  return { numbers: core.split(".").map(Number), trial: name, trialNumber: Number(number) };
}
