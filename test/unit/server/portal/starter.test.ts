import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeStarter, terminalCommand } from "../../../../appliance/server/portal/starter.ts";
import { packTar } from "../../../../appliance/server/tar.ts";

const join = {
  site: "https://help.example.org:8443",
  fingerprint: "a".repeat(64),
  publicKeyPin: `${"b".repeat(43)}=`,
  ticket: "c".repeat(32),
  siteName: "Anne's $(touch owned) `help`",
  language: "fr",
} as const;
const runtime = {
  archiveSha256: "d".repeat(64),
  contentsSha256: "e".repeat(64),
  sizeBytes: 1,
  file: "/nowhere",
};

describe("the starter", () => {
  it.each(["en", "fr"] as const)(
    "is a shell script in which nothing is left open: %s",
    (language) => {
      const script = makeStarter({ ...join, language }, runtime);
      expect(script).not.toMatch(/@[A-Z0-9_]+@/);
      const { status, stderr } = spawnSync("sh", ["-n"], { input: script, encoding: "utf8" });
      expect(stderr).toBe("");
      expect(status).toBe(0);
    },
  );

  it("hands the configuration to the client's standard input, not to its arguments", () => {
    const lines = makeStarter(join, runtime).split("\n");
    const holding = lines.filter((line) => line.includes(join.ticket));
    const [kept, given = ""] = holding;
    expect(holding).toHaveLength(2);
    expect(kept).toBe(`ticket='${join.ticket}'`);
    expect(JSON.parse(given)).toEqual(join);
    expect(lines[lines.indexOf(given) - 1]).toContain("<<'HANDRAIL_END'");
  });

  it("gives the ticket to the shell's own printf alone", () => {
    const using = makeStarter(join, runtime)
      .split("\n")
      .filter((line) => line.includes("$ticket"));
    expect(using).toHaveLength(2);
    for (const line of using) {
      expect(line.trim()).toMatch(/^(answer=\$\()?printf '[^']*' "\$ticket" \|$/);
    }
  });

  it("refuses values that could end a quotation", () => {
    const evil = { ...join, site: "https://x'; touch /tmp/owned; '" };
    expect(() => makeStarter(evil, runtime)).toThrow();
    expect(() => terminalCommand(evil)).toThrow();
  });

  it("has a line for the terminal that shows the ticket to no list of processes", () => {
    const command = terminalCommand(join);
    expect(command).toMatch(/^printf '[^']*' \| curl /);
    expect(command.slice(command.indexOf("curl"))).not.toContain(join.ticket);
  });
});

describe("an archive", () => {
  it("is one that tar reads, with the modes it was given", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "handrail-tar-"));
    try {
      const source = path.join(folder, "source");
      writeFileSync(source, "x".repeat(1000));
      const content = Buffer.from("hello");
      const parts = [];
      for await (const part of packTar([
        { name: "run", mode: 0o700, sizeBytes: 1000, source: { file: source } },
        { name: "data/note.txt", mode: 0o600, sizeBytes: 5, source: { content } },
      ])) {
        parts.push(part);
      }
      const archive = path.join(folder, "a.tar");
      writeFileSync(archive, Buffer.concat(parts));
      const { status } = spawnSync("tar", ["-xf", archive, "-C", folder]);
      expect(status).toBe(0);
      expect(readFileSync(path.join(folder, "data/note.txt"), "utf8")).toBe("hello");
      expect(statSync(path.join(folder, "run")).mode & 0o777).toBe(0o700);
      expect(statSync(path.join(folder, "run")).size).toBe(1000);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("fails when a file is not as large as it was said to be", async () => {
    const source = { content: Buffer.from("hello") };
    const parts = packTar([{ name: "x", mode: 0o600, sizeBytes: 9, source }]);
    await expect(Array.fromAsync(parts)).rejects.toThrow("changed while it was packed");
  });
});
