import type { SystemReport } from "@handrail/protocol";
import { describe, expect, it } from "vitest";
import type { SystemReading as Reading, SystemSnapshot as Snapshot } from "@handrail/protocol";
import {
  escaped,
  jsonOf,
  linesOf,
  markdownOf,
} from "../../../../appliance/protocol/tool/system-text.ts";
import { lsid } from "../../extension/sample.ts";
import { words } from "./sample-words.ts";

function reading(category: Reading["category"], report: SystemReport): Reading {
  return { category, answer: { answer: "report", id: 1, takenAt: 5, report } };
}

const disks = reading("disks", {
  facts: {},
  lists: [
    {
      name: "fileSystems",
      rows: [
        { mount: "/srv", sizeBytes: 2 * 1024 ** 3, usedPercent: 50 },
        { mount: "/", usedPercent: 100 },
      ],
      omitted: 4,
    },
    { name: "drives", rows: [], omitted: 0 },
  ],
});
const services: Reading = {
  category: "services",
  answer: { answer: "failed", id: 2, reason: "too-slow" },
};

function snapshot(readings: readonly Reading[]): Snapshot {
  return {
    ...{ id: 1, lsid: lsid("a"), customer: "Grace", computer: "loki", takenAt: 1_700_000_000_000 },
    readings,
  };
}

describe("the page of a computer", () => {
  it("has a table for each list, with a bar for each share", () => {
    const page = markdownOf(snapshot([disks]), words);
    expect(page).toContain("# Computer loki");
    expect(page).toContain("| mount | sizeBytes | usedPercent |\n| --- | --- | --- |");
    expect(page).toContain("| /srv | 2 GiB | █████░░░░░ 50 % |");
    expect(page).toContain("| / |  | ██████████ 100 % |");
    expect(page).toContain("*4 more*");
    expect(page).toContain("### drives\n\n*none*");
  });

  it("says why a category is missing", () => {
    expect(markdownOf(snapshot([services]), words)).toContain("## \\<services\\>\n\n*too slow*");
  });

  it("shows one category where only that is asked for", () => {
    const page = markdownOf(snapshot([disks, services]), words, [services]);
    expect(page).not.toContain("fileSystems");
  });

  it("shows what a computer sends as it is, and never as mark-up", () => {
    const attack = '![x](https://evil.example/) <img src=x onerror="1"> | **b** `c` [d](e)';
    const page = markdownOf(
      snapshot([reading("computer", { facts: { attack }, lists: [] })]),
      words,
    );
    const row = page.split("\n").find((line) => line.startsWith("- **attack** ")) ?? "";
    const sent = row.slice("- **attack** ".length);
    // Whatever could begin mark-up stands behind a backslash.
    expect(sent.replace(/\\./g, "")).not.toMatch(/[*`<>[\]()!|]/);
    expect(row).not.toContain("https://");
  });
});

describe("the lines that are compared", () => {
  it("are in one order, however the computer sorted", () => {
    const rows = [{ name: "b" }, { name: "a" }];
    const list = (sorted: typeof rows) =>
      linesOf(
        [reading("software", { facts: {}, lists: [{ name: "x", rows: sorted, omitted: 0 }] })],
        words,
      );
    expect(list(rows)).toBe(list(rows.toReversed()));
    expect(list(rows)).toBe("== <software> ==\nx (2)\n  a\n  b\n");
  });
});

it("as JSON it has the protocol's names and units, and every reading", () => {
  expect(JSON.parse(jsonOf(snapshot([disks, services])))).toMatchObject({
    ...{ computer: "loki", customer: "Grace", takenAt: 1_700_000_000_000 },
    categories: {
      disks: { takenAt: 5, lists: [{ rows: [{ sizeBytes: 2 * 1024 ** 3 }, {}] }, {}] },
      services: { failed: "too-slow" },
    },
  });
});

it("text without a meaning in Markdown stays as it is", () => {
  expect(escaped("Debian 12, 6.1.0-18")).toBe("Debian 12, 6.1.0-18");
});
