import {
  healthAdvice,
  type HealthFormat,
  type HealthReading,
  healthReportShape,
  type HealthSubject,
  healthSubjects,
  healthSubjectText,
  healthValueText,
} from "@handrail/protocol/upkeep";
import { describe, expect, it } from "vitest";
import { judge } from "../../../../appliance/server/health/judge.ts";
import { wellReading } from "./reading.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const { readAt: now } = wellReading;

/** A certificate of so many days, of which so much is left. */
function ending(days: number, leftMs: number) {
  const validTo = now + leftMs;
  return { validFrom: validTo - days * dayMs, validTo };
}

function verdict(subject: HealthSubject, change: Partial<HealthReading>) {
  const { verdicts } = judge({ ...wellReading, ...change });
  const { judgement, reason } = verdicts.find((each) => each.subject === subject) ?? {};
  return reason === undefined ? judgement : `${judgement}: ${reason}`;
}

describe("a judgement", () => {
  it("is good for everything on a machine on which all is well", () => {
    const report = judge(wellReading);
    expect(report.judgement).toBe("good");
    expect(report.verdicts.map(({ subject }) => subject)).toEqual(healthSubjects);
    expect(report.verdicts.filter(({ judgement }) => judgement !== "good")).toEqual([]);
    expect(healthReportShape.parse(report)).toEqual(report);
  });

  it("of the whole is as bad as the worst", () => {
    const restart = { isNeeded: true, packages: ["linux-image-6.1"] };
    expect(judge({ ...wellReading, restart }).judgement).toBe("attention");
    const certificate = ending(90, -1);
    expect(judge({ ...wellReading, restart, certificate }).judgement).toBe("bad");
  });

  it.each<[HealthSubject, Partial<HealthReading>, string]>([
    ["load", { load: { averages: [9, 3, 0], cores: 2 } }, "attention: load-high"],
    ["load", { load: { averages: [0, 8, 0], cores: 2 } }, "bad: load-high"],
    ["load", { load: { averages: [9, 2.9, 0], cores: 2 } }, "good"],
    [
      "memory",
      { memory: { ...wellReading.memory, availableBytes: 0.2e9 } },
      "attention: memory-low",
    ],
    ["memory", { memory: { ...wellReading.memory, availableBytes: 0.05e9 } }, "bad: memory-low"],
    ["dataDisk", { dataDisk: { freeBytes: 14, totalBytes: 100 } }, "attention: disk-filling"],
    ["systemDisk", { systemDisk: { freeBytes: 4, totalBytes: 100 } }, "bad: disk-filling"],
    ["certificate", { certificate: ending(825, 29 * dayMs) }, "attention: certificate-ending"],
    ["certificate", { certificate: ending(825, 2 * dayMs) }, "bad: certificate-ending"],
    ["certificate", { certificate: ending(825, -1) }, "bad: certificate-ended"],
    // Short ones are renewed when a third of their life is left.
    ["certificate", { certificate: ending(6, 2.1 * dayMs) }, "good"],
    ["certificate", { certificate: ending(6, 1.9 * dayMs) }, "attention: certificate-ending"],
    ["certificate", { certificate: ending(6, 4 * hourMs) }, "bad: certificate-ending"],
    ["certificate", { certificate: ending(45, 16 * dayMs) }, "good"],
    ["clock", { clock: { source: "none", isSynchronised: false } }, "attention: clock-unknown"],
    [
      "clock",
      { clock: { source: "systemd-timesyncd", isSynchronised: false } },
      "attention: clock-unsynchronised",
    ],
    [
      "clock",
      { clock: { source: "chrony", isSynchronised: true, lastAt: now - 3 * dayMs } },
      "attention: clock-unsynchronised",
    ],
    [
      "clock",
      { clock: { source: "chrony", isSynchronised: true, lastAt: now, offsetMs: -2_000 } },
      "attention: clock-off",
    ],
    [
      "clock",
      { clock: { source: "chrony", isSynchronised: true, lastAt: now, offsetMs: 90_000 } },
      "bad: clock-off",
    ],
    ["database", { database: { sizeBytes: 51e9 } }, "bad: database-outgrows-disk"],
    ["backup", { backup: { isScheduled: false, hasFailed: false } }, "attention: backup-never"],
    [
      "backup",
      { backup: { lastAt: now - 9 * dayMs, isScheduled: false, hasFailed: false } },
      "attention: backup-old",
    ],
    [
      "backup",
      { backup: { lastAt: now - 9 * dayMs, isScheduled: true, hasFailed: false } },
      "bad: backup-old",
    ],
    [
      "backup",
      { backup: { lastAt: now, isScheduled: true, hasFailed: true } },
      "bad: backup-failed",
    ],
    [
      "backup",
      { backup: { lastAt: now, isScheduled: true, hasFailed: false, unsentSince: now - 60_000 } },
      "bad: backup-not-sent",
    ],
    ["update", { update: { version: "1.2.3", hasFailed: true } }, "attention: update-failed"],
    [
      "update",
      { update: { version: "1.2.3", hasFailed: false, waiting: "1.3.0" } },
      "attention: update-waiting",
    ],
    [
      "update",
      { update: { version: "1.2.3", hasFailed: false, channelUnreadSince: now - 4 * dayMs } },
      "attention: channel-unread",
    ],
    ["update", { update: { version: "1.2.3", hasFailed: false, channelUnreadSince: now } }, "good"],
    ["restart", { restart: { isNeeded: true, packages: [] } }, "attention: restart-needed"],
  ])("of %s with %j is %s", (subject, change, expected) => {
    expect(verdict(subject, change)).toBe(expected);
  });
});

describe("the words", () => {
  const format: HealthFormat = {
    language: "en",
    size: (sizeBytes) => `${sizeBytes / 1e9} GB`,
    moment: (at) => new Date(at).toISOString().slice(0, 10),
    duration: (ms) => `${ms / dayMs} d`,
  };

  it("tell what was read, in English and French", () => {
    const line = (subject: HealthSubject, language: "en" | "fr" = "en") =>
      healthValueText(subject, wellReading, { ...format, language });
    expect(line("load")).toBe("0.50 · 0.40 · 0.30 (1, 5 and 15 minutes) on 2 processors");
    expect(line("load", "fr")).toBe("0,50 · 0,40 · 0,30 (1, 5 et 15 minutes) sur 2 processeurs");
    expect(line("memory")).toBe("1.2 GB of 2 GB available; Handrail uses 0.12 GB");
    expect(line("clock")).toBe("synchronised 2030-05-31 (systemd-timesyncd)");
    expect(line("upTime")).toBe("machine 5 d · server 1 d");
  });

  it("name every subject and say what to do about every reason in both languages", () => {
    const bad = { subject: "clock", judgement: "bad", reason: "clock-off" } as const;
    expect(healthAdvice(bad, "en")).toContain("time servers");
    expect(healthAdvice(bad, "fr")).toContain("serveurs de temps");
    for (const subject of healthSubjects) {
      expect(healthSubjectText(subject, "en")).not.toBe("");
      expect(healthSubjectText(subject, "fr")).not.toBe("");
    }
  });
});
