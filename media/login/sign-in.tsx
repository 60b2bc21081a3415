import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Api } from "./api.ts";
import { Failure } from "./failure.tsx";
import { Front } from "./front.tsx";
import { useTexts } from "./language.tsx";
import { useSubmit } from "./use-submit.ts";

/** Name and password. `hasEnded`: the reader was signed in and is no longer. */
export function SignIn(props: { siteName: string; hasEnded: boolean; done: () => void }) {
  const { siteName, hasEnded, done } = props;
  const texts = useTexts();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { error, isBusy, submit } = useSubmit(async () => {
    await new Api().signIn({ name, password });
    done();
  });
  return (
    <Front siteName={siteName} title={texts.signIn.title} text={texts.signIn.text(siteName)}>
      <form onSubmit={submit}>
        <Stack>
          {hasEnded && error === undefined && (
            <Alert role="status" variant="light">
              {texts.signIn.ended}
            </Alert>
          )}
          <TextInput
            label={texts.signIn.name}
            value={name}
            required
            autoFocus
            autoComplete="username"
            autoCapitalize="none"
            maxLength={100}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <PasswordInput
            label={texts.signIn.password}
            value={password}
            required
            autoComplete="current-password"
            maxLength={256}
            visibilityToggleButtonProps={{ "aria-label": texts.password.show }}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <Failure error={error} />
          <Button type="submit" size="md" loading={isBusy}>
            {texts.signIn.submit}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}
