import { icon } from "./icon.ts";
import type { Texts } from "./texts.ts";

/** Shows on the button what it does now. */
export function showPlayButton(
  button: HTMLButtonElement,
  { isPlaying, isAtEnd }: { readonly isPlaying: boolean; readonly isAtEnd: boolean },
  texts: Texts["player"],
): void {
  const name = isPlaying ? "pause" : isAtEnd ? "again" : "play";
  if (button.dataset["shows"] === name) return;
  button.dataset["shows"] = name;
  button.replaceChildren(icon(name));
  button.title = texts[name];
  button.setAttribute("aria-label", texts[name]);
}
