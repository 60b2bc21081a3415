import { Alert, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { Failure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import type { Mail } from "./api.ts";
import { MailForm } from "./form.tsx";
import { TroubleText } from "./trouble-text.tsx";

/** Letters go by themselves; who looks at the page sees that. */
const lookEveryMs = 3_000;

/** How the appliance sends mail, to whom, and how that stands. */
export function MailPage() {
  const texts = useTexts();
  const { mail: words } = texts;
  const { api, notify } = useSite();
  const known = useLoad("mail", (signal) => api.mail.read(signal));
  const { value, error, reload } = known;
  // Not while none is sent, and not against an appliance that does not answer.
  useEffect(() => {
    if (value?.mail === undefined || error !== undefined) return;
    const timer = setTimeout(reload, lookEveryMs);
    return () => clearTimeout(timer);
  }, [value, error, reload]);
  const done = () => {
    notify(words.saved);
    reload();
  };
  return (
    <Page title={texts.pages.mail}>
      <Text>{words.text}</Text>
      <Failure error={error} retry={reload} />
      {value && <StateSection {...value} />}
      {value && (
        <MailForm key={JSON.stringify([value.mail, value.hasPassword])} known={value} done={done} />
      )}
      {known.isLoading && !value && <Waiting />}
    </Page>
  );
}

/** Whether mail goes; if not, since when and why, and how much waits. */
function StateSection({ mail, state }: Mail) {
  const { mail: words } = useTexts();
  const language = useLanguage();
  const { givenUp, lastSentAt, trouble, waiting } = state;
  // To the minute: nobody waits for a letter by the second.
  const at = (moment: number) => momentText(moment, language);
  return (
    <Section title={words.state.title}>
      <Stack gap="xs">
        {trouble && (
          <Alert color="red" role="alert" variant="light">
            {words.state.trouble(trouble.to, at(trouble.since), at(trouble.nextAt))}
            <TroubleText trouble={trouble} />
          </Alert>
        )}
        {givenUp && (
          <Alert color="red" role="alert" variant="light">
            {words.state.givenUp(givenUp.to, at(givenUp.at))}
            <TroubleText trouble={givenUp} />
          </Alert>
        )}
        <Text role="status">{mail ? words.state.waiting(waiting) : words.state.off}</Text>
        {lastSentAt !== undefined && <Text>{words.state.lastSent(at(lastSentAt))}</Text>}
      </Stack>
    </Section>
  );
}
