import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Facts } from "../facts.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { MachineFailure, useFieldFault } from "./fault.tsx";
import { LinesField } from "./lines-field.tsx";

/** Who may sign in to the machine by SSH: nobody, unless an administrator wants it. */
export function SshForm({ fingerprint, done }: { fingerprint: string; done: () => void }) {
  const { ssh: words } = useTexts().machine;
  const { api } = useSite();
  const [key, setKey] = useState("");
  const isOn = fingerprint !== "";
  const set = async (authorisedKey: string) => {
    await api.machine.setSsh({ authorisedKey });
    setKey("");
    done();
  };
  const on = useSubmit(() => set(key.trim()));
  const off = useSubmit(() => set(""));
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
          <MachineFailure error={on.error ?? off.error} inFields={["bad-ssh-key"]} />
          <Group>
            <Button type="submit" loading={on.isBusy} disabled={key.trim() === ""}>
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
