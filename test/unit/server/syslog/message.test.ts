import { describe, expect, it } from "vitest";
import {
  auditMessage,
  type SentRow,
  testMessage,
} from "../../../../appliance/server/syslog/message.ts";
import { parseSyslog } from "../../../support/syslog-server.ts";

const sender = { host: "help.example.org", facility: "local0" } as const;
const row: SentRow = {
  seq: 7,
  at: Date.UTC(2026, 10, 22, 20, 0, 1, 250),
  event: "account.added",
  who: "Ann Archer",
  whoId: "rep_1",
  hash: "ab".repeat(32),
  detail: { account: "bob", disabled: false, count: 3 },
};

describe("a row as a message", () => {
  it("has everything in structured data, and the same for people", () => {
    const message = parseSyslog(auditMessage(row, sender));
    expect(message).toEqual({
      priority: 16 * 8 + 5,
      at: "2026-11-22T20:00:01.250Z",
      host: "help.example.org",
      event: "account.added",
      data: {
        "audit@32473": {
          ...{ seq: "7", event: "account.added", who: "Ann Archer" },
          ...{ whoId: "rep_1", hash: "ab".repeat(32) },
        },
        "detail@32473": { account: "bob", disabled: "false", count: "3" },
      },
      text: "Ann Archer: account.added account=bob disabled=false count=3",
    });
  });

  it("warns of what was refused", () => {
    const refused = { ...row, event: "sign-in.refused" };
    expect(parseSyslog(auditMessage(refused, { ...sender, facility: "auth" })).priority).toBe(36);
  });

  it("lets no value end a line, forge a field or steer a terminal", () => {
    const evil = 'a"] [x@1 y="z"]\n<0>1 - - \u001b[2J\\\u202e\u0000\ud800';
    const message = auditMessage({ ...row, who: evil, detail: { evil } }, sender);
    expect(message.toString()).not.toMatch(/[\p{Cc}\u202e]/u);
    const { data } = parseSyslog(message);
    expect(Object.keys(data)).toEqual(["audit@32473", "detail@32473"]);
    const plain = 'a"] [x@1 y="z"]\\u{a}<0>1 - - \\u{1b}[2J\\\\u{202e}\\u{0}\ufffd';
    expect(data["detail@32473"]).toEqual({ evil: plain });
    expect(data["audit@32473"]?.who).toBe(plain);
  });

  it("keeps names within what heads allow", () => {
    const odd = { ...row, event: `with space ${"x".repeat(60)}`, detail: { 'a="b] c': "d" } };
    const message = parseSyslog(auditMessage(odd, { ...sender, host: "hé lo" }));
    expect(message.host).toBe("h__lo");
    expect(message.event).toHaveLength(32);
    expect(message.data["detail@32473"]).toEqual({ a__b__c: "d" });
  });

  it("says that a text is UTF-8 where it is not ASCII", () => {
    const message = parseSyslog(auditMessage({ ...row, who: "Zoë", detail: {} }, sender));
    expect(message.text).toBe("\ufeffZoë: account.added");
    expect(message.data).not.toHaveProperty("detail@32473");
  });

  it.each([["x".repeat(50_000)], ["é\u0001".repeat(20_000)]])(
    "is never longer than 8 KiB",
    (long) => {
      const detail = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`d${i}`, long]));
      const message = auditMessage({ ...row, detail }, sender);
      expect(message.length).toBeLessThanOrEqual(8192);
      expect(parseSyslog(message).data["detail@32473"]?.d11).toMatch(/…$/);
    },
  );

  it("can be a mere test", () => {
    const message = parseSyslog(testMessage(row.at, "Ann", sender));
    expect(message).toMatchObject({ event: "test-message", data: {} });
    expect(message.text).toBe("Test message of Handrail, sent by Ann");
  });
});
