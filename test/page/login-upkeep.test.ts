import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Lsid } from "@handrail/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { violations } from "../support/accessibility.ts";
import { administrator, type Appliance } from "../support/appliance.ts";
import { artifact } from "../support/artifacts.ts";
import { type Browser, launchChromium } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { administration, openLogin } from "./login-stand.ts";
import { recordSession } from "./recorded-session.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

/** Has a session ended so many days ago, once it is written down as ended at all. */
async function age({ dataDirectory }: Appliance, lsid: Lsid, days: number): Promise<void> {
  using database = new DatabaseSync(path.join(dataDirectory, "handrail.sqlite"), {
    timeout: 5_000,
  });
  const set = database.prepare(
    "UPDATE session SET endedAt = endedAt - ? WHERE lsid = ? AND phase = 'ended'",
  );
  await poll("it has ended", () => Number(set.run(days * 86_400_000, lsid).changes) === 1);
}

describe("the appliance's upkeep", () => {
  it("is judged, measured and set, and a session says what was deleted of it", async () => {
    await using site = await administration(browser, "/health");
    const { appliance, complaints, page } = site;
    await page.getByRole("meter", { name: "Memory" }).waitFor();
    const backup = page.getByRole("listitem").filter({ hasText: "Last backup" });
    await backup.getByText("There is no backup on the appliance. Make one").waitFor();
    await backup.getByText("needs attention").waitFor();
    await page.screenshot({ path: await artifact("login-health.png"), fullPage: true });
    const coming = page.waitForEvent("download");
    await page.getByRole("link", { name: "Make and download a support bundle" }).click();
    const bundle = await coming;
    expect(bundle.suggestedFilename()).toMatch(/^handrail-support-\d{8}T\d{4}\.tar\.gz$/);
    expect(await bundle.failure()).toBeNull();
    expect(await violations(page)).toEqual([]);

    const lsid = await recordSession(appliance, administrator.name);
    const kept = await recordSession(appliance, administrator.name);
    await age(appliance, lsid, 40);
    await age(appliance, kept, 40);
    await page.goto(`${appliance.url}/login/sessions/${kept}`);
    await page.getByLabel("Keep everything of this session for ever").check();
    await page.getByText("The session is kept for ever.").waitFor();

    await page.getByRole("link", { name: "Storage" }).click();
    await page.getByRole("row", { name: /^Recordings of screens .* 2 / }).waitFor();
    const days = page.getByLabel("Recordings of screens and shells, days");
    await days.fill("soon");
    await page.getByText("Write a whole number from 1 to 36500").waitFor();
    await days.fill("30");
    await page.getByText("What is older than that is deleted at once").waitFor();
    await page.screenshot({ path: await artifact("login-storage.png"), fullPage: true });
    expect(await violations(page)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("The settings are saved.").waitFor();

    await poll("it is deleted", async () => {
      await page.goto(`${appliance.url}/login/sessions/${lsid}`);
      const playback = page.getByRole("region", { name: "Playback" });
      await playback.waitFor();
      return /^Playback\s*Deleted on .*keeps it 30 days/s.test(await playback.innerText());
    });
    await page.screenshot({ path: await artifact("login-session-deleted.png"), fullPage: true });
    await page.goto(`${appliance.url}/login/sessions/${kept}`);
    await page.getByRole("button", { name: "Play", exact: true }).waitFor();
    expect(await page.getByLabel("Keep everything of this session for ever").isChecked()).toBe(
      true,
    );
    await page.getByRole("link", { name: "Audit log" }).click();
    await page.getByText("recordings 30 d (before: everything for ever)").waitFor();
    await page.getByText(/Deleted the recordings of sessions that ended .*number: 1,/).waitFor();
    await page.getByText("Has everything of the session kept for ever").waitFor();
    expect(complaints).toEqual([]);

    const french = { locale: "fr-FR", theme: "dark" } as const;
    await using opened = await openLogin(browser, appliance, "/storage", french);
    await opened.page.getByRole("textbox", { name: "Nom" }).fill(administrator.name);
    await opened.page.getByRole("textbox", { name: "Mot de passe" }).fill(administrator.password);
    await opened.page.getByRole("button", { name: "Se connecter" }).click();
    await opened.page.getByText("Durée de conservation").waitFor();
    await opened.page.screenshot({ path: await artifact("login-storage-fr.png"), fullPage: true });
    await opened.page.getByRole("link", { name: "Santé" }).click();
    await opened.page.getByText("à surveiller").first().waitFor();
    await opened.page.screenshot({ path: await artifact("login-health-fr.png"), fullPage: true });
    expect(opened.complaints).toEqual([]);
  });
});
