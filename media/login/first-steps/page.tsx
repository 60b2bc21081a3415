import type { MachineState } from "@handrail/protocol/upkeep";
import { Anchor, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { CertificateFactList } from "../certificate/facts.tsx";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { MailForm } from "../mail/form.tsx";
import { NameForm } from "../machine/small-forms.tsx";
import { TimeForm } from "../machine/time-form.tsx";
import { Page, Waiting } from "../page.tsx";
import { linkTo, navigate, pathOf } from "../route.ts";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { SiteSettings } from "../site-settings/page.tsx";
import { useLoad } from "../use-load.ts";

type Step = "site" | "time" | "mail" | "further";

/** What has a page of its own, and is worth going to before the first customer comes. */
const furtherPages = ["backups", "representatives"] as const;

/** What comes right after a site's first administrator: each step is the form of a page, to be skipped. */
export function FirstStepsPage() {
  const texts = useTexts();
  const { firstSteps: words } = texts;
  const { api, notify } = useSite();
  const known = useLoad("machine", (signal) => api.machine.read(signal));
  const [index, setIndex] = useState(0);
  const state = known.value?.state;
  const steps: readonly Step[] = [
    ...(["site"] as const),
    ...(state ? (["time"] as const) : []),
    ...(["mail", "further"] as const),
  ];
  const saved = () => {
    notify(texts.machine.saved);
    known.reload();
  };
  return (
    <Page title={words.title}>
      <Text>{words.text}</Text>
      <Failure error={known.error} retry={known.reload} />
      {known.isLoading && !known.value ? (
        <Waiting />
      ) : (
        <>
          <StepProgress step={index + 1} steps={steps.length} />
          {steps[index] === "site" && <SiteStep state={state} saved={saved} />}
          {steps[index] === "time" && state && <TimeStep state={state} saved={saved} />}
          {steps[index] === "mail" && <MailStep />}
          {steps[index] === "further" && <FurtherStep />}
          <Ways {...{ index, setIndex }} steps={steps.length} />
        </>
      )}
    </Page>
  );
}

/** How far one is; read out when it changes. */
function StepProgress({ step, steps }: { step: number; steps: number }) {
  const { firstSteps: words } = useTexts();
  return (
    <Stack gap="xs" maw={620}>
      <Text role="status" fw={600}>
        {words.progress(step, steps)}
      </Text>
      <Progress value={(100 * step) / steps} aria-hidden />
    </Stack>
  );
}

/** On, back, or away: nothing has to be done here. */
function Ways(props: { index: number; steps: number; setIndex: (index: number) => void }) {
  const { index, steps, setIndex } = props;
  const { firstSteps: words } = useTexts();
  const leave = () => navigate(pathOf({ page: "status" }));
  const isLast = index + 1 >= steps;
  return (
    <Stack gap="xs">
      <Group>
        {index > 0 && (
          <Button variant="default" onClick={() => setIndex(index - 1)}>
            {words.back}
          </Button>
        )}
        <Button onClick={isLast ? leave : () => setIndex(index + 1)}>
          {isLast ? words.finish : words.next}
        </Button>
        {!isLast && (
          <Button variant="subtle" onClick={leave}>
            {words.leave}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        {words.leaveHint}
      </Text>
    </Stack>
  );
}

/** `state`: of the machine, where there is one that tells its settings. */
interface StepProps<State> {
  readonly state: State;
  readonly saved: () => void;
}

/** What the site is called, where it is, and what its visitors compare. */
function SiteStep({ state, saved }: StepProps<MachineState | undefined>) {
  const { firstSteps, certificate } = useTexts();
  const { certificate: words } = firstSteps;
  const { api } = useSite();
  const { value, error, reload } = useLoad("certificate", (signal) => api.certificate.read(signal));
  return (
    <>
      <SiteSettings />
      <Section title={words.title}>
        <Stack>
          <Failure error={error} retry={reload} />
          {value && (
            <>
              <Text>{value.source === "own" ? words.own : words.other}</Text>
              <CertificateFactList facts={value.facts} source={certificate.sources[value.source]} />
            </>
          )}
          <Anchor {...linkTo(pathOf({ page: "certificate" }))}>{words.toPage}</Anchor>
        </Stack>
      </Section>
      {state && <NameForm key={state.hostName} value={state.hostName} done={saved} />}
    </>
  );
}

/** The clock, on which every row of the audit log depends. */
function TimeStep({ state, saved }: StepProps<MachineState>) {
  const { firstSteps } = useTexts();
  return (
    <>
      <Text>{firstSteps.time.text}</Text>
      <TimeForm key={JSON.stringify(state.time)} value={state.time} done={saved} />
    </>
  );
}

/** The mail server, with its test mail: without one nobody is told what goes wrong. */
function MailStep() {
  const { firstSteps, mail: words } = useTexts();
  const { api, notify } = useSite();
  const { value, error, reload } = useLoad("mail", (signal) => api.mail.read(signal));
  const done = () => {
    notify(words.saved);
    reload();
  };
  return (
    <>
      <Text>{firstSteps.mail.text}</Text>
      <Failure error={error} retry={reload} />
      {value && (
        <MailForm key={JSON.stringify([value.mail, value.hasPassword])} known={value} done={done} />
      )}
    </>
  );
}

/** Links to what is done on a page of its own; who goes there comes back by the account's menu. */
function FurtherStep() {
  const { firstSteps, pages } = useTexts();
  const { further: words } = firstSteps;
  return (
    <Section title={words.title}>
      <ul>
        {furtherPages.map((page) => (
          <li key={page}>
            <Anchor {...linkTo(pathOf({ page }))}>{pages[page]}</Anchor>
            {": "}
            {words.why[page]}
          </li>
        ))}
      </ul>
    </Section>
  );
}
