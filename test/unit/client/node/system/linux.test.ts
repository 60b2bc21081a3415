import { expect, it } from "vitest";
import {
  parseErrors,
  parsePackages,
  parseServices,
} from "../../../../../appliance/client/node/system/linux.ts";

it("reads the packages that are installed, not those of which settings are left", () => {
  const lines = "ii \tbash\t5.2.15-2+b7\tamd64\t7164\nrc \tgone\t1\tall\t9\nii \ttiny\t1\tall\t\n";
  expect(parsePackages(lines)).toEqual([
    { name: "bash", version: "5.2.15-2+b7", architecture: "amd64", sizeBytes: 7164 * 1024 },
    { name: "tiny", version: "1", architecture: "all", sizeBytes: undefined },
  ]);
});

it("reads services with how they start, and leaves out what is only referred to", () => {
  const units = [
    "cron.service        loaded    active   running Regular background program processing daemon",
    "getty@tty1.service  loaded    failed   failed  Getty on tty1",
    "ntp.service         not-found inactive dead    ntp.service",
  ].join("\n");
  const files = "cron.service enabled enabled\nsshd.service disabled enabled\n";
  const [cron, getty, ...others] = parseServices(units, files);
  expect(cron).toEqual({
    ...{ name: "cron", state: "active", detail: "running", start: "enabled" },
    description: "Regular background program processing daemon",
  });
  expect(getty).toMatchObject({ name: "getty@tty1", state: "failed", start: undefined });
  expect(others).toEqual([]);
});

it("reads errors from the log, whatever their bytes are, and passes over what is none", () => {
  const lines = [
    JSON.stringify({
      __REALTIME_TIMESTAMP: "1700000000123456",
      PRIORITY: "3",
      SYSLOG_IDENTIFIER: "sshd",
      MESSAGE: "no route",
    }),
    JSON.stringify({ __REALTIME_TIMESTAMP: "1", _COMM: "odd", MESSAGE: [104, 105, 255] }),
    JSON.stringify({ MESSAGE: "without a time" }),
    "-- No entries --",
    "",
  ].join("\n");
  const [first, second, ...others] = parseErrors(lines);
  expect(first).toEqual({
    ...{ loggedAt: 1_700_000_000_123, source: "sshd", level: 3, message: "no route" },
  });
  expect(second).toMatchObject({ source: "odd", message: "hi\u{fffd}" });
  expect(others).toEqual([]);
});
