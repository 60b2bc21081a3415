import { describe, expect, it } from "vitest";
import { barsOf } from "@handrail/protocol";
import { pageOf } from "../../../../extension/system/page.ts";
import type { Reading, Snapshot } from "../../../../extension/system/snapshot.ts";
import { lsid } from "../sample.ts";
import { words } from "../../protocol/tool/sample-words.ts";

const gib = 1024 ** 3;

function reading(
  category: Reading["category"],
  facts: Record<string, string | number>,
  list?: { name: string; rows: Record<string, string | number>[] },
): Reading {
  const report = { facts, lists: list ? [{ ...list, omitted: 0 }] : [] };
  return { category, answer: { answer: "report", id: 1, takenAt: 5, report } };
}

const memory = reading("memory", {
  ...{ totalBytes: 8 * gib, usedBytes: 2 * gib, usedPercent: 25 },
  ...{ swapTotalBytes: 4 * gib, swapUsedBytes: gib },
});
const disks = reading(
  "disks",
  {},
  {
    name: "fileSystems",
    rows: [{ mount: "/", sizeBytes: 100 * gib, usedBytes: 95 * gib, usedPercent: 95 }],
  },
);

function page(readings: readonly Reading[]): string {
  const base = { id: 1, lsid: lsid("a"), customer: "Grace", takenAt: 1_700_000_000_000 };
  const snapshot: Snapshot = { ...base, computer: "loki", readings };
  return pageOf(snapshot, words, { nonce: "abc" });
}

describe("the charts", () => {
  it("draw memory and swap, and say their amounts", () => {
    expect(barsOf(memory, words)).toEqual([
      { label: "<memory>", percent: 25, text: "25 % · 2 GiB / 8 GiB" },
      { label: "swapTotalBytes", percent: 25, text: "25 % · 1 GiB / 4 GiB" },
    ]);
  });

  it("draw the load of the processor and of each core", () => {
    const rows = [
      { core: 1, loadPercent: 90 },
      { core: 2, loadPercent: 10 },
    ];
    const bars = barsOf(reading("processor", { loadPercent: 50 }, { name: "cores", rows }), words);
    expect(bars.map(({ label, percent }) => [label, percent])).toEqual([
      ["loadPercent", 50],
      ["core 1", 90],
      ["core 2", 10],
    ]);
  });

  it("draw no more than there is, and nothing of what has no share", () => {
    const rows = [{ mount: "/", usedPercent: 180 }, { mount: "/odd" }];
    const bars = barsOf(reading("disks", {}, { name: "fileSystems", rows }), words);
    expect(bars).toEqual([{ label: "/", percent: 100, text: "180 %" }]);
    expect(barsOf(reading("users", { loadPercent: 4 }), words)).toEqual([]);
  });
});

describe("the page", () => {
  it("draws a bar, marks a full one, and says both in text", () => {
    const html = page([memory, disks]);
    expect(html).toContain('<rect class="used" width="25.0%"');
    expect(html).toContain('<rect class="high" width="95.0%"');
    expect(html).toContain("95 % · 95 GiB / 100 GiB");
    expect(html).toContain('<th scope="row">/</th>');
  });

  it("folds long lists, leads to each category, and says why one is missing", () => {
    const rows = Array.from({ length: 30 }, (_, i) => ({ name: `p${i}` }));
    const processes = reading("processes", {}, { name: "processes", rows });
    const failed = { answer: "failed", id: 2, reason: "too-slow" } as const;
    const html = page([processes, { category: "services", answer: failed }]);
    expect(html).toContain("<details><summary>processes (30)</summary>");
    expect(html).toContain('<a href="#services">');
    expect(html).toContain("<p>too slow</p>");
  });

  it("shows what a computer sends as it is, and never as HTML", () => {
    const attack = '</style><img src=x onerror="1">&amp;';
    const html = page([
      reading("computer", { name: attack }, { name: "x", rows: [{ a: attack }] }),
    ]);
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;/style&gt;&lt;img src=x onerror=&quot;1&quot;&gt;&amp;amp;");
    expect(html).toContain("default-src 'none'; style-src 'nonce-abc'");
  });
});
