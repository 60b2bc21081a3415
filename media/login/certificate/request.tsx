import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { type RequestKey, requestKeys } from "@handrail/protocol";
import { useState } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { type Certificate, requestPath } from "./api.ts";
import { isNamesFault, NamesField, namesOf } from "./names-field.tsx";

/** What both forms of the section are given. `done` tells the reader. */
interface RequestProps {
  readonly certificate: Certificate;
  readonly done: (text: string) => void;
}

/** Makes a request for an authority, and shows the one that waits. */
export function RequestSection({ certificate, done }: RequestProps) {
  const { certificate: words } = useTexts();
  return (
    <Section title={words.request.title}>
      <Stack>
        <Text c="dimmed">{words.request.text}</Text>
        {certificate.request ? (
          <Waiting names={certificate.request.names} done={done} />
        ) : (
          <NewRequest certificate={certificate} done={done} />
        )}
      </Stack>
    </Section>
  );
}

/** The request that waits: to be taken to the authority, or forgotten. */
function Waiting({ names, done }: { names: readonly string[]; done: (text: string) => void }) {
  const { certificate: words } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.certificate.dropRequest();
    done(words.request.discarded);
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.request.waiting(names.join(", "))}</Text>
        <Failure error={error} />
        <Group>
          <Button component="a" href={requestPath} download>
            {words.request.download}
          </Button>
          <Button type="submit" variant="default" loading={isBusy}>
            {words.request.discard}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Asks for names and a kind of key; what the appliance does not take stands at the names. */
function NewRequest({ certificate, done }: RequestProps) {
  const { certificate: words } = useTexts();
  const { api } = useSite();
  const [names, setNames] = useState(() => certificate.facts.names.join("\n"));
  const [key, setKey] = useState<RequestKey>("ecdsa-p256");
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.certificate.request({ names: namesOf(names), key });
    done(words.request.made);
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <NamesField value={names} error={error} onText={setNames} />
        <NativeSelect
          label={words.request.key}
          value={key}
          data={requestKeys.map((each) => ({ value: each, label: words.request.keys[each] }))}
          onChange={({ currentTarget }) => {
            const chosen = requestKeys.find((each) => each === currentTarget.value);
            if (chosen) setKey(chosen);
          }}
        />
        {!isNamesFault(error) && <Failure error={error} />}
        <Group>
          <Button type="submit" loading={isBusy} disabled={namesOf(names).length === 0}>
            {words.request.make}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
