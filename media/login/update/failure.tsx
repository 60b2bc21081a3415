import { Alert } from "@mantine/core";
import { ApiError } from "../request.ts";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import type { Texts } from "../texts.ts";

/** What went wrong, read out at once. */
export function Bad({ children }: { children: string }) {
  return (
    <Alert color="red" role="alert" variant="light">
      {children}
    </Alert>
  );
}

/** Why the appliance does not take an update, where that is what is wrong. */
export function UpdateFailure({ error }: { error: unknown }) {
  const fault = faultText(error, useTexts());
  return fault === undefined ? <Failure error={error} /> : <Bad>{fault}</Bad>;
}

/** What the appliance has against the file, in the words of the reader. */
function faultText(error: unknown, { updates: { faults } }: Texts): string | undefined {
  const field = error instanceof ApiError ? (error.field ?? "") : "";
  return Object.entries(faults).find(([fault]) => field === `update-${fault}`)?.[1];
}
