import { Checkbox, Stack } from "@mantine/core";
import { useState } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";

/** Lets an administrator keep everything of a session for ever. */
export function KeepForEver({ lsid, isKept }: { lsid: string; isKept: boolean }) {
  const { upkeep: words } = useTexts();
  const { api, notify } = useSite();
  const [state, setState] = useState<{ isKept: boolean; isBusy?: boolean; error?: unknown }>({
    isKept,
  });
  const change = (wanted: boolean) => {
    // One after the other; it stays where it is, so that it keeps the focus.
    if (state.isBusy) return;
    setState({ isKept: wanted, isBusy: true });
    api.upkeep.keep(lsid, wanted).then(
      () => {
        setState({ isKept: wanted });
        notify(wanted ? words.kept : words.notKept);
      },
      (error: unknown) => setState({ isKept: !wanted, error }),
    );
  };
  return (
    <Stack gap="sm" mt="md">
      <Checkbox
        label={words.keepForEver}
        description={words.keepHint}
        checked={state.isKept}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
      <Failure error={state.error} />
    </Stack>
  );
}
