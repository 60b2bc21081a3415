import { type FormEvent, useState } from "react";
import { ApiError } from "./request.ts";
import { useSite } from "./site.ts";

/** A form that is being filled in or sent. */
export interface Submission {
  readonly error: unknown;
  readonly isBusy: boolean;
  /** For `onSubmit`. */
  readonly submit: (event: FormEvent) => void;
}

/** Sends a form once at a time; a refusal stays until the form is sent again. */
export function useSubmit(send: () => Promise<void>): Submission {
  const { signedOut } = useSite();
  const [state, setState] = useState<{ error?: unknown; isBusy: boolean }>({ isBusy: false });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (state.isBusy) return;
    setState({ isBusy: true });
    send().then(
      () => setState({ isBusy: false }),
      (error: unknown) => {
        setState({ error, isBusy: false });
        if (error instanceof ApiError && error.code === "not-authenticated") signedOut();
      },
    );
  };
  return { error: state.error, isBusy: state.isBusy, submit };
}
