import { describe, expect, it } from "vitest";
import {
  addressShape,
  mailForm,
  mailLine,
  withPassword,
} from "../../../../appliance/server/mail/settings.ts";

const typed = {
  ...{ host: "Mail.Example.org", port: 587, security: "starttls", user: "handrail" },
  ...{ sender: "handrail@example.org", addressees: ["ann@example.org", "ann@example.org"] },
} as const;

describe("the settings of mail", () => {
  it("take addresses as people have them, and nothing that would be more than one", () => {
    const good = ["ann@example.org", " o'neil+x@sub.example.org ", "info@münchen.example"];
    expect(good.map((each) => addressShape.parse(each))).toEqual([
      "ann@example.org",
      "o'neil+x@sub.example.org",
      "info@xn--mnchen-3ya.example",
    ]);
    const bad = [
      ...["", "ann", "@example.org", "ann@", "a b@example.org", "ann@127.0.0.1", "ann@*.example"],
      ...["ann@example.org,bob@example.org", "ann\r\nRCPT TO:<x>@example.org", "<ann>@example.org"],
      ...["ann@example.org\nx", "ann@exam\tple.org", "ann\r@example.org"],
      ...["ann@example.org>", `${"a".repeat(65)}@example.org`, ".ann@example.org"],
    ];
    expect(bad.filter((each) => addressShape.safeParse(each).success)).toEqual([]);
  });

  it("keep a password for the server, certificate and name that it was typed for", () => {
    const form = mailForm.parse({ ...typed, password: "correct horse" });
    const kept = withPassword(form, undefined);
    expect(kept).toMatchObject({ password: "correct horse", addressees: ["ann@example.org"] });
    const again = mailForm.parse({ ...typed, senderName: "Example" });
    expect(withPassword(again, kept).password).toBe("correct horse");
    const elsewhere = [
      { host: "evil.example.org" },
      { port: 25 },
      { security: "none" },
      { user: "another" },
      { trust: { by: "pin", pin: "a".repeat(64) } },
    ];
    for (const change of elsewhere) {
      const moved = mailForm.parse({ ...typed, ...change });
      expect(() => withPassword(moved, kept), JSON.stringify(change)).toThrow("type the password");
    }
    expect(withPassword(mailForm.parse({ ...typed, user: "" }), kept).password).toBe("");
  });

  it("are told in a line that has no password", () => {
    const form = mailForm.parse({ ...typed, password: "correct horse", senderName: "Example" });
    const line = mailLine(withPassword(form, undefined));
    expect(line).toBe(
      'starttls://mail.example.org:587 user=handrail from="Example" <handrail@example.org> ' +
        "to=ann@example.org language=en",
    );
    expect(mailLine(undefined)).toBe("");
  });
});
