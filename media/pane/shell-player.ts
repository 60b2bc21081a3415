import "./shell-player.css";
import type { ErrorCode } from "@handrail/protocol";
import { playbackKey } from "../kit/playback-key.ts";
import { type Cast, type CastHit, parseCast } from "../shell/cast.ts";
import { CastPlayer, castSpeeds, type CastState } from "../shell/cast-player.ts";
import type { PaneEnd, PlayerPane, PlayerPaneState } from "./contract.ts";
import { element, setText } from "./element.ts";
import { terminalFont, terminalTheme } from "./terminal-theme.ts";
import { showPlayButton } from "./playback.ts";
import { type Texts, textsIn } from "./texts.ts";
import { durationText } from "./time.ts";
import { joinHost, paneRoot } from "./webview.ts";

const pieceBytes = 1024 * 1024;

/** The editor of a recorded shell: the terminal as it was, the controls, and a search. */
class ShellPlayerView {
  readonly #end: PaneEnd<PlayerPane>;
  readonly #texts: Texts["player"];
  readonly #terminal = element("div", { className: "terminal", role: "group" });
  readonly #message = element("p", { className: "message", role: "status" });
  readonly #play = element("button", { type: "button", className: "tool" });
  readonly #position = element("input", { type: "range", min: "0", className: "position" });
  readonly #time = element("span", { className: "time" });
  readonly #query = element("input", { type: "search" });
  readonly #found = element("span", { role: "status" });
  #player: CastPlayer | undefined;
  #hits: CastHit[] = [];
  #hit = -1;

  constructor(end: PaneEnd<PlayerPane>, state: PlayerPaneState) {
    this.#end = end;
    this.#texts = textsIn(state.language).player;
    this.#build(state);
    this.#load(state).catch((error: unknown) => this.#fail(error));
  }

  toggle(): void {
    this.#player?.toggle();
  }

  seekBy(ms: number): void {
    this.#player?.seekBy(ms);
  }

  async #load({ sizeBytes }: PlayerPaneState): Promise<void> {
    const decoder = new TextDecoder();
    let text = "";
    for (let fromByte = 0; ;) {
      const asked = { fromByte, maxBytes: pieceBytes };
      const { bytes } = await this.#end.request("recording.read", asked);
      if (bytes.length === 0) break;
      fromByte += bytes.length;
      text += decoder.decode(bytes, { stream: true });
      const percent = Math.floor((fromByte / Math.max(1, sizeBytes)) * 100);
      this.#say(this.#texts.loading(Math.min(100, percent)));
    }
    const cast = parseCast(text);
    if (cast) this.#begin(cast);
    else this.#say(this.#texts.failed);
  }

  #begin(cast: Cast): void {
    this.#say(cast.events.length === 0 ? this.#texts.empty : "");
    this.#player = new CastPlayer({
      cast,
      parent: this.#terminal,
      // Ours alone has an address: VS Code puts a script of its own before it.
      nonce: document.querySelector<HTMLScriptElement>("script[src]")?.nonce ?? "",
      theme: terminalTheme(),
      fontFamily: terminalFont(),
      onState: (state) => this.#draw(state),
    });
    this.#draw(this.#player.state);
    this.#play.focus();
  }

  #build({ title, language }: PlayerPaneState): void {
    const texts = this.#texts;
    document.documentElement.lang = language;
    this.#terminal.setAttribute("aria-label", texts.picture);
    this.#position.setAttribute("aria-label", texts.position);
    this.#play.addEventListener("click", () => this.toggle());
    this.#position.addEventListener("input", () => {
      this.#player?.seek(Number(this.#position.value));
    });
    const controls = element(
      "div",
      { role: "toolbar", className: "toolbar controls", "aria-label": texts.controls },
      this.#play,
      element("div", { className: "track" }, this.#position),
      this.#time,
      this.#speedChoice(),
      this.#idleChoice(),
      this.#search(),
    );
    const stage = element("div", { className: "stage" }, this.#terminal, this.#message);
    const root = paneRoot();
    root.className = "player shell";
    root.setAttribute("aria-label", texts.label(title));
    root.replaceChildren(stage, controls);
    root.addEventListener("keydown", (event) => playbackKey(event, this));
  }

  #speedChoice(): HTMLElement {
    const { speed } = this.#texts;
    const choice = element("select", { className: "select", title: speed, "aria-label": speed });
    for (const value of castSpeeds) {
      choice.append(element("option", { value: String(value) }, `${value}×`));
    }
    choice.value = "1";
    choice.addEventListener("change", () => this.#player?.setSpeed(Number(choice.value)));
    return choice;
  }

  #idleChoice(): HTMLElement {
    const box = element("input", { type: "checkbox", checked: true });
    box.addEventListener("change", () => this.#player?.setSkipsIdle(box.checked));
    return element("label", { className: "idle" }, box, this.#texts.skipIdle);
  }

  #search(): HTMLElement {
    const { search } = this.#texts;
    this.#query.placeholder = search;
    this.#query.setAttribute("aria-label", search);
    this.#query.addEventListener("input", () => {
      this.#hits = this.#player?.search(this.#query.value) ?? [];
      this.#hit = -1;
      this.#showHit();
    });
    this.#query.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#nextHit(event.shiftKey ? -1 : 1);
    });
    return element("span", { className: "find" }, this.#query, this.#found);
  }

  #nextHit(step: 1 | -1): void {
    const count = this.#hits.length;
    if (count === 0) return;
    this.#hit = (Math.max(this.#hit, step < 0 ? 0 : -1) + step + count) % count;
    this.#player?.pause();
    this.#player?.seek(this.#hits[this.#hit]?.at ?? 0);
    this.#showHit();
  }

  #showHit(): void {
    const count = this.#hits.length;
    const isAsked = this.#query.value !== "";
    const place = this.#texts.of(String(this.#hit + 1), String(count));
    setText(this.#found, isAsked ? place : "");
  }

  #draw(state: CastState): void {
    const texts = this.#texts;
    showPlayButton(this.#play, state, texts);
    const said = texts.of(durationText(state.positionMs), durationText(state.durationMs));
    this.#position.max = String(state.durationMs);
    this.#position.value = String(state.positionMs);
    this.#position.setAttribute("aria-valuetext", said);
    setText(this.#time, said);
  }

  #say(text: string): void {
    this.#message.hidden = text === "";
    setText(this.#message, text);
  }

  #fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code: ErrorCode = "internal";
    this.#end.notify("failed", { code, message });
    this.#say(`${this.#texts.failed}: ${message}`);
  }
}

let view: ShellPlayerView | undefined;
const end: PaneEnd<PlayerPane> = joinHost<PlayerPane>({
  state: (state) => (view ??= new ShellPlayerView(end, state)),
  "play.toggle": () => view?.toggle(),
  "play.seekBy": ({ ms }) => view?.seekBy(ms),
  // A recorded shell is text, to be selected.
  "screenshot.take": () => undefined,
});
end.notify("ready", null);
