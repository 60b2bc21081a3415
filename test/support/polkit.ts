import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const apart = ["--mount", "--pid", "--fork", "--mount-proc", "--kill-child"];

/** Whether polkit can be run here, apart from the rest of this machine. */
export const mayRunPolkit =
  process.getuid?.() === 0 &&
  ["/usr/bin/pkexec", "/usr/bin/dbus-daemon"].every((program) => existsSync(program)) &&
  spawnSync("unshare", [...apart, "true"]).status === 0;

/**
 * The command with the real polkit beside it, which authorizes nothing to anybody and makes the file
 * when it is asked. Both have a system bus and rules of their own, and end together.
 */
export function besideStrictPolkit(command: readonly string[], askedFile: string): string[] {
  const asked = JSON.stringify(["/usr/bin/touch", askedFile]);
  const rule = `polkit.addRule(function () { polkit.spawn(${asked}); return polkit.Result.NO; });`;
  const script = [
    "mount -t tmpfs tmpfs /run/dbus",
    "mount -t tmpfs -o mode=755 tmpfs /etc/polkit-1/rules.d",
    'printf %s "$1" > /etc/polkit-1/rules.d/10-strict.rules',
    "shift",
    "dbus-daemon --system --fork --nopidfile",
    'exec "$@"',
  ];
  return ["unshare", ...apart, "sh", "-e", "-c", script.join("\n"), "polkit", rule, ...command];
}
