import { Alert } from "@mantine/core";
import { dueWarning, type Lifetime } from "@handrail/protocol";
import { useCallback } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { AcmeSection } from "./acme/section.tsx";
import { CertificateFactList } from "./facts.tsx";
import { OwnSection } from "./own.tsx";
import { RequestSection } from "./request.tsx";
import { TlsSection } from "./tls.tsx";
import { UploadSection } from "./upload.tsx";

/** The appliance's certificate, and how it takes TLS. */
export function CertificatePage() {
  const texts = useTexts();
  const words = texts.certificate;
  const { api, notify } = useSite();
  const known = useLoad("certificate", (signal) => api.certificate.read(signal));
  const { value } = known;
  const { reload } = known;
  const done = useCallback(
    (text?: string) => {
      if (text !== undefined) notify(text);
      reload();
    },
    [notify, reload],
  );
  return (
    <Page title={texts.pages.certificate}>
      <Failure error={known.error} retry={known.reload} />
      {value && <EndWarning {...value.facts} />}
      {value && (
        <Section title={words.present}>
          <CertificateFactList facts={value.facts} source={words.sources[value.source]} />
          {value.source === "files" && <p>{words.managed}</p>}
        </Section>
      )}
      {value && value.source !== "files" && (
        <>
          <AcmeSection done={done} />
          <UploadSection done={done} />
          <RequestSection certificate={value} done={done} />
          <OwnSection certificate={value} done={done} />
        </>
      )}
      {value && <TlsSection key={JSON.stringify(value.tls)} certificate={value} done={done} />}
      {known.isLoading && !value && <Waiting />}
    </Page>
  );
}

/** Warns 30, 14 and 3 days before a certificate ends, of a short life sooner; the later the louder. */
export function EndWarning({ validFrom, validTo }: Lifetime) {
  const { certificate: words } = useTexts();
  const now = Date.now();
  const due = dueWarning({ validFrom, validTo }, now);
  if (due === undefined) return null;
  const days = Math.max(1, Math.ceil((validTo - now) / 86_400_000));
  return (
    <Alert color={due <= 14 ? "red" : "yellow"} role={due <= 3 ? "alert" : "status"}>
      {due === 0 ? words.ended : words.warning(days)}
    </Alert>
  );
}
