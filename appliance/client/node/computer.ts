import { readFileSync } from "node:fs";
import { hostname, release, userInfo } from "node:os";
import { type Customer, oneLine, type PersonLanguage } from "@handrail/protocol";

/** Name of the system as its makers write it, for instance "Debian GNU/Linux 12 (bookworm)". */
function systemName(): string {
  try {
    const lines = readFileSync("/etc/os-release", "utf8");
    const name = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(lines)?.[1];
    if (name) return name;
  } catch (error) {
    // A system without this file still has a kernel.
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return `Linux ${release()}`;
}

/** The account's full name where it has one (the first GECOS field), else its short name. */
function personName(uid: number): string {
  const accounts = readFileSync("/etc/passwd", "utf8").split("\n");
  const mine = accounts.map((line) => line.split(":")).find((fields) => fields[2] === String(uid));
  const fullName = mine?.[4]?.split(",")[0]?.trim();
  // An account of a network is in no file; it is this program's own then.
  return fullName || mine?.[0] || userInfo().username;
}

/** What this computer says of itself and of who sits at it. `uid`: whose desktop it is. */
export function describeCustomer(language: PersonLanguage, uid = userInfo().uid): Customer {
  return {
    language,
    name: oneLine(personName(uid)).slice(0, 100),
    computer: oneLine(hostname()).slice(0, 255),
    platform: oneLine(systemName()).slice(0, 100),
    issue: "",
  };
}
