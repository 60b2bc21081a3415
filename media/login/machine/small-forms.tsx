import type { MachineFault } from "@handrail/protocol/upkeep";
import { Button, Group, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { MachineFailure, useFieldFault } from "./fault.tsx";

/** What every form of the machine's settings is given. `done`: the machine has taken it. */
export interface FormProps<Value> {
  readonly value: Value;
  readonly done: () => void;
}

/** The frame of a form that saves one setting. */
export function SettingForm(props: {
  id: string;
  title: string;
  submission: { error: unknown; isBusy: boolean; submit: (event: FormEvent) => void };
  faults: MachineFault[];
  children: ReactNode;
}) {
  const { id, title, submission, faults, children } = props;
  const texts = useTexts();
  return (
    <Section id={id} title={title}>
      <form onSubmit={submission.submit}>
        <Stack maw={620}>
          {children}
          <MachineFailure error={submission.error} inFields={faults} />
          <Group>
            <Button type="submit" loading={submission.isBusy}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** What the machine is called. */
export function NameForm({ value, done }: FormProps<string>) {
  const { name: words } = useTexts().machine;
  const { api } = useSite();
  const [name, setName] = useState(value);
  const submission = useSubmit(async () => {
    await api.machine.setHostName(name.trim());
    done();
  });
  const fault = useFieldFault(submission.error);
  return (
    <SettingForm id="name" title={words.title} submission={submission} faults={["bad-host-name"]}>
      <TextInput
        label={words.hostName}
        description={words.hint}
        value={name}
        error={fault("bad-host-name")}
        required
        maxLength={253}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
    </SettingForm>
  );
}

/** By which proxy other servers are reached. */
export function ProxyForm({ value, done }: FormProps<string>) {
  const { proxy: words } = useTexts().machine;
  const { api } = useSite();
  const [address, setAddress] = useState(value);
  const submission = useSubmit(async () => {
    await api.machine.setProxy({ address: address.trim() });
    done();
  });
  const fault = useFieldFault(submission.error);
  return (
    <SettingForm id="proxy" title={words.title} submission={submission} faults={["bad-proxy"]}>
      <TextInput
        label={words.address}
        description={words.hint}
        value={address}
        error={fault("bad-proxy")}
        maxLength={300}
        autoComplete="off"
        spellCheck={false}
        onChange={({ currentTarget }) => setAddress(currentTarget.value)}
      />
    </SettingForm>
  );
}
