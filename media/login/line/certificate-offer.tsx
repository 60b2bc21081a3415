import { Button, Text } from "@mantine/core";
import { fingerprintText } from "../format.ts";
import { useTexts } from "../language.tsx";

/**
 * The fingerprint of a certificate that is not trusted. It can be trusted from here, which fills the
 * form in and saves nothing.
 */
export function CertificateOffer(props: {
  fingerprint: string;
  pin: (fingerprint: string) => void;
}) {
  const { fingerprint, pin } = props;
  const { line: words } = useTexts();
  const shown = fingerprintText(fingerprint);
  return (
    <>
      <span>{words.shown}</span>
      <span className="code">{shown}</span>
      <Text size="sm">{words.pinHint}</Text>
      <Button size="compact-sm" variant="default" onClick={() => pin(shown)}>
        {words.usePin}
      </Button>
    </>
  );
}
