import { lstatSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  changeSettings,
  makeSettings,
  readSettings,
  withPort,
} from "../../../appliance/server/config.ts";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), "handrail-config-"))));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const file = path.join(folder, "server.json");
  writeFileSync(file, content);
  return file;
}

describe("settings", () => {
  it("have a default for every field", () => {
    const settings = readSettings({});
    expect(settings.port).toBe(443);
    expect(settings.redirectPort).toBe("off");
    expect(settings.keyLifetimeMs).toBe(20 * 60_000);
    expect(settings.recordingsDirectory).toBe("/var/lib/handrail/recordings");
    expect(Object.isFrozen(settings)).toBe(true);
  });

  it("come from the file, and from the environment above it", () => {
    const file = fileWith('{"siteName": "From the file", "seats": 3}');
    const settings = readSettings({ HANDRAIL_CONFIG: file, HANDRAIL_SEATS: "7" });
    expect(settings.siteName).toBe("From the file");
    expect(settings.seats).toBe(7);
  });

  it("leave variables of the other programs alone", () => {
    expect(readSettings({ HANDRAIL_JOIN_FILE: "/x" }).port).toBe(443);
  });

  it.each([
    [{ HANDRAIL_PORT: "https" }, "HANDRAIL_PORT", '"https"', "0 to 65535"],
    [{ HANDRAIL_PORT: "65536" }, "HANDRAIL_PORT", '"65536"', "0 to 65535"],
    [{ HANDRAIL_SEATS: "0" }, "HANDRAIL_SEATS", '"0"', "1 to 100000"],
    [{ HANDRAIL_KEY_LIFETIME_MS: "5" }, "HANDRAIL_KEY_LIFETIME_MS", '"5"', "60000 to 86400000"],
    [{ HANDRAIL_LOG_LEVEL: "loud" }, "HANDRAIL_LOG_LEVEL", '"loud"', "error, warn, info, debug"],
    [{ HANDRAIL_SITE_NAME: " " }, "HANDRAIL_SITE_NAME", '" "', "write a text"],
    [{ HANDRAIL_PUBLIC_URL: "http://x" }, "HANDRAIL_PUBLIC_URL", '"http://x"', "https://"],
    [{ HANDRAIL_REDIRECT_PORT: "on" }, "HANDRAIL_REDIRECT_PORT", '"on"', "write off, or a port"],
  ])("that are wrong are named with value and remedy: %o", (env, field, value, remedy) => {
    const words = [field, value, remedy];
    const message = messageOf(() => readSettings(env));
    for (const word of words) expect(message).toContain(word);
    expect(message).toMatch(/^[^\n]+\.$/);
  });

  it("that are wrong in the file are named with the file", () => {
    const file = fileWith('{"seats": "many"}');
    const message = messageOf(() => readSettings({ HANDRAIL_CONFIG: file }));
    expect(message).toContain(`seats in ${file} is "many"`);
  });

  it("refuse a field that does not exist", () => {
    const file = fileWith('{"seat": 3}');
    expect(messageOf(() => readSettings({ HANDRAIL_CONFIG: file }))).toContain("seat in");
  });

  it("refuse a file that is no JSON object", () => {
    const file = fileWith("seats: 3");
    expect(messageOf(() => readSettings({ HANDRAIL_CONFIG: file }))).toContain(file);
    expect(messageOf(() => readSettings({ HANDRAIL_CONFIG: "/nowhere" }))).toContain("/nowhere");
  });
});

describe("the public address", () => {
  it("is the configured one, without a path", () => {
    const settings = makeSettings({ publicUrl: "https://help.example.org/x" });
    expect(withPort(settings, 8443).publicUrl).toBe("https://help.example.org");
  });

  it("follows the address and the port that was taken", () => {
    const settings = makeSettings({ address: "127.0.0.1", port: 0 });
    expect(withPort(settings, 4711)).toMatchObject({
      port: 4711,
      publicUrl: "https://127.0.0.1:4711",
    });
    expect(withPort(makeSettings({ address: "::1" }), 443).publicUrl).toBe("https://[::1]");
  });
});

describe("a changed setting", () => {
  it("is written where the link leads, beside what else is set", () => {
    const file = fileWith('{"siteName": "Help", "publicUrl": "https://old.example"}');
    const link = path.join(folder, "link.json");
    symlinkSync(file, link);
    const env = { HANDRAIL_CONFIG: link };
    changeSettings(env, { publicUrl: "https://new.example" });
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({
      siteName: "Help",
      publicUrl: "https://new.example",
    });
    expect(readSettings(env).publicUrl).toBe("https://new.example");
  });

  it("changes nothing when it cannot be used, or there is no file", () => {
    const content = '{"seats": 3}';
    const env = { HANDRAIL_CONFIG: fileWith(content) };
    const message = messageOf(() => changeSettings(env, { publicUrl: "http://plain.example" }));
    expect(message).toContain("write an address such as https://");
    expect(readFileSync(env.HANDRAIL_CONFIG, "utf8")).toBe(content);
    expect(messageOf(() => changeSettings({}, {}))).toContain("HANDRAIL_CONFIG");
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error("nothing was refused");
}
