import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { Program } from "../../../support/processes.ts";
import { node, root } from "../../../support/root.ts";

const module = pathToFileURL(path.join(root, "appliance/client/node/core-dump.ts"));
/** Elsewhere the system hands dumps to a program, and nothing lies in the folder. */
const liesInFolder = readFileSync("/proc/sys/kernel/core_pattern", "utf8").trim() === "core";

/** The files that a program leaves which is cut short with a signal that dumps core. */
async function leftBy(first: string): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), "handrail-core-"));
  try {
    const source = `${first}; console.log("ready"); setInterval(() => undefined, 1000);`;
    const args = ["--input-type=module", "--eval", source];
    await using program = new Program(node, { args, cwd: folder });
    await program.line(/ready/);
    execFileSync("prlimit", ["--core=unlimited", "--pid", String(program.pid)]);
    process.kill(program.pid, "SIGABRT");
    await program.ended();
    return readdirSync(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe("a program through which passwords pass", { skip: !liesInFolder }, () => {
  it("leaves no core dump, which another one would", { timeout: 60_000 }, async () => {
    expect(await leftBy("")).not.toEqual([]);
    const own = `import { leaveNoCoreDump } from ${JSON.stringify(module.href)}; leaveNoCoreDump()`;
    expect(await leftBy(own)).toEqual([]);
  });
});
