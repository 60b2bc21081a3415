import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { AskedDialog, DialogButtons } from "../dialog-parts.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { MachineAct } from "./api.ts";
import { MachineFailure } from "./fault.tsx";

/** The mildest first. */
const acts: readonly MachineAct[] = ["restart", "reboot", "power-off"];

/** Restarts the server or the machine, or switches it off, each after a question. */
export function PowerSection(props: { customers: number; begun: (act: MachineAct) => void }) {
  const { customers, begun } = props;
  const { power: words } = useTexts().machine;
  const [asked, setAsked] = useState<MachineAct>();
  const cancel = () => setAsked(undefined);
  return (
    <Section id="power" title={words.title}>
      <Stack>
        <Text>{words.text}</Text>
        <Group>
          {acts.map((act) => (
            <Button key={act} variant="default" onClick={() => setAsked(act)}>
              {words.asked(words.acts[act])}
            </Button>
          ))}
        </Group>
      </Stack>
      <AskedDialog asked={asked} title={(act) => words.questions[act]} cancel={cancel}>
        {(act) => (
          <Question
            {...{ act, customers, cancel }}
            begun={() => {
              cancel();
              begun(act);
            }}
          />
        )}
      </AskedDialog>
    </Section>
  );
}

/** Says who is concerned and what it takes to come back, before anything happens. */
function Question(props: {
  act: MachineAct;
  customers: number;
  cancel: () => void;
  begun: () => void;
}) {
  const { act, customers, cancel, begun } = props;
  const { power: words } = useTexts().machine;
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.machine.act(act);
    begun();
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>
          {words.customers(customers)} {words.text}
        </Text>
        <Text>{act === "power-off" ? words.stays : words.resumes}</Text>
        <MachineFailure error={error} inFields={[]} />
        <DialogButtons
          {...{ cancel, isBusy }}
          submit={words.acts[act]}
          {...(act === "power-off" ? { color: "red" } : {})}
        />
      </Stack>
    </form>
  );
}
