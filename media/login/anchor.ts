import { useEffect } from "react";
import { usePlace } from "./route.ts";

/** A page that loads for longer is read by then. */
const settledAfterMs = 5_000;
/** Whoever does one of these goes where they want themselves. */
const ownWays = ["wheel", "touchstart", "pointerdown", "keydown"] as const;

/**
 * Brings what the address names behind # into view. A page loads what it shows: the place is looked for
 * whenever something has come, until the reader goes elsewhere or all has settled.
 */
export function useAnchor(): void {
  const place = usePlace();
  useEffect(() => {
    const id = new URL(place, location.origin).hash.slice(1);
    if (id === "") return;
    const show = () => document.getElementById(id)?.scrollIntoView();
    const observer = new MutationObserver(show);
    const stop = () => observer.disconnect();
    const late = setTimeout(stop, settledAfterMs);
    for (const way of ownWays) addEventListener(way, stop);
    observer.observe(document.body, { childList: true, subtree: true });
    show();
    return () => {
      stop();
      clearTimeout(late);
      for (const way of ownWays) removeEventListener(way, stop);
    };
  }, [place]);
}
