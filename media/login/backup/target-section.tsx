import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import type { BackupTargetState, BackupTransfer } from "@handrail/protocol/upkeep";
import { useEffect, useRef } from "react";
import { Failure } from "../failure.tsx";
import { momentText, sizeText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useSubmit } from "../use-submit.ts";
import { TargetFiles } from "./target-files.tsx";
import { TargetForm } from "./target-form.tsx";

const lookEveryMs = 3_000;

/** Where backups are sent, how that goes, and what lies there. `fetched`: one came from there. */
export function TargetSection({ fetched }: { fetched: () => void }) {
  const { backups } = useTexts();
  const words = backups.target;
  const { api, notify } = useSite();
  const known = useLoad("backup-target", (signal) => api.backupTarget.read(signal));
  const { value, error, reload } = known;
  const isFetching = value?.fetching !== undefined;
  const wasFetching = useRef(false);
  // Not while backups stay here, and not against an appliance that does not answer.
  useEffect(() => {
    if (value?.target === undefined || error !== undefined) return;
    const timer = setTimeout(reload, lookEveryMs);
    return () => clearTimeout(timer);
  }, [value, error, reload]);
  useEffect(() => {
    if (wasFetching.current && !isFetching) fetched();
    wasFetching.current = isFetching;
  }, [isFetching, fetched]);
  const done = (text: string) => {
    notify(text);
    reload();
  };
  return (
    <Section id="target" title={words.title}>
      <Stack>
        <Text size="sm">{words.text}</Text>
        <Failure error={error} retry={reload} />
        {value?.target && <Standing state={value} done={done} />}
        {value?.target && <TargetFiles isBusy={isFetching} begun={reload} />}
        {value && (
          <TargetForm
            key={JSON.stringify(value.target)}
            target={value.target}
            publicKey={value.publicKey}
            done={() => done(words.changed)}
          />
        )}
      </Stack>
    </Section>
  );
}

function Standing({ state, done }: { state: BackupTargetState; done: (text: string) => void }) {
  const { backups } = useTexts();
  const words = backups.target;
  const language = useLanguage();
  const { lastSent, sending, fetching, trouble, fetchTrouble } = state;
  const moment = (at: number) => momentText(at, language);
  return (
    <Stack gap="xs">
      <Text>{lastSent ? words.lastSent(lastSent.name, moment(lastSent.at)) : words.never}</Text>
      {trouble && !sending && (
        <Alert color="red" role="alert" variant="light">
          {words.trouble(
            moment(trouble.since),
            words.faults[trouble.fault],
            moment(trouble.nextAt),
          )}
          {trouble.fingerprint !== undefined && <div className="code">{trouble.fingerprint}</div>}
        </Alert>
      )}
      {fetchTrouble && (
        <Alert color="red" role="alert" variant="light">
          {words.fetchFailed(words.faults[fetchTrouble.fault])}
        </Alert>
      )}
      {sending && <Transfer title={words.sending(sending.name)} transfer={sending} />}
      {fetching && <Transfer title={words.fetching(fetching.name)} transfer={fetching} />}
      <Waiting state={state} done={done} />
    </Stack>
  );
}

function Transfer({ title, transfer }: { title: string; transfer: BackupTransfer }) {
  const texts = useTexts();
  const language = useLanguage();
  const { doneBytes, sizeBytes } = transfer;
  const size = (bytes: number) => sizeText(bytes, language, texts);
  return (
    <div>
      <Text size="sm">
        {title} ({texts.backups.target.part(size(doneBytes), size(sizeBytes))})
      </Text>
      <Progress
        value={(doneBytes / Math.max(1, sizeBytes)) * 100}
        aria-label={title}
        color="rail"
      />
    </div>
  );
}

/** What waits, and what can be done about it. */
function Waiting({ state, done }: { state: BackupTargetState; done: (text: string) => void }) {
  const { backups } = useTexts();
  const words = backups.target;
  const { api } = useSite();
  const { waiting, sending, trouble } = state;
  const trying = useSubmit(async () => {
    await api.backupTarget.send();
    done("");
  });
  const cancelling = useSubmit(async () => {
    await api.backupTarget.cancel();
    done(words.cancelled);
  });
  if (waiting.length === 0) return null;
  return (
    <Group gap="xs">
      <Text size="sm">{words.waiting(waiting.length)}</Text>
      {trouble && !sending && (
        <Button size="compact-sm" variant="default" onClick={trying.submit}>
          {words.sendNow}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={cancelling.submit}>
        {words.cancel}
      </Button>
      <Failure error={trying.error ?? cancelling.error} />
    </Group>
  );
}
