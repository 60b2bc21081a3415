import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, launchChromium, type Locator } from "../support/chromium.ts";
import { poll } from "../support/poll.ts";
import { sampleState } from "../unit/media/session-sample.ts";
import { said } from "./screen-host.ts";
import { openSession } from "./session-stand.ts";

const controlled = sampleState({}, { controller: sampleState().me.id });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

describe("the chat beside the screen", () => {
  it("carries on a conversation", async () => {
    await using session = await openSession(browser);
    const { page, stand, host } = session;
    const chat = [said(1, "Hello, see https://example.org/help.", "Ann Moreau")];
    stand.end.command("history", { chat, events: [], notes: [] });
    const link = page.getByRole("link", { name: "https://example.org/help" });
    await link.click();
    await poll("the link is opened by the host", () => host.opened.length > 0);
    expect(host.opened).toEqual(["https://example.org/help"]);
    const box = page.getByRole("textbox", { name: "Write a message" });
    await box.fill("Good morning <b>Ann</b>");
    await page.keyboard.press("Enter");
    await poll("it is sent", () => host.sent.length > 0);
    expect(host.typing).toBe(1);
    await page.getByText("Good morning <b>Ann</b>").waitFor();
    stand.end.command("chat.typing", { name: "Ann Moreau" });
    await page.getByText("Ann Moreau is typing…").waitFor();
    await page.getByRole("tab", { name: "Details" }).click();
    stand.end.command("chat.message", said(300, "Thank you", "Ann Moreau"));
    await page.getByRole("tab", { name: /Chat/ }).getByText("1").waitFor();
  });

  it("stays where the conversation goes on, unless one reads further up", async () => {
    await using session = await openSession(browser);
    const { page, stand } = session;
    const chat = Array.from({ length: 40 }, (_, i) => said(i + 1, `Line ${i + 1}`, "Ann Moreau"));
    stand.end.command("history", { chat, events: [], notes: [] });
    const seen = (text: string) =>
      expect.poll(() => isInView(page.getByText(text, { exact: true })));
    await seen("Line 40").toBe(true);
    await page.setViewportSize({ width: 1000, height: 420 });
    await seen("Line 40").toBe(true);
    stand.end.command("chat.message", said(41, "It works", "Ann Moreau"));
    await seen("It works").toBe(true);
    await page.getByRole("log", { name: "Chat" }).evaluate((log) => log.scrollTo(0, 0));
    stand.end.command("chat.message", said(42, "Thank you", "Ann Moreau"));
    const below = page.getByRole("button", { name: "New messages" });
    await below.waitFor();
    await seen("Line 1").toBe(true);
    await below.click();
    await seen("Thank you").toBe(true);
    expect(await below.isVisible()).toBe(false);
  });

  it("sends files that are dropped on the chat, and saves the customer's", async () => {
    await using session = await openSession(browser, controlled);
    const { page, stand, host } = session;
    const file = { name: "log.txt", sizeBytes: 2_100_000, sha256: "ab".repeat(32) };
    const chat = [{ ...said(1, "log.txt", "Ann Moreau"), file }];
    stand.end.command("history", { chat, events: [], notes: [] });
    await page.getByRole("button", { name: "Save log.txt (2.1 MB)" }).click();
    await poll("the host is to save it", () => host.saved.length > 0);
    expect(host.saved).toEqual([1]);
    const dropped = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(["what it holds"], "notes.txt"));
      return transfer;
    });
    await page
      .getByRole("region", { name: "Chat" })
      .dispatchEvent("dragover", { dataTransfer: dropped });
    expect(await page.getByRole("region", { name: "Chat" }).getAttribute("data-drop")).toBe("true");
    await page
      .getByRole("region", { name: "Chat" })
      .dispatchEvent("drop", { dataTransfer: dropped });
    await poll("it is sent", () => host.files.length > 0);
    const [sent] = host.files;
    expect(sent?.name).toBe("notes.txt");
    expect(Buffer.from(sent?.bytes ?? []).toString()).toBe("what it holds");
    const large = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new ArrayBuffer(64 * 1024 * 1024 + 1)], "huge.iso"));
      return transfer;
    });
    await page.getByRole("region", { name: "Chat" }).dispatchEvent("drop", { dataTransfer: large });
    await page.getByText("huge.iso was not sent: a file in the chat holds at most").waitFor();
    expect(host.files).toHaveLength(1);
  });
});

/** Whether all of it is within what its list shows. */
function isInView(line: Locator): Promise<boolean> {
  return line.evaluate((node) => {
    const list = node.closest("ol")?.getBoundingClientRect();
    const { top, bottom } = node.getBoundingClientRect();
    return list !== undefined && top >= list.top - 1 && bottom <= list.bottom + 1;
  });
}
