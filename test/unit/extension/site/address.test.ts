import { expect, it } from "vitest";
import { parseSiteAddress } from "../../../../extension/site/address.ts";

it.each([
  ["support.example.org", "https://support.example.org", "support.example.org", 443],
  [
    " https://support.example.org/login ",
    "https://support.example.org",
    "support.example.org",
    443,
  ],
  ["Support.Example.org:8443", "https://support.example.org:8443", "support.example.org", 8443],
  ["https://127.0.0.1:4433", "https://127.0.0.1:4433", "127.0.0.1", 4433],
  ["[::1]:4433", "https://[::1]:4433", "::1", 4433],
])("reads %s", (typed, origin, host, port) => {
  expect(parseSiteAddress(typed)).toEqual({ origin, host, port });
});

it.each(["", "   ", "http://support.example.org", "two words", "https://", "https://name@host"])(
  "refuses %j",
  (typed) => {
    expect(parseSiteAddress(typed)).toBeUndefined();
  },
);
