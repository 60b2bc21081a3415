import { Alert, Button, FileInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../request.ts";
import { Failure, fieldFailure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { Front } from "../front.tsx";
import { useLanguage, useTexts } from "../language.tsx";
import type { Texts } from "../texts.ts";
import { useSubmit } from "../use-submit.ts";
import { PassphraseField } from "./passphrase.tsx";
import { type Restored, sendBackup } from "./send.ts";

/** A backup instead of the first administrator. */
export function RestoreFront({ siteName, back }: { siteName: string; back: () => void }) {
  const { backups } = useTexts();
  const words = backups.restore;
  const [restored, setRestored] = useState<Restored>();
  return (
    <Front siteName={siteName} title={words.title} text={words.text}>
      {restored ? <Done {...restored} /> : <RestoreForm back={back} done={setRestored} />}
    </Front>
  );
}

/** Tells whose backup it was, and leads on once the appliance has started with it. */
function Done({ host, createdAt }: Restored) {
  const { backups } = useTexts();
  const language = useLanguage();
  return (
    <Stack>
      <Alert role="status" variant="light">
        {backups.restore.done(host, momentText(createdAt, language))}
      </Alert>
      <Button onClick={() => location.reload()}>{backups.restore.reload}</Button>
    </Stack>
  );
}

/** The file, its passphrase and the set-up code: only then is anything replaced. */
function RestoreForm(props: { back: () => void; done: (restored: Restored) => void }) {
  const texts = useTexts();
  const { backups: all } = texts;
  const words = all.restore;
  const [code, setCode] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const { error, isBusy, submit } = useSubmit(async () => {
    if (file) props.done(await sendBackup({ code, passphrase, file }, setShare));
  });
  const fault = faultText(error, texts);
  const codeFault = fieldFailure(error, "code", texts);
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.setUp.code}
          description={texts.setUp.codeHint}
          autoComplete="off"
          autoFocus
          required
          maxLength={64}
          classNames={{ input: "code-input" }}
          value={code}
          error={codeFault}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
        />
        <FileInput
          label={words.file}
          description={words.fileHint}
          accept=".hrbackup"
          required
          value={file}
          onChange={setFile}
        />
        <PassphraseField
          label={all.passphrase}
          isRequired
          value={passphrase}
          onText={setPassphrase}
        />
        {isBusy && (
          <Text role="status">
            {share < 1 ? words.sent(Math.floor(share * 100)) : words.checking}
          </Text>
        )}
        {fault !== undefined && (
          <Alert color="red" role="alert" variant="light">
            {fault}
          </Alert>
        )}
        {error !== undefined && fault === undefined && codeFault === undefined && (
          <Failure error={error} />
        )}
        <Button
          type="submit"
          size="md"
          loading={isBusy}
          disabled={!file || passphrase === "" || code === ""}
        >
          {words.submit}
        </Button>
        <Button variant="subtle" disabled={isBusy} onClick={props.back}>
          {words.back}
        </Button>
      </Stack>
    </form>
  );
}

/** What is wrong with the backup, where that is what is wrong. */
function faultText(error: unknown, { backups: { faults } }: Texts): string | undefined {
  const field = error instanceof ApiError ? (error.field ?? "") : "";
  const found = Object.entries(faults).find(([fault]) => field === `backup-${fault}`);
  return found?.[1];
}
