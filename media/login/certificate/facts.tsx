import type { ChainFacts } from "@handrail/protocol";
import { Facts } from "../facts.tsx";
import { fingerprintText, localeOf } from "../format.ts";
import { type Language, useLanguage, useTexts } from "../language.tsx";

/** What a certificate says, with those who vouch for it. */
export function CertificateFactList({ facts, source }: { facts: ChainFacts; source?: string }) {
  const language = useLanguage();
  const { certificate: words, status } = useTexts();
  const leftDays = Math.floor((facts.validTo - Date.now()) / 86_400_000);
  const left = leftDays < 0 ? words.over : words.left(leftDays);
  return (
    <Facts
      facts={[
        [words.source, source],
        [words.subject, facts.subject],
        [words.names, facts.names.join(", ")],
        [words.issuer, facts.isSelfSigned ? words.itself : facts.issuer],
        [words.from, dayText(facts.validFrom, language)],
        [words.to, `${dayText(facts.validTo, language)} (${left})`],
        [words.key, facts.key],
        [
          status.fingerprint,
          <span key="f" className="code">
            {fingerprintText(facts.fingerprint)}
          </span>,
        ],
        [
          words.chain,
          facts.authorities.length > 0 && (
            <ol key="c" className="plain">
              {facts.authorities.map(({ fingerprint, subject, validTo }) => (
                <li key={fingerprint}>{words.until(subject, dayText(validTo, language))}</li>
              ))}
            </ol>
          ),
        ],
      ]}
    />
  );
}

/** The day alone: nobody compares the minutes of a certificate. */
function dayText(at: number, language: Language): string {
  return new Intl.DateTimeFormat(localeOf(language), { dateStyle: "medium" }).format(at);
}
