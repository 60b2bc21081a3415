import { Alert, Button, Checkbox, FileInput, Progress, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { AskedDialog, DialogButtons } from "../dialog-parts.tsx";
import { Facts } from "../facts.tsx";
import { Failure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { isNoAnswer } from "../no-answer.ts";
import { Page, Waiting } from "../page.tsx";
import { inPieces } from "../pieces.ts";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useLookAgain } from "../use-look-again.ts";
import { useSubmit } from "../use-submit.ts";
import type { UpdateState } from "./api.ts";
import { ChannelSection } from "./channel-section.tsx";
import { DebianSection } from "./debian-section.tsx";
import { Bad, UpdateFailure } from "./failure.tsx";

/** An update goes through its steps in seconds. */
const lookEveryMs = 2_000;

/** Releases of the appliance: which runs, the way to another, and how the last one went. */
export function UpdatesPage() {
  const texts = useTexts();
  const { updates: words } = texts;
  const { api } = useSite();
  const known = useLoad("updates", (signal) => api.updates.state(signal));
  const { value, error, reload } = known;
  // What was asked for begins at once and is told of later; while the appliance restarts it is away.
  const [isExpected, setIsExpected] = useState(false);
  const isRunning = value?.running !== undefined;
  const isAway = isNoAnswer(error) && (isRunning || isExpected);
  useEffect(() => {
    if (value && !value.running && error === undefined) setIsExpected(false);
  }, [value, error]);
  useLookAgain(known, lookEveryMs, isRunning || isAway);
  const begun = () => {
    setIsExpected(true);
    reload();
  };
  return (
    <Page title={texts.pages.updates}>
      <Text>{words.text}</Text>
      {isAway && (
        <Alert role="status" variant="light">
          {words.away}
        </Alert>
      )}
      {!isAway && <Failure error={error} retry={reload} />}
      {value && !isAway && <News state={value} />}
      {value && !isRunning && <Now state={value} begun={begun} />}
      {value && !isRunning && value.isAppliance && (
        <>
          <ChannelSection begun={begun} />
          <InstallForm begun={begun} />
          <DebianSection />
        </>
      )}
      {known.isLoading && !value && <Waiting />}
    </Page>
  );
}

/** What is going on, or how the last update went. */
function News({ state }: { state: UpdateState }) {
  const { updates: words } = useTexts();
  const language = useLanguage();
  const { running, refused, last, isAppliance } = state;
  if (!isAppliance) {
    return (
      <Alert role="status" variant="light">
        {words.noAppliance}
      </Alert>
    );
  }
  if (running) {
    const { step, share, to } = running;
    return (
      <Alert role="status" variant="light" title={words.running(to)}>
        {words.steps[step]}
        <Progress value={share === undefined ? 100 : share * 100} animated mt="xs" aria-hidden />
      </Alert>
    );
  }
  if (refused !== undefined && refused !== last?.fault) {
    return <Bad>{words.refused(words.faults[refused])}</Bad>;
  }
  if (!last) return null;
  const { from, to, kind, fault, isDatabaseRestored } = last;
  if (fault !== undefined) {
    const database = isDatabaseRestored ? ` ${words.restored}` : "";
    return <Bad>{words.failed(to, from, words.faults[fault]) + database}</Bad>;
  }
  const how = kind === "rollback" ? words.wentBack : words.installed;
  return (
    <Alert role="status" variant="light">
      {how(to, from, momentText(last.endedAt, language))}
    </Alert>
  );
}

/** Which release runs, and the way back to the one before. */
function Now({ state, begun }: { state: UpdateState; begun: () => void }) {
  const { updates: words } = useTexts();
  const { version, last, isAppliance } = state;
  const [asked, setAsked] = useState<string>();
  const isFresh = last?.kind === "update" && last.fault === undefined && last.to === version;
  const before = isAppliance && isFresh ? last.from : undefined;
  const close = () => setAsked(undefined);
  return (
    <Section title={words.now}>
      <Facts facts={[[words.version, version]]} />
      {before !== undefined && (
        <Button variant="default" mt="sm" onClick={() => setAsked(before)}>
          {words.back(before)}
        </Button>
      )}
      <AskedDialog asked={asked} title={() => words.backTitle} cancel={close}>
        {(to) => (
          <BackForm
            to={to}
            cancel={close}
            begun={() => {
              close();
              begun();
            }}
          />
        )}
      </AskedDialog>
    </Section>
  );
}

/** Asks before the release before takes over, and whether it may cost data. */
function BackForm(props: { to: string; cancel: () => void; begun: () => void }) {
  const { to, cancel, begun } = props;
  const { updates: words } = useTexts();
  const { api } = useSite();
  const [loseChanges, setLoseChanges] = useState(false);
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.updates.rollback({ loseChanges });
    begun();
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.backText(to)}</Text>
        <Text>{words.warning}</Text>
        <Checkbox
          label={words.loseChanges}
          description={words.loseChangesHint}
          checked={loseChanges}
          onChange={({ currentTarget }) => setLoseChanges(currentTarget.checked)}
        />
        <UpdateFailure error={error} />
        <DialogButtons {...{ cancel, isBusy }} submit={words.backSubmit} color="red" />
      </Stack>
    </form>
  );
}

/** First the file is sent and checked, then the reader decides. */
function InstallForm({ begun }: { begun: () => void }) {
  const { updates: words } = useTexts();
  const { api } = useSite();
  const [file, setFile] = useState<File | null>(null);
  const [share, setShare] = useState(0);
  const [version, setVersion] = useState<string>();
  const { error, isBusy, submit } = useSubmit(async () => {
    if (version !== undefined) {
      await api.updates.install();
      return begun();
    }
    if (!file) return;
    await inPieces(file, (at, piece) => api.updates.send(at, piece), setShare);
    setVersion((await api.updates.check()).version);
  });
  const choose = (chosen: File | null) => {
    setFile(chosen);
    setVersion(undefined);
  };
  return (
    <Section title={words.installTitle}>
      <form onSubmit={submit}>
        <Stack align="flex-start">
          <FileInput
            label={words.file}
            description={words.fileHint}
            accept=".hrupdate"
            value={file}
            disabled={isBusy}
            onChange={choose}
            w="100%"
            maw={480}
          />
          {isBusy && version === undefined && (
            <Text role="status">
              {share < 1 ? words.sent(Math.floor(share * 100)) : words.checking}
            </Text>
          )}
          {version !== undefined && (
            <Alert role="status" variant="light" title={words.suitable(version)}>
              {words.warning}
            </Alert>
          )}
          <UpdateFailure error={error} />
          <Button type="submit" loading={isBusy} disabled={!file}>
            {version === undefined ? words.check : words.install(version)}
          </Button>
        </Stack>
      </form>
    </Section>
  );
}
