import { Alert, Text } from "@mantine/core";
import { useEffect } from "react";
import { Failure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import type { Syslog } from "./api.ts";
import { TargetForm } from "./target-form.tsx";

/** Rows come and go by themselves; who looks at the page sees that. */
const lookEveryMs = 3_000;

/** Where the audit log is sent, and how that stands. */
export function SyslogPage() {
  const texts = useTexts();
  const { syslog: words } = texts;
  const { api, notify } = useSite();
  const known = useLoad("syslog", (signal) => api.syslog.read(signal));
  const { value, error, reload } = known;
  // Not while it is off, and not against an appliance that does not answer.
  useEffect(() => {
    if (value === undefined || error !== undefined || value.state.is === "off") return;
    const timer = setTimeout(reload, lookEveryMs);
    return () => clearTimeout(timer);
  }, [value, error, reload]);
  const done = () => {
    notify(words.saved);
    reload();
  };
  return (
    <Page title={texts.pages.syslog}>
      <Text>{words.text}</Text>
      <Failure error={error} retry={reload} />
      {value && <StateSection state={value.state} />}
      {value && <TargetForm key={JSON.stringify(value.target)} target={value.target} done={done} />}
      {known.isLoading && !value && <Waiting />}
    </Page>
  );
}

/** Whether rows arrive; if not, since when, why, and how many wait. */
function StateSection({ state }: Pick<Syslog, "state">) {
  const { line, syslog: words } = useTexts();
  const language = useLanguage();
  const { is } = state;
  return (
    <Section title={words.state.title}>
      {is === "waiting" ? (
        <Alert color="red" role="alert" variant="light">
          {words.state.waiting(momentText(state.since, language), line.faults[state.fault])}
        </Alert>
      ) : (
        <Text role="status">{words.state[is]}</Text>
      )}
      {is !== "off" && <Text mt="xs">{words.state.behind(state.behind)}</Text>}
    </Section>
  );
}
