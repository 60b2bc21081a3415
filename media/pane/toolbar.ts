import type { Permission, SurfaceDisplay } from "@handrail/protocol";
import {
  type PaneTool,
  paneTools,
  type SessionPaneState,
  type SpecialKey,
  specialKeys,
  type Zoom,
} from "./contract.ts";
import { element, setText } from "./element.ts";
import { icon } from "./icon.ts";
import { menuButton, type MenuItem } from "./menu.ts";
import type { Texts } from "./texts.ts";
import { toolButton } from "./tool-button.ts";

/** One of which a tool is of no use without. */
const toolNeeds: Readonly<Record<PaneTool, readonly Permission[]>> = {
  actions: ["actions", "reboot"],
  shell: ["shell"],
  files: ["files"],
  system: ["system"],
  scripts: ["scripts"],
};

/** What the buttons do. */
export interface ToolbarActions {
  readonly zoom: (zoom: Zoom) => void;
  readonly monitor: (monitor: number | "all") => void;
  readonly viewOnly: (viewOnly: boolean) => void;
  readonly takeControl: () => void;
  readonly releaseControl: () => void;
  readonly sendKeys: (keys: SpecialKey) => void;
  readonly screenshot: () => void;
  readonly pen: () => void;
  readonly askPart: () => void;
  readonly sendClipboard: () => void;
  readonly getClipboard: () => void;
  readonly side: () => void;
  readonly record: (on: boolean) => void;
  readonly useTool: (tool: PaneTool) => void;
  readonly share: () => void;
  readonly transfer: () => void;
  readonly leave: () => void;
  readonly end: () => void;
}

/** The row of tools over the screen. */
export class Toolbar {
  readonly element: HTMLElement;
  readonly #texts: Texts;
  readonly #actions: ToolbarActions;
  readonly #zoom: HTMLButtonElement;
  readonly #monitor = element("select", { className: "select" });
  readonly #viewOnly: HTMLButtonElement;
  readonly #control = element("button", { type: "button", className: "tool wide control" });
  readonly #controlText = element("span");
  readonly #keys: HTMLElement;
  readonly #screenshot: HTMLButtonElement;
  readonly #pen: HTMLButtonElement;
  readonly #who = element("span", { className: "who" });
  readonly #recordingText = element("span", { className: "words" });
  readonly #recording = element("span", { className: "recording" }, this.#recordingText);
  readonly #side: HTMLButtonElement;
  readonly #end: HTMLButtonElement;
  #state: SessionPaneState | undefined;
  #displays = "";

  constructor(texts: Texts, actions: ToolbarActions) {
    this.#texts = texts;
    this.#actions = actions;
    this.#zoom = toolButton("actual", texts.actual, () => {
      actions.zoom(this.#state?.view.zoom === "actual" ? "fit" : "actual");
    });
    this.#viewOnly = toolButton("eye", texts.viewOnly, () => {
      actions.viewOnly(!(this.#state?.view.viewOnly ?? false));
    });
    this.#control.append(icon("pointer"), this.#controlText);
    this.#control.addEventListener("click", () => {
      if (this.#isMine()) actions.releaseControl();
      else actions.takeControl();
    });
    this.#keys = menuButton({ icon: "keyboard", label: texts.keys, items: () => this.#keyItems() });
    this.#screenshot = toolButton("camera", texts.screenshot, actions.screenshot);
    this.#pen = toolButton("pen", texts.pen.draw, actions.pen);
    this.#end = toolButton("stop", texts.end, actions.end);
    this.#end.classList.add("wide", "end");
    this.#end.append(element("span", { className: "words" }, texts.end));
    this.#side = toolButton("side", texts.side, actions.side);
    this.#monitor.setAttribute("aria-label", texts.monitor);
    this.#monitor.addEventListener("change", () => {
      const { value } = this.#monitor;
      actions.monitor(value === "all" ? "all" : Number(value));
    });
    this.element = this.#build();
  }

  update(state: SessionPaneState, displays: readonly SurfaceDisplay[]): void {
    this.#state = state;
    const { session, view } = state;
    const isLive = session.state === "active" && state.connection === "connected";
    // Before there is a screen to look at, and when it is over, there is nothing to set.
    for (const each of [this.#zoom, this.#viewOnly, this.#screenshot]) {
      each.disabled = session.state !== "active" || state.connection === "signed-out";
    }
    setPressed(this.#zoom, view.zoom === "actual");
    setPressed(this.#viewOnly, view.viewOnly);
    setPressed(this.#side, view.side !== "none");
    const isMine = this.#isMine();
    const controlText = isMine ? this.#texts.releaseControl : this.#texts.takeControl;
    setText(this.#controlText, controlText);
    this.#control.setAttribute("aria-label", controlText);
    this.#control.title = controlText;
    setPressed(this.#control, isMine);
    const { control, view: seeing } = session.permissions;
    const isAsking = state.asking.includes("control");
    // Nobody can work what they do not see.
    const isOutOfSight = seeing !== "granted" && !isMine;
    this.#control.disabled = !isLive || control === "denied" || isAsking || isOutOfSight;
    const { draw } = session.permissions;
    this.#pen.disabled =
      !isLive || draw === "denied" || seeing !== "granted" || this.#onlyWatches();
    this.#end.hidden = session.state === "ended";
    this.#end.disabled = !isLive || this.#onlyWatches();
    const canSend = isLive && isMine && !view.viewOnly;
    for (const button of this.#keys.querySelectorAll<HTMLButtonElement>("button.tool")) {
      button.disabled = !canSend;
    }
    setWords(this.#who, this.#whoControls(state));
    this.#showRecording(state);
    this.#showDisplays(displays, view.monitor);
  }

  /** Whether the mouse draws now. */
  setDrawing(isDrawing: boolean): void {
    setPressed(this.#pen, isDrawing);
  }

  #build(): HTMLElement {
    const more = menuButton({
      icon: "more",
      label: this.#texts.more,
      items: () => this.#moreItems(),
    });
    const bar = element(
      "div",
      { role: "toolbar", className: "toolbar", "aria-label": this.#texts.toolbar },
      this.#control,
      this.#viewOnly,
      this.#keys,
      this.#zoom,
      this.#monitor,
      this.#screenshot,
      this.#pen,
      element("span", { className: "space" }),
      this.#who,
      this.#recording,
      more,
      this.#side,
      this.#end,
    );
    return bar;
  }

  #isMine(): boolean {
    const state = this.#state;
    return state !== undefined && state.session.controller === state.me.id;
  }

  #onlyWatches(): boolean {
    const { session, me } = this.#state ?? {};
    return session?.participants.some(({ id, observer }) => id === me?.id && observer) ?? false;
  }

  #whoControls({ session, me, asking, view }: SessionPaneState): string {
    if (session.state !== "active") return "";
    if (asking.includes("control")) return this.#texts.asking(session.customer.name);
    if (this.#onlyWatches()) return this.#texts.pen.onlyWatching;
    if (session.controller === undefined) return this.#texts.nobodyControls;
    if (session.controller === me.id) {
      return view.viewOnly ? this.#texts.controllingIdle : this.#texts.controlling;
    }
    const holder = session.participants.find(({ id }) => id === session.controller);
    return this.#texts.controlledBy(holder?.name ?? "?");
  }

  #showRecording({ session }: SessionPaneState): void {
    const { recordingOn, recordingOff, recordingFailed } = this.#texts;
    const texts = { on: recordingOn, off: recordingOff, failed: recordingFailed };
    const isOver = session.state === "ended";
    this.#recording.dataset.state = isOver ? "off" : session.recording;
    // Nothing is being recorded any more; the card over the picture offers the recording.
    this.#recording.hidden = isOver;
    setWords(this.#recordingText, isOver ? "" : texts[session.recording]);
  }

  #showDisplays(displays: readonly SurfaceDisplay[], monitor: number | "all"): void {
    this.#monitor.hidden = displays.length < 2;
    const description = JSON.stringify(displays);
    if (description !== this.#displays) {
      this.#displays = description;
      const option = (value: string, label: string) => element("option", { value }, label);
      this.#monitor.replaceChildren(
        option("all", this.#texts.allMonitors),
        ...displays.map(({ id, name, width, height }, i) =>
          option(String(id), `${name || this.#texts.monitorNumber(i + 1)} (${width} × ${height})`),
        ),
      );
    }
    const isThere = displays.some(({ id }) => id === monitor);
    this.#monitor.value = isThere ? String(monitor) : "all";
  }

  #keyItems(): MenuItem[] {
    return specialKeys.map((keys) => ({
      label: this.#texts.special[keys],
      run: () => this.#actions.sendKeys(keys),
    }));
  }

  #moreItems(): MenuItem[] {
    const texts = this.#texts;
    const session = this.#state?.session;
    const isActive = session?.state === "active" && this.#state?.connection === "connected";
    const isRecording = session?.recording === "on";
    const may = (permission: Permission) =>
      isActive && session.permissions[permission] !== "denied";
    return [
      {
        label: texts.clipboard.send,
        run: this.#actions.sendClipboard,
        isDisabled: !may("clipboard-to-customer") || this.#onlyWatches(),
      },
      {
        label: texts.clipboard.get,
        run: this.#actions.getClipboard,
        isDisabled: !may("clipboard-from-customer") || this.#onlyWatches(),
      },
      ...paneTools.map((name) => ({
        label: texts.tools[name],
        run: () => this.#actions.useTool(name),
        isDisabled: !toolNeeds[name].some(may) || this.#onlyWatches(),
      })),
      // Not the first, which lies where the mouse is when the menu opens.
      {
        label: isRecording ? texts.recordStop : texts.recordStart,
        run: () => this.#actions.record(!isRecording),
        isDisabled: !may("record"),
      },
      ...(this.#onlyWatches()
        ? [{ label: texts.pen.askPart, run: this.#actions.askPart, isDisabled: !isActive }]
        : []),
      { label: texts.share, run: this.#actions.share, isDisabled: !may("share") },
      { label: texts.transfer, run: this.#actions.transfer, isDisabled: !may("transfer") },
      { label: texts.leave, run: this.#actions.leave, isDisabled: !isActive },
    ];
  }
}

/** A text that may be cut where the row is narrow: the whole of it shows under the mouse. */
function setWords(place: HTMLElement, text: string): void {
  setText(place, text);
  place.title = text;
}

function setPressed(button: HTMLElement, isPressed: boolean): void {
  button.setAttribute("aria-pressed", String(isPressed));
}
