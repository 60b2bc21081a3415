import { useEffect } from "react";
import type { Loaded } from "./use-load.ts";

/** Loads again so long after each load that has ended, as long as that is wanted. */
export function useLookAgain(
  { error, isLoading, reload, value }: Loaded<unknown>,
  everyMs: number,
  isWanted = true,
): void {
  useEffect(() => {
    if (isLoading || !isWanted) return;
    const timer = setTimeout(reload, everyMs);
    return () => clearTimeout(timer);
    // On a busy machine a load begins and ends between two renders: only what came of it is new then.
  }, [error, everyMs, isLoading, isWanted, reload, value]);
}
