import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { HelpWindow, HelpWindowState } from "../../../../../appliance/client/core/host.ts";
import { texts as allTexts } from "../../../../../appliance/client/core/texts.ts";
import { openGtkWindow } from "../../../../../appliance/client/node/window/gtk-window.ts";
import { artifact } from "../../../../support/artifacts.ts";
import { Desktop } from "../../../../support/desktop.ts";
import { poll } from "../../../../support/poll.ts";

// Real programs on a real display take their time on a busy machine.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 40_000 });

let desktop: Desktop;
beforeAll(async () => {
  desktop = await Desktop.start({ width: 640, height: 640 });
  for (const [name, value] of Object.entries(desktop.env)) vi.stubEnv(name, value);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await desktop[Symbol.asyncDispose]();
});

const siteName = "ACME & Sons";
const none: HelpWindowState = {
  ...{ siteName, representatives: [], status: "", allowed: [], recording: false },
};

/** What the last words take half a second to take. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 700));

describe.each(["en", "fr"] as const)("the help window in %s", (language) => {
  const texts = allTexts[language];
  const title = texts.window.title.replace("{site}", siteName);
  const open = () =>
    openGtkWindow({
      ...{ texts: texts.window, siteName, display: desktop.display, locale: language },
    });

  /** Waits until what was ordered is drawn, looks at the title, and leaves a picture. */
  async function look(name: string): Promise<void> {
    const id = await desktop.window(`${title}$`);
    await desktop.xdotool("windowactivate", "--sync", id);
    expect(await desktop.xdotool("getwindowname", id)).toBe(title);
    let before = "";
    await poll("it is drawn", async () => {
      const now = (await desktop.pixels()).data.toString("latin1");
      const isSame = now === before;
      before = now;
      return isSame;
    });
    await desktop.screenshot(await artifact(`help-window-${language}-${name}.png`));
  }

  /** What was said in the session. */
  function talk(window: HelpWindow): void {
    window.addChat({ from: "Ann Archer", text: "Can you see it?", mine: false, at: 0 });
    window.addChat({ from: "", text: "Yes!\nIt blinks.", mine: true, at: 60_000 });
  }

  test("keeps one title from the key to the last words", async () => {
    using window = await open();
    const key = window.askKey(texts.key, texts.keyRefused);
    await look("key");
    window.show({ ...none, status: texts.connecting });
    await look("connecting");
    window.show({
      ...{ ...none, status: texts.unreachable, warning: texts.obstacles["proxy-credentials"] },
    });
    await look("unreachable");
    window.show({ ...none, status: texts.waiting("Printers") });
    await look("waiting");
    window.show({
      ...{ siteName, representatives: ["Ann Archer"], status: texts.connected, recording: true },
      allowed: [texts.mayView, texts.controls("Ann Archer")],
    });
    talk(window);
    await look("active");
    for (const permission of ["view", "control"] as const) {
      const { allow, refuse, body, title: asks } = texts.consent[permission];
      const abort = new AbortController();
      const question = {
        ...{ id: permission, title: asks("Ann Archer"), body: body("Ann Archer") },
        ...{ allowLabel: allow, refuseLabel: refuse, timeoutMs: 60_000 },
      };
      const answer = window.ask(question, abort.signal);
      await look(`asked-${permission}`);
      abort.abort();
      expect(await answer).toBe(false);
    }
    const closed = window.end({
      ...{ title: texts.ended.representative("Ann Archer"), body: texts.endedBody },
      ...{ note: texts.leftover("handrail-support.sh"), closeLabel: texts.close },
    });
    await look("ended");
    const id = await desktop.window(`${title}$`);
    const xprop = desktop.open("xprop", ["-id", id, "_NET_WM_STATE"]);
    await xprop.ended();
    expect(xprop.output).toContain("_NET_WM_STATE_ABOVE");
    await settled();
    await desktop.xdotool("key", "Return");
    expect(await closed).toBe(true);
    window[Symbol.dispose]();
    expect(await key).toBeUndefined();
  });

  test("ends with last words that take no message and are closed by a key", async () => {
    const letter = language === "en" ? "alt+c" : "alt+f";
    for (const press of ["Escape", letter, "alt+F4"]) {
      using window = await open();
      const told: string[] = [];
      window.onChat((text) => told.push(text));
      window.onStop(() => told.push("stop"));
      window.onTakeBack(() => told.push("take back"));
      window.show({ ...none, status: texts.connected, allowed: [texts.mayView] });
      const closed = window.end({
        ...{ title: texts.ended.customer, body: texts.endedBody, note: "" },
        closeLabel: texts.close,
      });
      await look("ended-by-customer");
      // A second press of what was Stop, typing, and the keys of buttons that have gone.
      await desktop.xdotool("key", "--delay", "5", "alt+s", "alt+t", "x", "alt+e");
      await settled();
      await desktop.xdotool("key", press);
      expect(await closed, press).toBe(true);
      expect(told).toEqual([]);
    }
  });

  test("ends with the reason when it could not be connected at all", async () => {
    using window = await open();
    const closed = window.end({
      ...{ title: texts.notConnected, body: texts.refused("not-authenticated"), note: "" },
      closeLabel: texts.close,
    });
    await look("refused");
    await settled();
    await desktop.xdotool("key", "Return");
    expect(await closed).toBe(true);
  });
});
