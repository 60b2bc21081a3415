import { readdirSync, readFileSync } from "node:fs";

/** Of a process, from proc_pid_stat(5): its group, its session, and the group with its terminal. */
interface ProcessGroups {
  readonly group: number;
  readonly session: number;
  readonly foreground: number;
}

/** Undefined when the process is gone. */
function groupsOf(pid: number | string): ProcessGroups | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name stands in brackets and may hold anything, brackets too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [, , group = 0, session = 0, , foreground = 0] = fields.map(Number);
    return { group, session, foreground };
  } catch {
    return undefined;
  }
}

/** The process groups of a session: a shell's jobs, by what leads the session. */
export function groupsOfSession(leader: number): Set<number> {
  return membersOf(leader).add(leader);
}

function membersOf(leader: number): Set<number> {
  const groups = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(groupsOf)
    .flatMap((found) => (found?.session === leader ? [found.group] : []));
  return new Set(groups);
}

/**
 * Kills what is left of a session, also when its leader has gone. A process that begins another while
 * this goes on is found the second time; one that has left the session is not.
 */
export function killSession(leader: number): void {
  for (let round = 0; round < 2; round++) signalGroups(membersOf(leader), "SIGKILL");
}

/** The group that has the terminal of a session now, and that of its leader. */
export function foregroundGroups(leader: number): Set<number> {
  const foreground = groupsOf(leader)?.foreground ?? 0;
  return new Set(foreground > 0 ? [foreground, leader] : [leader]);
}

/**
 * Signals all processes of the groups. Those that are gone, or have another user's rights, are left
 * out: the latter hear from the system when the shell that they belong to ends.
 */
export function signalGroups(groups: Iterable<number>, ...signals: NodeJS.Signals[]): void {
  for (const group of groups) {
    for (const signal of signals) signalGroup(group, signal);
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}
