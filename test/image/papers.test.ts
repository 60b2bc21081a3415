import { execFileSync } from "node:child_process";
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

test("the papers are signed, and right", () => {
  const out = path.join(root, "packer/dist/out");
  execFileSync("sha256sum", ["--check", "--strict", "SHA256SUMS"], { cwd: out });
  const key = ["-pubin", "-inkey", "handrail.pem"];
  const signed = ["-rawin", "-in", "SHA256SUMS", "-sigfile", "SHA256SUMS.sig"];
  execFileSync("openssl", ["pkeyutl", "-verify", ...key, ...signed], { cwd: out });
});
