import { Alert, Button, Group, PasswordInput, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../request.ts";
import { Facts } from "../facts.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { MachineFailure, useFieldFault } from "./fault.tsx";
import { LinesField } from "./lines-field.tsx";

/** Who may sign in to the machine by SSH: nobody, unless an administrator wants it. */
export function SshForm({ fingerprint, done }: { fingerprint: string; done: () => void }) {
  const texts = useTexts();
  const { ssh: words } = texts.machine;
  const { api } = useSite();
  const [key, setKey] = useState("");
  const [password, setPassword] = useState("");
  const isOn = fingerprint !== "";
  const set = async (form: { authorisedKey: string; password?: string }) => {
    await api.machine.setSsh(form);
    setKey("");
    setPassword("");
    done();
  };
  const on = useSubmit(() => set({ authorisedKey: key.trim(), password }));
  const off = useSubmit(() => set({ authorisedKey: "" }));
  const isWrong = on.error instanceof ApiError && on.error.code === "password-wrong";
  const fault = useFieldFault(on.error);
  return (
    <Section id="ssh" title={words.title}>
      <form onSubmit={on.submit}>
        <Stack maw={620}>
          <Text>{isOn ? words.on : words.off}</Text>
          {isOn && (
            <Facts
              facts={[
                [
                  words.fingerprint,
                  <span key="f" className="code">
                    {fingerprint}
                  </span>,
                ],
              ]}
            />
          )}
          <Alert color="yellow" variant="light">
            {words.warning}
          </Alert>
          <LinesField
            label={words.key}
            hint={words.keyHint}
            value={key}
            error={fault("bad-ssh-key")}
            onText={setKey}
          />
          <PasswordInput
            label={words.password}
            description={words.passwordHint}
            value={password}
            error={isWrong && words.passwordWrong}
            autoComplete="current-password"
            maxLength={256}
            visibilityToggleButtonProps={{ "aria-label": texts.password.show }}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          {!isWrong && <MachineFailure error={on.error ?? off.error} inFields={["bad-ssh-key"]} />}
          <Group>
            <Button
              type="submit"
              loading={on.isBusy}
              disabled={key.trim() === "" || password === ""}
            >
              {isOn ? words.change : words.switchOn}
            </Button>
            {isOn && (
              <Button variant="default" loading={off.isBusy} onClick={off.submit}>
                {words.switchOff}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
