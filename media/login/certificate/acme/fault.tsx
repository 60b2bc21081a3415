import { Alert } from "@mantine/core";
import { type AcmeFault, acmeFaultText, acmeOwnWords } from "@handrail/protocol/upkeep";
import { useLanguage, useTexts } from "../../language.tsx";

/** What is wrong and what to do, with the directory's own words. `isKnown`: nothing has happened. */
export function AcmeFaultAlert(props: { fault: AcmeFault; isKnown?: boolean }) {
  const { fault, isKnown = false } = props;
  const language = useLanguage();
  const { acme: words } = useTexts().certificate;
  const ownWords = acmeOwnWords(fault);
  const color = isKnown ? "yellow" : fault.reason === "terms" ? "rail" : "red";
  return (
    <Alert color={color} role={isKnown ? "note" : "alert"} variant="light">
      <div>{acmeFaultText(fault, language)}</div>
      {ownWords !== undefined && <div lang="en">{words.ownWords(ownWords)}</div>}
    </Alert>
  );
}
