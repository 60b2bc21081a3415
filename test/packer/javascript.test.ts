import { describe, expect, it } from "vitest";
import { toJavaScript } from "../../packer/release/javascript.ts";

describe("a module in a release", () => {
  it("is JavaScript that imports JavaScript", () => {
    const source = [
      'import { b } from "./folder/b.ts";',
      'import type { C } from "./c.ts";',
      'import zod from "zod";',
      'export * from "../d.ts";',
      'const later = () => import("./e.ts");',
      "export const a: C = b(zod, later) as C;",
    ];
    expect(toJavaScript(source.join("\n"), "a.ts").trim().split("\n")).toEqual([
      'import { b } from "./folder/b.js";',
      'import zod from "zod";',
      'export * from "../d.js";',
      'const later = () => import("./e.js");',
      "export const a = b(zod, later);",
    ]);
  });

  it("is not made of what is no TypeScript", () => {
    expect(() => toJavaScript("const = 1;", "server/a.ts")).toThrow("server/a.ts: ");
  });
});
