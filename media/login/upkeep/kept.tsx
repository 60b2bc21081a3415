import { Checkbox, Stack } from "@mantine/core";
import { useState } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";

/** Lets an administrator keep everything of a session for ever. */
export function KeepForEver({ lsid, isKept }: { lsid: string; isKept: boolean }) {
  const { upkeep: words } = useTexts();
  const { api, notify } = useSite();
  const [state, setState] = useState<{ isKept: boolean; isBusy: boolean; error?: unknown }>({
    isKept,
    isBusy: false,
  });
  const change = (wanted: boolean) => {
    setState({ isKept: state.isKept, isBusy: true });
    api.upkeep.keep(lsid, wanted).then(
      () => {
        setState({ isKept: wanted, isBusy: false });
        notify(wanted ? words.kept : words.notKept);
      },
      (error: unknown) => setState({ isKept: state.isKept, isBusy: false, error }),
    );
  };
  return (
    <Stack gap="sm" mt="md">
      <Checkbox
        label={words.keepForEver}
        description={words.keepHint}
        checked={state.isKept}
        disabled={state.isBusy}
        onChange={({ currentTarget }) => change(currentTarget.checked)}
      />
      <Failure error={state.error} />
    </Stack>
  );
}
