import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { percentile } from "../bench/report.ts";
import type { Workbench } from "../console/workbench.ts";
import { artifact } from "../support/artifacts.ts";
import type { Frame } from "../support/chromium.ts";
import type { CustomerWindow } from "../support/help-window.ts";
import { poll } from "../support/poll.ts";
import { Album } from "./album.ts";
import { SampleCustomer } from "./customer.ts";
import { clickMs, flipSquare } from "./flip-square.ts";
import {
  canvasDigest,
  canvasSelector,
  hidePointer,
  pixelsDigest,
  toPage,
} from "./remote-canvas.ts";
import { createKey } from "./session-key.ts";
import { note, type Say, type Stage } from "./stage.ts";
import { type ToolResults, ToolTour } from "./tools.ts";
import type { TourParts } from "./tour-parts.ts";

/** What the whole job found; each is whether it was as it must be. */
export interface JobResult extends ToolResults {
  /** From the customer's yes to the first picture in VS Code. */
  firstPictureMs: number;
  /** From the press of a button in the pane to the pixel that it changed there. */
  inputToPixelMsP50: number;
  inputToPixelMsP95: number;
  typedTextArrived: boolean;
  chatArrived: boolean;
  recordingMatches: boolean;
  auditIntact: boolean;
}

/**
 * What is kept of the way: nothing, pictures in test/artifacts, or with them all that the documents
 * show, which takes more steps.
 */
export type Pictures = "none" | "some" | "album";

const typed = "The quick brown fox jumps over 13 lazy dogs; (really) & truly!";
const fromConsole = "Hello, I can see your letter now.";
const fromCustomer = "Thank you, please go on";
const clicks = 30;

/** One run of the job, step by step. */
export class Job {
  step = "";
  readonly #stage: Stage;
  readonly #workbench: Workbench;
  readonly #say: Say;
  readonly #result: JobResult;
  readonly #pictures: Pictures;

  constructor(parts: {
    stage: Stage;
    workbench: Workbench;
    say: Say;
    result: JobResult;
    pictures: Pictures;
  }) {
    this.#stage = parts.stage;
    this.#workbench = parts.workbench;
    this.#say = parts.say;
    this.#result = parts.result;
    this.#pictures = parts.pictures;
  }

  async run(): Promise<void> {
    const key = await this.#createKey();
    const customer = await this.#join(key);
    const pane = await this.#see(customer);
    await this.#control(pane, customer);
    await this.#typeIntoEditor(pane);
    await this.#measureClicks(pane);
    await this.#chat(pane, customer);
    const album = this.#pictures === "album" ? new Album(this.#partsFor(customer)) : undefined;
    await album?.ofSession(pane);
    const tour = new ToolTour(this.#partsFor(customer));
    await tour.run(this.#result);
    await album?.ofTools();
    const last = await this.#end(await this.#backToScreen(), customer);
    await this.#playBack(last);
    this.#result.shellRecordingPlayed = await tour.playShell();
    await album?.ofAdministration();
    await album?.ofRights();
    this.#begin("checking the audit log");
    this.#result.auditIntact = /intact/.test(await this.#stage.appliance.command("verify"));
  }

  #begin(step: string): void {
    this.step = step;
    this.#say(step);
  }

  async #picture(name: string): Promise<void> {
    if (this.#pictures === "none") return;
    if (this.#pictures === "album") await this.#workbench.page.mouse.move(640, 790);
    // What slides and fades in is shown as it will be; no pointer is on anything that explains itself.
    const options = {
      animations: "disabled",
      path: await artifact(`console-${name}.png`),
    } as const;
    await this.#workbench.page.screenshot(options);
    await this.#stage.desktop.screenshot(await artifact(`customer-${name}.png`));
  }

  async #createKey(): Promise<string> {
    this.#begin("creating a session key in VS Code");
    const key = await createKey(this.#workbench);
    await this.#picture("key");
    return key;
  }

  async #join(key: string): Promise<CustomerWindow> {
    this.#begin("typing the key into the portal and starting the client");
    const customer = this.#stage.use(await SampleCustomer.atPortal(this.#stage));
    if (this.#pictures !== "none") await customer.picture("key");
    await customer.enterKey(key);
    if (this.#pictures !== "none") await customer.picture("accepted");
    return customer.startClient();
  }

  async #see(customer: CustomerWindow): Promise<Frame> {
    this.#begin("accepting the session and asking to see the screen");
    await this.#workbench.notification(/is waiting/).waitFor();
    await this.#picture("waiting");
    await this.#workbench.answerNotification(/is waiting/, "Accept");
    const pane = await this.#workbench.webview(canvasSelector);
    if (this.#pictures !== "none") await sleep(1_000);
    await this.#picture("asked");
    const allowedAt = await customer.allow("there is a picture", async () => {
      return (await canvasDigest(pane)).size === "1280x800";
    });
    this.#result.firstPictureMs = Math.round(performance.now() - allowedAt);
    await this.#picture("seen");
    return pane;
  }

  async #control(pane: Frame, customer: CustomerWindow): Promise<void> {
    this.#begin("taking control");
    await pane.getByRole("button", { name: "Take control" }).click();
    const release = pane.getByRole("button", { name: "Release control" });
    await customer.allow("there is control", () => release.isVisible());
  }

  async #typeIntoEditor(pane: Frame): Promise<void> {
    this.#begin("typing into the customer's editor through the screen pane");
    const { page } = this.#workbench;
    const inEditor = await toPage(pane, { x: 300, y: 260 });
    await page.mouse.click(inEditor.x, inEditor.y);
    await sleep(300);
    await page.keyboard.press("Control+End");
    await page.keyboard.type(typed, { delay: 15 });
    await page.keyboard.press("Control+s");
    const expected = `${note.text}${typed}`;
    const read = async () => (await readFile(this.#stage.noteFile, "utf8")).trimEnd();
    await poll("the text is in the customer's file", async () => (await read()) === expected).catch(
      async (cause: unknown) => {
        throw new Error(`the file holds: ${await read()}`, { cause });
      },
    );
    this.#result.typedTextArrived = true;
    await this.#picture("typed");
  }

  async #measureClicks(pane: Frame): Promise<void> {
    this.#begin("measuring click to changed pixel");
    await using square = await flipSquare(this.#stage.desktop);
    const { at } = square;
    await sleep(500);
    const times: number[] = [];
    const target = await toPage(pane, at);
    for (let i = 0; i < clicks; i++) {
      const click = () => this.#workbench.page.mouse.click(target.x, target.y);
      times.push(await clickMs(pane, { selector: canvasSelector, ...at }, click));
      await sleep(60);
    }
    this.#result.inputToPixelMsP50 = Math.round(percentile(times, 0.5) * 10) / 10;
    this.#result.inputToPixelMsP95 = Math.round(percentile(times, 0.95) * 10) / 10;
  }

  async #chat(pane: Frame, customer: CustomerWindow): Promise<void> {
    this.#begin("chatting both ways");
    await pane.getByRole("button", { name: "Release control" }).click();
    await pane
      .getByPlaceholder("Write a message")
      .or(pane.getByLabel("Write a message"))
      .fill(fromConsole);
    const before = pixelsDigest(await this.#stage.desktop.pixels());
    await pane.getByRole("button", { name: "Send", exact: true }).click();
    await poll(
      "the message shows on the customer's screen",
      async () => pixelsDigest(await this.#stage.desktop.pixels()).digest !== before.digest,
    );
    await customer.writeChat(fromCustomer);
    await pane.locator("li", { hasText: fromCustomer }).waitFor();
    this.#result.chatArrived = true;
    await this.#picture("chat");
  }

  #partsFor(customer: CustomerWindow): TourParts {
    return {
      stage: this.#stage,
      workbench: this.#workbench,
      customer,
      begin: (step) => this.#begin(step),
      picture: (name) => this.#picture(name),
    };
  }

  /** Other tabs have covered the session's. */
  async #backToScreen(): Promise<Frame> {
    await this.#workbench.runCommand("Handrail: Open Session");
    return this.#workbench.webview(canvasSelector);
  }

  /** Resolves to what the customer's screen showed last. */
  async #end(pane: Frame, customer: CustomerWindow): Promise<string> {
    this.#begin("ending the session");
    // The focus goes where nothing blinks.
    const { desktop } = this.#stage;
    await desktop.xdotool("windowactivate", "--sync", await desktop.window("Terminal"));
    await hidePointer(desktop);
    await this.#workbench.runCommand("Handrail: End Session");
    await this.#workbench.dialog(/end/i).waitFor();
    const last = await this.#restingScreen(pane);
    await this.#workbench.answerDialog(/end/i, "End");
    await customer.dismiss();
    // What is asked of the representative afterwards would cover what is shown.
    await this.#workbench.runCommand("Notifications: Clear All Notifications");
    return last;
  }

  /** Waits until pane and screen show the same and have done so for a while; its digest. */
  #restingScreen(pane: Frame): Promise<string> {
    const see = async () => {
      const there = pixelsDigest(await this.#stage.desktop.pixels()).digest;
      return (await canvasDigest(pane)).digest === there ? there : undefined;
    };
    return poll("the pane shows exactly the customer's screen", async () => {
      const before = await see();
      await sleep(1_500);
      return before !== undefined && (await see()) === before && before;
    });
  }

  async #playBack(last: string): Promise<void> {
    this.#begin("playing the recording to its end");
    await this.#workbench.runCommand("Handrail: Open Recording");
    const player = await this.#workbench.webview("canvas.recorded");
    await player.getByLabel("Speed").selectOption("8");
    await player.getByRole("button", { name: "Play", exact: true }).click();
    // At its end the button offers to play it again.
    const again = player.locator('button[data-shows="again"]');
    await again.waitFor({ timeout: 120_000 });
    const shown = await canvasDigest(player, "canvas.recorded");
    this.#result.recordingMatches = shown.digest === last;
    await this.#picture("recording");
  }
}
