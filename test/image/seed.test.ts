import { describe, expect, test } from "vitest";
import { image, seedOf } from "./image.ts";
import { Disk, Machine } from "./machine.ts";
import { diagnosis, resetToNew } from "./menu.ts";
import { Site, siteAnswers, speaks } from "./site.ts";

describe("a seed", () => {
  test("sets an appliance up, which a factory reset makes a new one", async () => {
    using seeded = new Disk(image);
    const code = "SEED-CODE-2345-6789";
    const cd = seedOf({
      network: { method: "static", addresses: ["10.0.2.15/24"], gateways: ["10.0.2.2"] },
      siteAddress: "support.example.org",
      timeZone: "Europe/Paris",
      administrator: { setUpCode: code },
    });
    {
      await using machine = await Machine.start(seeded, { cd });
      await machine.shows(
        new RegExp(`Site +https://support\\.example\\.org\n[^]*Set-up code +${code}`),
      );
      await siteAnswers(machine);
      await machine.screenshot("appliance-seeded");
      await resetToNew(machine);
    }
    await using machine = await Machine.start(seeded);
    const [, other] = await machine.shows(/Set-up code +([A-Z0-9-]{19})/);
    expect(other).not.toBe(code);
    expect(machine.console).not.toContain("support.example.org");
    expect((await diagnosis(machine)).failed).toBe("");
  });

  test("that is wrong is told on the console, and the appliance is reached without it", async () => {
    using fresh = new Disk(image);
    const cd = seedOf({ language: "fr", timeZone: "Europe/Atlantis" });
    await using machine = await Machine.start(fresh, { cd });
    await siteAnswers(machine);
    const [told] = await machine.shows(/The seed is not used[^]*Set-up code/);
    expect(told.replace(/\s+/g, " ")).toContain('timeZone is "Europe/Atlantis"');
    await machine.screenshot("appliance-seed-refused");
  });

  test("makes a jumpoint, on which nothing listens", async () => {
    using fresh = new Disk(image);
    await using machine = await Machine.start(fresh, {
      ports: [443, 80],
      cd: seedOf({ language: "fr", role: "jumpoint" }),
    });
    await machine.shows(/Cette machine est un jumpoint/);
    using site = new Site(machine);
    expect(await site.facts()).toBeUndefined();
    expect(await speaks(machine, 80)).toBe(false);
    await machine.screenshot("appliance-jumpoint");
  });
});
