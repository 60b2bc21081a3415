import { Alert, Button, Stack, Text } from "@mantine/core";
import { fingerprintText } from "../format.ts";
import { useTexts } from "../language.tsx";
import type { TestOutcome } from "./api.ts";

/**
 * What came of a test message, and what can be done about it. A certificate that is not trusted can be
 * trusted from here, which fills the form in and saves nothing.
 */
export function OutcomeAlert(props: {
  outcome: TestOutcome | undefined;
  pin: (fingerprint: string) => void;
}) {
  const { outcome, pin } = props;
  const { syslog: words } = useTexts();
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
        <span>{words.testFailed(words.faults[fault])}</span>
        {fingerprint !== undefined && (
          <>
            <span>{words.shown}</span>
            <span className="code">{fingerprintText(fingerprint)}</span>
            <Text size="sm">{words.pinHint}</Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => pin(fingerprintText(fingerprint))}
            >
              {words.usePin}
            </Button>
          </>
        )}
      </Stack>
    </Alert>
  );
}
