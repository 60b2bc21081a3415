import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { root } from "../support/root.ts";

const room = path.join(root, "packer");
const rootfs = path.join(room, "rootfs");
const units = globSync("etc/systemd/system/handrail-*", { cwd: rootfs });
const services = units.filter((unit) => unit.endsWith(".service"));
/** systemd's measure of what a service could do to the machine: 10 is everything. */
const maxExposure = 2;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-room-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the toolset", () => {
  const toolset = readJson("toolset.json") as {
    tools: Record<string, string>;
    checks: Record<string, string>;
  };

  test("is as its schema says", () => {
    const schema = z.fromJSONSchema(
      readJson("toolset.schema.json") as z.core.JSONSchema.JSONSchema,
    );
    expect(schema.parse(toolset)).toEqual(toolset);
    expect(schema.safeParse({ ...toolset, disk: { rootMiB: 1 } }).success).toBe(false);
    expect(schema.safeParse({ ...toolset, more: 1 }).success).toBe(false);
  });

  test("names the versions of the tools that check it here", () => {
    const format = "${Package}\t${Version}\n";
    const lines = output("dpkg-query", ["-W", "-f", format, ...Object.keys(toolset.checks)]);
    const versions = new Map(lines.split("\n").map((line) => line.split("\t") as [string, string]));
    for (const [name, version] of Object.entries(toolset.checks)) {
      expect(versions.get(name)?.slice(0, version.length), name).toBe(version);
    }
  });
});

test("Packer takes the template", () => {
  const key = path.join(folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
  const variables = {
    version: "1.0.0",
    base_image: "base.qcow2",
    base_checksum: `sha256:${"0".repeat(64)}`,
    payload: "packer/toolset.json",
    ssh_key: key,
    output_directory: path.join(folder, "out"),
    disk_size: "2200M",
  };
  const given = Object.entries(variables).flatMap(([name, value]) => ["-var", `${name}=${value}`]);
  output("packer", ["validate", ...given, "packer/template"]);
  expect(() => output("packer", ["validate", "packer/template"])).toThrow();
  for (const file of globSync("packer/{template,plugins}/*.hcl", { cwd: root })) {
    expect(output("packer", ["fmt", "-check", "-diff", file]), file).toBe("");
  }
});

describe("a script", () => {
  const scripts = globSync(
    ["scripts/*.sh", "rootfs/usr/bin/*", "rootfs/usr/{libexec,share}/handrail/**/*"],
    { cwd: room, withFileTypes: true },
  )
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));

  test("has nothing that ShellCheck minds", () => {
    expect(scripts.length).toBeGreaterThan(10);
    expect(output("shellcheck", ["--external-sources", ...scripts])).toBe("");
  });

  test.each(scripts)("%s says what it is for, and is short", (script) => {
    const text = readFileSync(path.join(root, script), "utf8");
    const lines = text.split("\n");
    expect(lines.slice(0, 3).join("\n")).toMatch(/^# File: .+\n# Purpose: /m);
    // A table of texts is as long as there are texts.
    if (!script.includes("/share/")) expect(lines.length).toBeLessThanOrEqual(80);
  });
});

describe("a unit", () => {
  test("is one that systemd understands", () => {
    // Programs of the appliance are not on this computer; nothing else may be wrong.
    const complaints = outputAndErrors("systemd-analyze", [
      ...["verify", "--man=no", "--recursive-errors=no"],
      ...units.map((unit) => path.join(rootfs, instanceOf(unit))),
    ])
      .split("\n")
      .filter((line) => line.includes("handrail-"))
      .filter((line) => !/is not executable|No such file|not found/.test(line));
    expect(complaints).toEqual([]);
  });

  test.each(services)("%s cannot do much to the machine", (unit) => {
    const report = output("systemd-analyze", [
      ...["security", "--offline=yes", "--no-pager", `--threshold=${maxExposure * 10}`],
      path.join(rootfs, unit),
    ]);
    const [, exposure] = /exposure level for .*: ([0-9.]+)/.exec(report) ?? [];
    expect(Number(exposure)).toBeLessThanOrEqual(maxExposure);
  });

  test("is started because the preset says so, or because another asks for it", () => {
    const preset = readFileSync(
      path.join(rootfs, "etc/systemd/system-preset/00-handrail.preset"),
      "utf8",
    );
    for (const unit of units) {
      const isInstalled = /^\[Install\]$/m.test(readFileSync(path.join(rootfs, unit), "utf8"));
      expect(preset.includes(`enable ${path.basename(unit)}`), unit).toBe(isInstalled);
    }
    expect(preset.trimEnd().endsWith("disable *")).toBe(true);
  });
});

test("nothing that the service manager starts leaves a core dump", () => {
  const config = output("systemd-analyze", [
    "cat-config",
    `--root=${rootfs}`,
    "systemd/system.conf",
  ]);
  expect(config).toMatch(/^\[Manager\]$[^[]*^DefaultLimitCORE=0$/m);
  for (const unit of units) {
    expect(readFileSync(path.join(rootfs, unit), "utf8"), unit).not.toContain("LimitCORE");
  }
});

describe("the firewall", () => {
  test("is one that the kernel understands", () => {
    // The kernel is asked within a network of its own, where everybody may.
    const alone = ["--user", "--map-root-user", "--net"];
    output("unshare", [...alone, "nft", "--check", "--file", `${rootfs}/etc/nftables.conf`]);
  });

  test("lets in what the appliance is for, and nothing else", () => {
    const text = readFileSync(path.join(rootfs, "etc/nftables.conf"), "utf8");
    const [, input = ""] = /chain input \{([^]*?)\n {2}\}/.exec(text) ?? [];
    expect(input).toContain("policy drop");
    const opened = [...input.matchAll(/^.*\bdport\b.*accept$/gm)].map(([line]) => line.trim());
    expect(opened).toEqual([
      "tcp dport { 80, 443 } accept",
      "ip6 saddr fe80::/10 udp dport 546 accept",
    ]);
  });
});

describe("the console's texts", () => {
  const [en, fr] = ["en", "fr"].map(textsOf) as [Map<string, string>, Map<string, string>];

  test("are complete in English and French", () => {
    expect([...fr.keys()]).toEqual([...en.keys()]);
    expect([...fr.values()].every((text) => text !== "")).toBe(true);
  });

  test("are all that the console shows, and no more", () => {
    const programs = globSync("usr/libexec/handrail/{console-menu,console/*}", { cwd: rootfs })
      .map((file) => readFileSync(path.join(rootfs, file), "utf8"))
      .join("\n");
    const used = [...programs.matchAll(/text\["?([a-z_]+)/g)].map(([, key = ""]) => key);
    const isUsed = (key: string) =>
      used.some((use) => use === key || (use.endsWith("_") && key.startsWith(use)));
    expect([...en.keys()].filter((key) => !isUsed(key))).toEqual([]);
    expect(used.filter((key) => !key.endsWith("_") && !en.has(key))).toEqual([]);
  });

  function textsOf(language: string): Map<string, string> {
    const file = path.join(rootfs, `usr/share/handrail/console/${language}.sh`);
    const program =
      'declare -A text; . "$1"; for k in "${!text[@]}"; do echo "$k=${text[$k]}"; done';
    const lines = output("bash", ["-c", program, "bash", file]).trim().split("\n").toSorted();
    return new Map(lines.map((line) => line.split(/=(.*)/, 2) as [string, string]));
  }
});

/** A template is looked at as one of its instances. */
function instanceOf(unit: string): string {
  return unit.replace("@.", "@tty1.");
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(room, file), "utf8"));
}

/** What a program prints; fails with all that it wrote when it does not end well. */
function output(program: string, args: readonly string[]): string {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  return execFileSync(program, args, { cwd: root, env, encoding: "utf8" });
}

function outputAndErrors(program: string, args: readonly string[]): string {
  return output("sh", ["-c", '"$@" 2>&1 || true', "sh", program, ...args]);
}
