import { Button, Group, Stack, Text } from "@mantine/core";
import { type AcmeView } from "@handrail/protocol/upkeep";
import { useEffect, useState } from "react";
import { AskedDialog, DialogButtons, type DialogEnd } from "../../dialog-parts.tsx";
import { Facts } from "../../facts.tsx";
import { Failure } from "../../failure.tsx";
import { momentText } from "../../format.ts";
import { useLanguage, useTexts } from "../../language.tsx";
import { Section } from "../../section.tsx";
import { useSite } from "../../site.ts";
import { useLoad } from "../../use-load.ts";
import { useLookAgain } from "../../use-look-again.ts";
import { useSubmit } from "../../use-submit.ts";
import { AcmeFaultAlert } from "./fault.tsx";
import { AcmeForm } from "./form.tsx";

const lookEveryMs = 2_000;

/** The certificate that is got by itself; `done` also looks at the present certificate anew. */
export function AcmeSection({ done }: { done: (text?: string) => void }) {
  const { acme: words } = useTexts().certificate;
  const { api } = useSite();
  const known = useLoad("acme", (signal) => api.certificate.readAcme(signal));
  const { error, reload, value } = known;
  const [asked, setAsked] = useState<"set" | "stop">();
  const isRunning = value?.isRunning === true;
  useLookAgain(known, lookEveryMs, isRunning);
  // What came of a try may be another certificate.
  const [wasRunning, setWasRunning] = useState(false);
  useEffect(() => {
    if (wasRunning && !isRunning) done();
    setWasRunning(isRunning);
  }, [done, isRunning, wasRunning]);
  const cancel = () => setAsked(undefined);
  const end = (text: string) => {
    cancel();
    reload();
    done(text);
  };
  return (
    <div id="acme">
      <Section title={words.title}>
        <Stack>
          <Text c="dimmed">{words.text}</Text>
          <Failure error={error} retry={reload} />
          {value?.settings && <Standing view={value} />}
          {value && !value.settings && value.siteFault && (
            <AcmeFaultAlert fault={value.siteFault} isKnown />
          )}
          {value && <Buttons view={value} ask={setAsked} done={end} />}
        </Stack>
        <AskedDialog
          asked={value && asked}
          title={(what) => (what === "stop" ? words.stopQuestion : words.title)}
          size={(what) => (what === "stop" ? "md" : "lg")}
          cancel={cancel}
        >
          {(what) =>
            what === "stop" ? (
              <StopForm cancel={cancel} done={end} />
            ) : (
              value && <AcmeForm view={value} cancel={cancel} done={end} />
            )
          }
        </AskedDialog>
      </Section>
    </div>
  );
}

/** How it stands, while it is on. */
function Standing({ view }: { view: AcmeView }) {
  const language = useLanguage();
  const { acme: words } = useTexts().certificate;
  const { account, isRunning, lastTry, nextAt, settings } = view;
  const last =
    lastTry && `${momentText(lastTry.at, language)}, ${lastTry.fault ? words.failed : words.good}`;
  const next = nextAt === undefined ? words.noNext : momentText(nextAt, language);
  return (
    <>
      <Facts
        facts={[
          [words.directory, settings?.directory],
          [words.dnsNames, settings?.names.join(", ")],
          [words.contact, settings?.contact || words.noContact],
          [words.proof, settings && words.proofs[settings.proof]],
          [words.externalKeyId, settings?.externalKeyId],
          [words.account, account ?? words.noAccount],
          [words.lastTry, last],
          [words.next, isRunning ? undefined : next],
        ]}
      />
      <div role="status">{isRunning && words.running}</div>
      {lastTry?.fault && !isRunning && <AcmeFaultAlert fault={lastTry.fault} />}
    </>
  );
}

function Buttons(props: {
  view: AcmeView;
  ask: (what: "set" | "stop") => void;
  done: (text: string) => void;
}) {
  const { view, ask, done } = props;
  const { acme: words } = useTexts().certificate;
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.certificate.tryAcme();
    done(words.saved);
  });
  if (!view.settings) {
    return (
      <Group>
        <Button variant="default" onClick={() => ask("set")}>
          {words.setUp}
        </Button>
      </Group>
    );
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Failure error={error} />
        <Group>
          <Button type="submit" loading={isBusy || view.isRunning}>
            {words.tryNow}
          </Button>
          <Button variant="default" onClick={() => ask("set")}>
            {words.change}
          </Button>
          <Button variant="default" onClick={() => ask("stop")}>
            {words.stop}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function StopForm({ cancel, done }: DialogEnd) {
  const { acme: words } = useTexts().certificate;
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.certificate.stopAcme();
    done(words.stopped);
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.stopText}</Text>
        <Failure error={error} />
        <DialogButtons cancel={cancel} isBusy={isBusy} submit={words.stopSubmit} />
      </Stack>
    </form>
  );
}
