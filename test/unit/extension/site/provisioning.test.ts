import { expect, it } from "vitest";
import { parseCredentials } from "../../../../extension/site/provisioning.ts";

const good = {
  url: "https://127.0.0.1:4433",
  fingerprint: "AB:".repeat(31) + "AB",
  credential: "secret",
};

it("reads what the appliance has written, with or without colons", () => {
  const fingerprint = "ab".repeat(32);
  expect(parseCredentials(JSON.stringify(good))).toEqual({ ...good, fingerprint });
  expect(parseCredentials(JSON.stringify({ ...good, fingerprint })).fingerprint).toBe(fingerprint);
});

it.each([
  ["url", { ...good, url: "http://127.0.0.1" }],
  ["fingerprint", { ...good, fingerprint: "AB:CD" }],
  ["credential", { ...good, credential: "" }],
])("names the field %s when it is wrong", (field, json) => {
  expect(() => parseCredentials(JSON.stringify(json))).toThrow(`"${field}"`);
});

it("says so when the file is not JSON", () => {
  expect(() => parseCredentials("{")).toThrow("not JSON");
});
