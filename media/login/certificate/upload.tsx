import { Alert, Button, Checkbox, FileButton, Group, Stack, Text, Textarea } from "@mantine/core";
import { type Judgement, objectionText, remarkText } from "@handrail/protocol";
import { type FormEvent, useState } from "react";
import { Failure } from "../failure.tsx";
import { useLanguage, useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { Proposal } from "./api.ts";
import { CertificateFactList } from "./facts.tsx";

/** Takes an authority's certificate: it is checked first, then used. */
export function UploadSection({ done }: { done: (text: string) => void }) {
  const { certificate: words } = useTexts();
  const { api } = useSite();
  const [certificate, setCertificate] = useState("");
  const [key, setKey] = useState("");
  const [judgement, setJudgement] = useState<Judgement>();
  const proposal: Proposal = { certificate, ...(key.trim() === "" ? {} : { key }) };
  const { error, isBusy, submit } = useSubmit(async () => {
    setJudgement(undefined);
    setJudgement(await api.certificate.check(proposal));
  });
  const change = (set: (text: string) => void) => (text: string) => {
    set(text);
    setJudgement(undefined);
  };
  const used = () => {
    setCertificate("");
    setKey("");
    setJudgement(undefined);
    done(words.upload.used);
  };
  return (
    <Section title={words.upload.title}>
      <Stack>
        <Text c="dimmed">{words.upload.text}</Text>
        <form onSubmit={submit}>
          <Stack>
            <PemField
              label={words.upload.certificate}
              value={certificate}
              onText={change(setCertificate)}
            />
            <PemField
              label={words.upload.key}
              hint={words.upload.keyHint}
              value={key}
              onText={change(setKey)}
            />
            <Failure error={error} />
            <Group>
              <Button type="submit" loading={isBusy} disabled={certificate.trim() === ""}>
                {words.upload.check}
              </Button>
            </Group>
          </Stack>
        </form>
        {judgement && (
          <Judged judgement={judgement} proposal={proposal} refused={setJudgement} used={used} />
        )}
      </Stack>
    </Section>
  );
}

/** What was found in the files, before anything is changed by them. */
function Judged(props: {
  judgement: Judgement;
  proposal: Proposal;
  refused: (judgement: Judgement) => void;
  used: () => void;
}) {
  const { judgement, proposal, refused, used } = props;
  const language = useLanguage();
  const { certificate: words } = useTexts();
  const { api } = useSite();
  const [isCompromised, setCompromised] = useState(false);
  const { error, isBusy, submit } = useSubmit(async () => {
    const judged = await api.certificate.use({ ...proposal, handsOver: !isCompromised });
    if (judged.ok) used();
    else refused(judged);
  });
  if (!judgement.ok) {
    return (
      <Alert color="red" role="alert" variant="light">
        {objectionText(judgement.objection, language)}
      </Alert>
    );
  }
  const onSubmit = (event: FormEvent<HTMLFormElement>) => submit(event);
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <Alert color="rail" role="status" variant="light" title={words.upload.good}>
          {judgement.remarks.map((remark) => (
            <div key={`${remark.reason} ${remark.name ?? ""}`}>{remarkText(remark, language)}</div>
          ))}
        </Alert>
        <CertificateFactList facts={judgement.facts} />
        <Compromised isOn={isCompromised} set={setCompromised} />
        <Failure error={error} />
        <Group>
          <Button type="submit" loading={isBusy}>
            {words.upload.use}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Whether those who know the former certificate must not be led over. */
export function Compromised({ isOn, set }: { isOn: boolean; set: (isOn: boolean) => void }) {
  const { certificate: words } = useTexts();
  return (
    <Checkbox
      label={words.compromised}
      description={words.compromisedHint}
      checked={isOn}
      onChange={({ currentTarget }) => set(currentTarget.checked)}
    />
  );
}

/** Takes a text in PEM, typed or from a file. */
export function PemField(props: {
  label: string;
  hint?: string | undefined;
  value: string;
  onText: (text: string) => void;
}) {
  const { label, hint, value, onText } = props;
  const { certificate: words } = useTexts();
  const take = (file: File | null) => void file?.text().then(onText);
  return (
    <div>
      <Textarea
        label={label}
        {...(hint === undefined ? {} : { description: hint })}
        value={value}
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        autoComplete="off"
        maxLength={48 * 1024}
        classNames={{ input: "code" }}
        onChange={({ currentTarget }) => onText(currentTarget.value)}
      />
      <FileButton onChange={take} accept=".pem,.crt,.cer,.key,.txt,application/x-pem-file">
        {(shown) => (
          <Button
            {...shown}
            variant="subtle"
            size="compact-sm"
            mt={4}
            aria-label={words.upload.fileFor(label)}
          >
            {words.upload.file}
          </Button>
        )}
      </FileButton>
    </div>
  );
}
