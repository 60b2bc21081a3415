import { Alert } from "@mantine/core";
import { type AcmeFault, acmeFaultText, acmeOwnWords } from "@handrail/protocol/upkeep";
import { useLanguage, useTexts } from "../../language.tsx";

/** What is wrong and what to do, with the directory's own words. */
export function AcmeFaultAlert({ fault }: { fault: AcmeFault }) {
  const language = useLanguage();
  const { acme: words } = useTexts().certificate;
  const ownWords = acmeOwnWords(fault);
  return (
    <Alert color={fault.reason === "terms" ? "rail" : "red"} role="alert" variant="light">
      <div>{acmeFaultText(fault, language)}</div>
      {ownWords !== undefined && <div lang="en">{words.ownWords(ownWords)}</div>}
    </Alert>
  );
}
