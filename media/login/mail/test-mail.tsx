import { Alert, Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../request.ts";
import { Failure, isAt } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { LineField } from "../line-field.tsx";
import { CertificateOffer } from "../line/certificate-offer.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { MailOutcome, MailRequest } from "./api.ts";
import { TroubleText } from "./trouble-text.tsx";

/** Sends a mail by what stands in the form, saved or not, and tells what the server says. */
export function TestMail(props: {
  request: MailRequest;
  /** Whom it is sent to; stays while the form changes. */
  to: string;
  setTo: (to: string) => void;
  /** Told what is wrong with the form itself. */
  failed: (error: unknown) => void;
  pin: (fingerprint: string) => void;
}) {
  const { request, to, setTo, failed, pin } = props;
  const texts = useTexts();
  const { mail: words } = texts;
  const { api } = useSite();
  const [outcome, setOutcome] = useState<MailOutcome>();
  const { error, isBusy, submit } = useSubmit(async () => {
    setOutcome(undefined);
    failed(undefined);
    try {
      setOutcome(await api.mail.test(request, to));
    } catch (thrown) {
      // The fields are in another form: it says there what is wrong with them.
      if (thrown instanceof ApiError && thrown.field?.startsWith("mail.")) failed(thrown);
      throw thrown;
    }
  });
  const isWrong = isAt(error, "to");
  return (
    <Section title={words.test.title}>
      <form onSubmit={submit}>
        <Stack maw={620}>
          <LineField
            label={words.test.to}
            value={to}
            maxLength={254}
            error={isWrong && words.noAddress}
            onText={(text) => {
              setTo(text);
              setOutcome(undefined);
            }}
          />
          {!isWrong && <Failure error={error} />}
          {outcome && <OutcomeAlert {...{ outcome, pin }} />}
          <Group>
            <Button type="submit" variant="default" loading={isBusy}>
              {words.test.send}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** What the server said to a test mail, and what can be done about it. */
function OutcomeAlert(props: { outcome: MailOutcome; pin: (fingerprint: string) => void }) {
  const { outcome, pin } = props;
  const { mail: words } = useTexts();
  if (outcome.ok) {
    return (
      <Alert color="rail" role="status" variant="light">
        {words.test.sent}
      </Alert>
    );
  }
  const { fingerprint } = outcome;
  return (
    <Alert color="red" role="alert" variant="light">
      <Stack gap="xs" align="start">
        <div>
          {words.test.failed}
          <TroubleText trouble={outcome} />
        </div>
        {fingerprint !== undefined && <CertificateOffer {...{ fingerprint, pin }} />}
      </Stack>
    </Alert>
  );
}
