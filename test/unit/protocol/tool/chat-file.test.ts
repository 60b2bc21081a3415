import {
  chatFileName,
  chatFileShape,
  encodeText,
  maxChatFileBytes,
  sizeText,
} from "@handrail/protocol";
import { describe, expect, it } from "vitest";

describe("the name of a file from another computer", () => {
  it.each([
    ["Überblick 2026.pdf", "Überblick 2026.pdf"],
    ["../../etc/passwd", "_.._etc_passwd"],
    ["/etc/cron.d/job", "_etc_cron.d_job"],
    ["..", "file"],
    [".bashrc", "bashrc"],
    ["C:\\Windows\\x.exe", "C__Windows_x.exe"],
    ["a\nb\u0000c.txt", "a_b_c.txt"],
    ["invoice\u202efdp.exe", "invoice_fdp.exe"],
    ["", "file"],
    ["  spaces. ", "spaces"],
  ])("%j becomes %j", (name, harmless) => {
    expect(chatFileName(name)).toBe(harmless);
    expect(chatFileName(harmless)).toBe(harmless);
  });

  it("is short enough for any disk, and keeps its ending", () => {
    const name = chatFileName(`${"é".repeat(300)}.tar.gz`);
    expect(encodeText(name).length).toBeLessThanOrEqual(200);
    expect(name.endsWith(".gz")).toBe(true);
  });

  it("is the same when it was shortened at a space", () => {
    const name = chatFileName(`${"x".repeat(199)} ${"y".repeat(50)}`);
    expect(name).toBe("x".repeat(199));
    expect(chatFileName(name)).toBe(name);
  });

  it("is refused on the wire where it is another", () => {
    const file = { sizeBytes: 1, sha256: "ab".repeat(32) };
    expect(chatFileShape.safeParse({ ...file, name: "a.txt" }).success).toBe(true);
    for (const name of ["../a", "a/b", ".a", "a\nb", "", "x".repeat(201)]) {
      expect(chatFileShape.safeParse({ ...file, name }).success).toBe(false);
    }
    const large = { ...file, name: "a", sizeBytes: maxChatFileBytes + 1 };
    expect(chatFileShape.safeParse(large).success).toBe(false);
  });
});

it("a size is written as the reader writes it", () => {
  expect(sizeText(2_100_000, "en")).toBe("2.1 MB");
  expect(sizeText(2_100_000, "fr").replaceAll(/\s/gu, " ")).toBe("2,1 Mo");
});
