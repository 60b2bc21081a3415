import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Appliance } from "../support/appliance.ts";
import { Authority } from "../support/authority.ts";
import { Admin } from "../support/signed-in.ts";

interface View {
  readonly inForce: object;
  readonly kept: object;
  readonly changeable: string[];
  readonly isCertified: boolean;
}

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "handrail-site-"));
  file = path.join(folder, "server.json");
  writeFileSync(file, '{ "publicUrl": "https://old.example.org", "logLevel": "warn" }');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(env: Record<string, string> = { HANDRAIL_CONFIG: file }) {
  const appliance = await Appliance.start({ env, dataDirectory: path.join(folder, "data") });
  const admin = new Admin(appliance);
  return { appliance, admin, [Symbol.asyncDispose]: () => appliance[Symbol.asyncDispose]() };
}

async function setUp(env?: Record<string, string>) {
  const started = await start(env);
  await started.appliance.setUp();
  await started.admin.signIn();
  return started;
}

async function changes({ admin }: { admin: Admin }): Promise<object[]> {
  const { rows } = await admin.json<{ rows: { event: string; who: string; detail: object }[] }>(
    "audit",
  );
  return rows
    .filter(({ event }) => event === "site.changed")
    .map(({ who, detail }) => ({ who, ...detail }));
}

describe("what the site is to people", () => {
  it("is changed at /login from the next start on, and written down", async () => {
    const before = { siteName: "Handrail", publicUrl: "https://old.example.org", seats: 10 };
    const after = { siteName: "Example IT", publicUrl: "https://help.example.org", seats: 40 };
    {
      await using site = await setUp();
      expect(await site.admin.json<View>("site")).toMatchObject({
        ...{ inForce: before, kept: before, isCertified: true },
        changeable: ["siteName", "publicUrl", "seats"],
      });
      const asked = { ...after, publicUrl: `${after.publicUrl}/login` };
      expect((await site.admin.write("site", asked, "PATCH")).status).toBe(200);
      const { inForce, kept, isCertified } = await site.admin.json<View>("site");
      expect({ inForce, kept, isCertified }).toEqual({
        ...{ inForce: before, kept: after, isCertified: false },
      });
      expect(await changes(site)).toEqual([
        {
          ...{ who: "Ann Archer", nameBefore: "Handrail", name: "Example IT" },
          ...{ addressBefore: before.publicUrl, address: after.publicUrl },
          ...{ seatsBefore: 10, seats: 40 },
        },
      ]);
      expect(JSON.parse(readFileSync(file, "utf8"))).toEqual({ ...after, logLevel: "warn" });
    }
    await using again = await start();
    await again.admin.signIn();
    expect((await again.admin.json<View>("site")).inForce).toEqual(after);
    // Saving what is there already is no change.
    expect((await again.admin.write("site", after, "PATCH")).status).toBe(200);
    expect(await changes(again)).toHaveLength(1);
  });

  it.each([
    [{ siteName: "" }, "siteName"],
    [{ siteName: "a".repeat(101) }, "siteName"],
    [{ publicUrl: "http://help.example.org" }, "publicUrl"],
    [{ publicUrl: "help.example.org" }, "publicUrl"],
    [{ seats: 0 }, "seats"],
    [{ seats: 1.5 }, "seats"],
  ])("is not changed to %o", async (values, field) => {
    await using site = await setUp();
    const answer = await site.admin.write("site", values, "PATCH");
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.text)).toMatchObject({ field });
    expect(readFileSync(file, "utf8")).toContain("old.example.org");
  });

  it("is not changed by who is no administrator, nor where the environment says it", async () => {
    await using site = await setUp({ HANDRAIL_CONFIG: file, HANDRAIL_SEATS: "3" });
    expect((await new Admin(site.appliance).write("site", { seats: 4 }, "PATCH")).status).toBe(401);
    expect((await site.admin.json<View>("site")).changeable).toEqual(["siteName", "publicUrl"]);
    const answer = await site.admin.write("site", { siteName: "New", seats: 4 }, "PATCH");
    expect(JSON.parse(answer.text)).toMatchObject({ code: "unavailable" });
    expect(readFileSync(file, "utf8")).not.toContain("New");
  });

  it("has no address that the certificate in the server's files is not for", async () => {
    using authority = new Authority();
    const { certificate, key } = authority.issue({ host: "*.example.org" });
    const [chainFile, keyFile] = ["chain.pem", "key.pem"].map((name) => path.join(folder, name));
    writeFileSync(String(chainFile), certificate + authority.intermediate);
    writeFileSync(String(keyFile), key);
    await using site = await setUp({
      HANDRAIL_CONFIG: file,
      HANDRAIL_TLS_CERTIFICATE_FILE: String(chainFile),
      HANDRAIL_TLS_KEY_FILE: String(keyFile),
    });
    const refused = await site.admin.write("site", { publicUrl: "https://x.example" }, "PATCH");
    expect(JSON.parse(refused.text)).toMatchObject({ code: "not-permitted", field: "publicUrl" });
    const taken = await site.admin.write("site", { publicUrl: "https://new.example.org" }, "PATCH");
    expect(taken.status).toBe(200);
  });

  it("is shown and changed by the command", async () => {
    await using site = await setUp();
    const { appliance } = site;
    expect(await appliance.command("site")).toMatch(/Address +https:\/\/old\.example\.org\n/);
    const said = await appliance.command("site", "--address", "https://a.example", "--seats", "7");
    expect(said).toMatch(/Address +https:\/\/a\.example\nSeats +7\n/);
    expect(said).toContain("from the next start");
    await expect(appliance.command("site", "--seats", "many")).rejects.toThrow("seats: ");
    await expect(appliance.command("site", "more")).rejects.toThrow("Usage:");
    expect(await changes(site)).toEqual([
      {
        ...{ who: "operator", seatsBefore: 10, seats: 7 },
        ...{ addressBefore: "https://old.example.org", address: "https://a.example" },
      },
    ]);
  });
});
