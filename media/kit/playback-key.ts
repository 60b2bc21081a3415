const stepMs = 5000;

/** What a player of whatever kind can be told by the keyboard. */
export interface Playback {
  toggle(): void;
  seekBy(ms: number): void;
}

/** Space plays and pauses, the arrows go five seconds, except where a control wants the key. */
export function playbackKey(event: KeyboardEvent, player: Playback): void {
  const at = event.target instanceof HTMLElement ? event.target : undefined;
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  if (at?.matches("select, input")) return;
  if (event.key === " " && !at?.matches("button, a")) player.toggle();
  else if (event.key === "ArrowLeft") player.seekBy(-stepMs);
  else if (event.key === "ArrowRight") player.seekBy(stepMs);
  else return;
  event.preventDefault();
}
