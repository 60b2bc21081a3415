import { expect, it } from "vitest";
import { csvLine } from "../../../../appliance/server/page/csv.ts";

it("quotes every cell, and what is in it", () => {
  expect(csvLine(["a", 'say "b", c', "two\nlines"])).toBe('"a","say ""b"", c","two\nlines"\r\n');
});

/** Source: OWASP, CSV injection, with the full-width signs that some spreadsheets take as well. */
it.each(["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1", "＋1", "－1", "＠SUM(1)"])(
  "makes no formula of %j",
  (cell) => {
    expect(csvLine([cell])).toBe(`"'${cell}"\r\n`);
  },
);
