import "./player.css";
import type { ErrorCode } from "@handrail/protocol";
import { playbackKey } from "../kit/playback-key.ts";
import { createPlayer, type Player, playerSpeeds, type PlayerState } from "../screen/player.ts";
import type { PaneEnd, PlayerPane, PlayerPaneState } from "./contract.ts";
import { element, setText } from "./element.ts";
import { icon } from "./icon.ts";
import { showPlayButton } from "./playback.ts";
import { type Texts, textsIn } from "./texts.ts";
import { durationText } from "./time.ts";
import { Timeline } from "./timeline.ts";
import { joinHost, paneRoot } from "./webview.ts";

const pieceBytes = 1024 * 1024;

/** The editor of a recording: the picture, what was said and done beside it, and the controls. */
class PlayerView {
  readonly #end: PaneEnd<PlayerPane>;
  readonly #texts: Texts;
  readonly #sizeBytes: number;
  readonly #player: Player;
  readonly #timeline: Timeline;
  readonly #canvas = element("canvas", { className: "recorded", role: "img" });
  readonly #play = element("button", { type: "button", className: "tool" });
  readonly #position = element("input", { type: "range", min: "0", className: "position" });
  readonly #marks = element("div", { className: "marks", "aria-hidden": "true" });
  readonly #time = element("span", { className: "time" });
  readonly #controller = element("span", { className: "who" });
  readonly #message = element("p", { className: "message", role: "status", hidden: true });
  #isMarked = false;

  constructor(end: PaneEnd<PlayerPane>, state: PlayerPaneState) {
    this.#end = end;
    this.#texts = textsIn(state.language);
    this.#sizeBytes = state.sizeBytes;
    this.#timeline = new Timeline({
      texts: this.#texts,
      language: state.language,
      seek: (atMs) => void this.#player.seek(atMs),
      openLink: (url) => {
        end.request("link.open", { url }).catch((error: unknown) => this.#fail(error));
      },
    });
    this.#build(state);
    this.#player = createPlayer({
      canvas: this.#canvas,
      source: this.#read(),
      onState: (now) => this.#draw(now),
    });
    void this.#player.loaded.then(() => {
      if (this.#player.state.status === "ready") this.#play.focus();
    });
  }

  toggle(): void {
    if (this.#player.state.isPlaying) this.#player.pause();
    else this.#player.play();
  }

  seekBy(ms: number): void {
    void this.#player.seek(this.#player.state.positionMs + ms);
  }

  async screenshot(): Promise<void> {
    const screenshot = await this.#player.screenshot();
    if (screenshot) await this.#end.request("screenshot.save", screenshot);
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (let fromByte = 0; ;) {
      const asked = { fromByte, maxBytes: pieceBytes };
      const { bytes } = await this.#end.request("recording.read", asked);
      if (bytes.length === 0) return;
      fromByte += bytes.length;
      yield bytes;
    }
  }

  #build({ title, language }: PlayerPaneState): void {
    const texts = this.#texts.player;
    document.documentElement.lang = language;
    this.#canvas.setAttribute("aria-label", texts.picture);
    this.#position.setAttribute("aria-label", texts.position);
    this.#play.addEventListener("click", () => this.toggle());
    this.#position.addEventListener("input", () => {
      void this.#player.seek(Number(this.#position.value));
    });
    const camera = element(
      "button",
      { type: "button", className: "tool", title: this.#texts.screenshot },
      icon("camera"),
    );
    camera.setAttribute("aria-label", this.#texts.screenshot);
    camera.addEventListener("click", () => {
      this.screenshot().catch((error: unknown) => this.#fail(error));
    });
    const track = element("div", { className: "track" }, this.#marks, this.#position);
    const controls = element(
      "div",
      { role: "toolbar", className: "toolbar controls", "aria-label": texts.controls },
      this.#play,
      track,
      this.#time,
      this.#speedChoice(),
      this.#idleChoice(),
      camera,
    );
    const stage = element("div", { className: "stage" }, this.#canvas, this.#message);
    const root = paneRoot();
    root.className = "player";
    root.setAttribute("aria-label", texts.label(title));
    const side = element("aside", { className: "side" }, this.#controller, this.#timeline.element);
    root.replaceChildren(stage, side, controls);
    root.addEventListener("keydown", (event) => playbackKey(event, this));
  }

  #speedChoice(): HTMLElement {
    const { speed } = this.#texts.player;
    const choice = element("select", { className: "select", title: speed, "aria-label": speed });
    for (const value of playerSpeeds) {
      choice.append(element("option", { value: String(value) }, `${value}×`));
    }
    choice.value = "1";
    choice.addEventListener("change", () => this.#player.setSpeed(Number(choice.value)));
    return choice;
  }

  #idleChoice(): HTMLElement {
    const box = element("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => this.#player.setSkipsIdle(box.checked));
    return element("label", { className: "idle" }, box, this.#texts.player.skipIdle);
  }

  #draw(state: PlayerState): void {
    const texts = this.#texts.player;
    showPlayButton(this.#play, state, texts);
    this.#play.disabled = state.status !== "ready";
    const position = durationText(state.positionMs);
    const said = texts.of(position, durationText(state.durationMs));
    this.#position.max = String(state.durationMs);
    if (state.seeking === undefined) this.#position.value = String(state.positionMs);
    this.#position.disabled = state.status !== "ready";
    this.#position.setAttribute("aria-valuetext", said);
    setText(this.#time, said);
    const { controller } = state;
    setText(this.#controller, controller ? texts.controlledBy(controller) : texts.nobody);
    this.#canvas.dataset.sight = state.sight;
    this.#showMessage(state);
    this.#timeline.showPosition(state.positionMs);
    if (state.status === "ready" && !this.#isMarked) this.#mark(state.durationMs);
  }

  #showMessage(state: PlayerState): void {
    const texts = this.#texts.player;
    const percent = (part: number) => Math.floor(Math.min(1, part) * 100);
    let text = "";
    if (state.status === "failed") text = `${texts.failed}: ${state.fault?.message ?? ""}`;
    else if (state.status === "loading") {
      text = texts.loading(percent(state.loadedBytes / Math.max(1, this.#sizeBytes)));
    } else if (state.seeking !== undefined) text = texts.seeking(percent(state.seeking));
    else if (state.sight === "withheld") text = texts.withheld;
    else if (state.sight === "unwatched") text = texts.unwatched;
    else if (state.isTruncated) text = texts.truncated;
    else if (state.durationMs === 0) text = texts.empty;
    this.#message.hidden = text === "";
    this.#message.dataset.quiet = String(state.status === "ready" && state.isTruncated);
    setText(this.#message, text);
  }

  #mark(durationMs: number): void {
    this.#isMarked = true;
    const { events, chat } = this.#player.timeline;
    this.#timeline.fill(this.#player.timeline);
    const mark = (at: number, className: string) => {
      const tick = element("i", { className });
      tick.style.left = `${(at / Math.max(1, durationMs)) * 100}%`;
      return tick;
    };
    this.#marks.replaceChildren(
      ...events.map(({ at }) => mark(at, "event")),
      ...chat.map(({ at }) => mark(at, "said")),
    );
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code: ErrorCode = "internal";
    this.#end.notify("failed", { code, message });
    this.#message.hidden = false;
    setText(this.#message, message);
  }
}

let view: PlayerView | undefined;
const end: PaneEnd<PlayerPane> = joinHost<PlayerPane>({
  state: (state) => (view ??= new PlayerView(end, state)),
  "play.toggle": () => view?.toggle(),
  "play.seekBy": ({ ms }) => view?.seekBy(ms),
  "screenshot.take": () => void view?.screenshot(),
});
end.notify("ready", null);
