import { Alert, Stack } from "@mantine/core";
import { useTexts } from "../language.tsx";
import { CertificateOffer } from "../line/certificate-offer.tsx";
import type { TestOutcome } from "./api.ts";

/** What came of a test message, and what can be done about it. */
export function OutcomeAlert(props: {
  outcome: TestOutcome | undefined;
  pin: (fingerprint: string) => void;
}) {
  const { outcome, pin } = props;
  const { line, syslog: words } = useTexts();
  if (!outcome) return null;
  if (outcome.ok) {
    return (
      <Alert color="rail" role="status" variant="light">
        {outcome.isRead ? words.testRead : words.tested}
      </Alert>
    );
  }
  const { fault, fingerprint } = outcome;
  return (
    <Alert color="red" role="alert" variant="light">
      <Stack gap="xs" align="start">
        <span>{words.testFailed(line.faults[fault])}</span>
        {fingerprint !== undefined && <CertificateOffer {...{ fingerprint, pin }} />}
      </Stack>
    </Alert>
  );
}
