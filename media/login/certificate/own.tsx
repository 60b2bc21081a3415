import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { AskedDialog, DialogButtons } from "../dialog-parts.tsx";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { Certificate } from "./api.ts";
import { isNamesFault, NamesField, namesOf } from "./names-field.tsx";
import { Compromised } from "./upload.tsx";

/** Makes a certificate of the appliance's own, after a question. */
export function OwnSection(props: { certificate: Certificate; done: (text: string) => void }) {
  const { certificate, done } = props;
  const { certificate: words } = useTexts();
  const [asked, setAsked] = useState<Certificate>();
  const cancel = () => setAsked(undefined);
  const end = (text: string) => {
    cancel();
    done(text);
  };
  return (
    <Section title={words.own.title}>
      <Stack>
        <Text c="dimmed">{words.own.text}</Text>
        <Group>
          <Button variant="default" onClick={() => setAsked(certificate)}>
            {words.own.make}
          </Button>
        </Group>
      </Stack>
      <AskedDialog asked={asked} title={() => words.own.question} cancel={cancel}>
        {(shown) => <OwnForm certificate={shown} cancel={cancel} done={end} />}
      </AskedDialog>
    </Section>
  );
}

/** Names, and whether those who know the present key may be led over from it. */
function OwnForm(props: {
  certificate: Certificate;
  cancel: () => void;
  done: (text: string) => void;
}) {
  const { certificate, cancel, done } = props;
  const { certificate: words } = useTexts();
  const { api } = useSite();
  const [names, setNames] = useState(() => certificate.facts.names.join("\n"));
  const [isCompromised, setCompromised] = useState(false);
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.certificate.makeOwn({ names: namesOf(names), handsOver: !isCompromised });
    done(words.own.made);
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.own.questionText}</Text>
        <NamesField value={names} error={error} onText={setNames} />
        <Compromised isOn={isCompromised} set={setCompromised} />
        {!isNamesFault(error) && <Failure error={error} />}
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={namesOf(names).length > 0}
          submit={words.own.submit}
        />
      </Stack>
    </form>
  );
}
