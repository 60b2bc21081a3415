import { Stack, Text } from "@mantine/core";
import type { Representative } from "../api.ts";
import { DialogButtons, type DialogEnd } from "../dialog-parts.tsx";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";

/**
 * Takes away the second factor of somebody who has lost it. What that means is said first: who asks
 * for it may be somebody else.
 */
export function ResetFactorForm(props: { account: Representative } & DialogEnd) {
  const { account, cancel, done } = props;
  const { secondFactor: words } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.secondFactor.reset(account.id);
    done(words.wasReset(account.displayName));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.resetText}</Text>
        <Failure error={error} />
        <DialogButtons {...{ cancel, isBusy }} submit={words.resetSubmit} color="red" />
      </Stack>
    </form>
  );
}
