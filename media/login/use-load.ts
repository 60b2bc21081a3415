import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError, isAbort } from "./request.ts";
import { useSite } from "./site.ts";

/** What is loaded. `value` stays while it is loaded again. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/**
 * Loads when `key` changes and on `reload`, and takes back what is no longer wanted. Who is no
 * longer signed in comes to the sign-in page.
 */
export function useLoad<T>(key: string, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const { signedOut } = useSite();
  const [count, setCount] = useState(0);
  const [state, setState] = useState<{ value?: T; error?: unknown; isLoading: boolean }>({
    isLoading: true,
  });
  const newest = useRef(load);
  useEffect(() => {
    newest.current = load;
  });
  useEffect(() => {
    const abort = new AbortController();
    setState(({ value }) => ({ ...(value === undefined ? {} : { value }), isLoading: true }));
    newest.current(abort.signal).then(
      (value) => setState({ value, isLoading: false }),
      (error: unknown) => {
        if (isAbort(error)) return;
        if (error instanceof ApiError && error.code === "not-authenticated") return signedOut();
        setState(({ value }) => ({
          ...(value === undefined ? {} : { value }),
          error,
          isLoading: false,
        }));
      },
    );
    return () => abort.abort();
  }, [key, count, signedOut]);
  const reload = useCallback(() => setCount((before) => before + 1), []);
  return { value: state.value, error: state.error, isLoading: state.isLoading, reload };
}
