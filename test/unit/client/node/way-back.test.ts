import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { execFileSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { openWayBack, takeReturn } from "../../../../appliance/client/node/way-back.ts";

let home: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), "handrail way-"));
  env = { HOME: home };
});
afterEach(() => rm(home, { recursive: true, force: true }));

const odd = 'a "b" $HOME `c` \\d %u e';

function prepared() {
  const wayBack = openWayBack({
    ...{ env, command: [process.execPath, odd], title: "Remote\nsupport" },
    join: { site: "https://a.example", ticket: "old" },
  });
  wayBack.prepare("hrt_secret");
  const autostart = path.join(home, ".config/autostart");
  const state = path.join(home, ".local/state/handrail");
  const only = (folder: string) => path.join(folder, readdirSync(folder)[0] ?? "");
  return { wayBack, entry: only(autostart), file: only(state) };
}

/** The arguments of an Exec line, as the Desktop Entry Specification has them read. */
function argumentsOf(entry: string): string[] {
  const line = /^Exec=(.*)$/m.exec(readFileSync(entry, "utf8"))?.[1] ?? "";
  const text = line.replaceAll("\\\\", "\\").replaceAll("%%", "%");
  const printed = execFileSync("sh", ["-c", `printf '%s\\n' ${text}`], { encoding: "utf8" });
  return printed.trimEnd().split("\n");
}

it("keeps the secret in a file of its owner alone, and never in the entry", () => {
  const { entry, file } = prepared();
  for (const each of [entry, file]) expect(statSync(each).mode & 0o777).toBe(0o600);
  expect(readFileSync(entry, "utf8")).not.toContain("hrt_secret");
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
    ...{ site: "https://a.example", returning: "hrt_secret" },
  });
});

it("starts what it was started by, whatever its path holds", () => {
  const { entry, file } = prepared();
  expect(argumentsOf(entry)).toEqual([process.execPath, odd, "--return", file]);
  expect(readFileSync(entry, "utf8")).toContain("Name=Remote support\n");
});

it("is taken once, and leaves nothing", () => {
  const { entry, file } = prepared();
  expect(JSON.parse(takeReturn(file, env))).toMatchObject({ returning: "hrt_secret" });
  expect([existsSync(entry), existsSync(file)]).toEqual([false, false]);
  expect(() => takeReturn(file, env)).toThrow("ENOENT");
});

it("is taken away when the session ends before", () => {
  const { wayBack, entry, file } = prepared();
  wayBack.forget();
  wayBack.forget();
  expect([existsSync(entry), existsSync(file)]).toEqual([false, false]);
});

it("reads, and removes, nothing that it has not left itself", () => {
  const foreign = path.join(home, "handrail-return-0123456789abcdef.json");
  writeFileSync(foreign, "{}");
  for (const file of [foreign, "/etc/passwd", ""]) {
    expect(() => takeReturn(file, env)).toThrow("no file that this program has left");
  }
  expect(existsSync(foreign)).toBe(true);
});
