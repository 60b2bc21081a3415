import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { root } from "../support/root.ts";

test("the same sources make the same payload", () => {
  const payload = path.join(root, "packer/dist/payload.tar.zst");
  const before = execFileSync("sha256sum", [payload], { encoding: "utf8" });
  const again = ["packer/build.ts", "--fast", "--from", "release", "--until", "payload"];
  execFileSync("node", again, { cwd: root });
  expect(execFileSync("sha256sum", [payload], { encoding: "utf8" })).toBe(before);
});

test("the same sources make the same Debian: files, their rights and sizes, packages", () => {
  const before = debian();
  expect(before.packages).toMatch(/^systemd\t252\./m);
  execFileSync("node", ["packer/build.ts", "--from", "base", "--until", "base"], { cwd: root });
  expect(debian()).toEqual(before);
});

/** What the base consists of. The first file system of the kernel alone holds moments, compressed. */
function debian(): { files: string[]; packages: string } {
  const built = path.join(root, "packer/dist");
  const list = ["--list", "--verbose", "--numeric-owner", "--file", path.join(built, "base.tar")];
  const lines = execFileSync("tar", list, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const files = lines.split("\n").map((line) => {
    const [rights, owner, size, , , ...name] = line.split(/ +/);
    return [rights, owner, line.includes("/initrd.img-") ? "" : size, ...name].join(" ");
  });
  return {
    files: files.toSorted(),
    packages: readFileSync(path.join(built, "packages.tsv"), "utf8"),
  };
}

test("the papers are signed, and right", () => {
  const out = path.join(root, "packer/dist/out");
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
  const key = ["-pubin", "-inkey", "handrail.pem"];
  const signed = ["-rawin", "-in", "SHA256SUMS", "-sigfile", "SHA256SUMS.sig"];
  execFileSync("openssl", ["pkeyutl", "-verify", ...key, ...signed], { cwd: out });
});

test("every hypervisor's file holds the same disk, and the OVA is whole", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "handrail-formats-"));
  try {
    const files = globSync("packer/dist/out/*.{ova,qcow2,vhdx.zip}", { cwd: root }).toSorted();
    const [ova = "", qcow2 = "", vhdx = ""] = files.map((file) => path.join(root, file));
    execFileSync("tar", ["-xf", ova], { cwd: folder });
    execFileSync("unzip", ["-q", vhdx], { cwd: folder });
    const inside = (pattern: string) => globSync(pattern, { cwd: folder }).join();
    const sums = readFileSync(path.join(folder, inside("*.mf")), "utf8");
    const listed = sums.replace(/SHA256\((.*)\)= (.*)/g, "$2  $1");
    execFileSync("sha256sum", ["--check", "--strict"], { cwd: folder, input: listed });
    for (const [format, file] of [
      ["vmdk", inside("*.vmdk")],
      ["vhdx", inside("*.vhdx")],
    ] as const) {
      const compared = ["compare", "-f", format, "-F", "qcow2", file, qcow2];
      expect(execFileSync("qemu-img", compared, { cwd: folder, encoding: "utf8" })).toMatch(
        /identical/,
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
