import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { Failure } from "../failure.tsx";
import { momentText, sizeText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useSubmit } from "../use-submit.ts";
import type { ChannelState } from "./api.ts";
import { ChannelForm } from "./channel-form.tsx";
import { Bad, UpdateFailure } from "./failure.tsx";

const lookEveryMs = 2_000;

/** What the release channel offers, the way to it, and what happens by itself. */
export function ChannelSection({ begun }: { begun: () => void }) {
  const words = useTexts().updates.channel;
  const { api, notify } = useSite();
  const known = useLoad("release-channel", (signal) => api.updates.channel(signal));
  const { value, error, reload } = known;
  useEffect(() => {
    if (!value?.fetching || error !== undefined) return;
    const timer = setTimeout(reload, lookEveryMs);
    return () => clearTimeout(timer);
  }, [value, error, reload]);
  const saved = () => {
    notify(words.saved);
    reload();
  };
  return (
    <Section title={words.title}>
      <Stack>
        <Text size="sm">{words.text}</Text>
        <Failure error={error} retry={reload} />
        {value?.settings.channel && <Standing {...{ state: value, begun, reload }} />}
        {value && <ChannelForm key={JSON.stringify(value.settings)} state={value} saved={saved} />}
      </Stack>
    </Section>
  );
}

interface StandingProps {
  readonly state: ChannelState;
  readonly begun: () => void;
  readonly reload: () => void;
}

/** What the last look has told, and the way from there to the newer release. */
function Standing({ state, begun, reload }: StandingProps) {
  const words = useTexts().updates.channel;
  const language = useLanguage();
  const { api } = useSite();
  const { lookedAt, offered, trouble } = state;
  const looking = useSubmit(async () => {
    await api.updates.look();
    reload();
  });
  const isQuiet = !offered && !trouble;
  return (
    <Stack align="flex-start" gap="sm">
      {offered && <Offer {...{ state, offered, begun, reload }} />}
      {isQuiet && (
        <Text role="status">
          {lookedAt === undefined ? words.never : words.nothing(momentText(lookedAt, language))}
        </Text>
      )}
      <Failure error={looking.error} />
      <Button variant="default" loading={looking.isBusy} onClick={looking.submit}>
        {words.look}
      </Button>
    </Stack>
  );
}

/** The newer release: what is new, and how it comes here and into its place. */
function Offer(props: StandingProps & { offered: NonNullable<ChannelState["offered"]> }) {
  const { state, offered, begun, reload } = props;
  const texts = useTexts();
  const language = useLanguage();
  const { updates } = texts;
  const { channel: words } = updates;
  const { version, notes, releasedAt, sizeBytes } = offered;
  const { fetching, fetchTrouble, isFetched } = state;
  return (
    <>
      <Alert role="status" variant="light" title={words.offered(version)} w="100%">
        <Text size="sm">
          {words.about(momentText(releasedAt, language), sizeText(sizeBytes, language, texts))}
          {isFetched && ` ${words.fetched}`}
        </Text>
        {notes !== "" && (
          <div className="note written" tabIndex={0} role="group" aria-label={words.notes(version)}>
            {notes}
          </div>
        )}
      </Alert>
      {fetchTrouble && <Bad>{words.fetchTrouble(words.faults[fetchTrouble.fault])}</Bad>}
      {fetching && <Fetching fetching={fetching} reload={reload} />}
      {!fetching && !isFetched && <FetchButton version={version} reload={reload} />}
      {isFetched && <InstallButton version={version} begun={begun} />}
    </>
  );
}

function Fetching(props: { fetching: NonNullable<ChannelState["fetching"]>; reload: () => void }) {
  const { fetching, reload } = props;
  const texts = useTexts();
  const language = useLanguage();
  const words = texts.updates.channel;
  const { api } = useSite();
  const { version, doneBytes, sizeBytes } = fetching;
  const size = (bytes: number) => sizeText(bytes, language, texts);
  const title = words.fetching(version);
  const { error, submit } = useSubmit(async () => {
    await api.updates.cancelFetch();
    reload();
  });
  return (
    <Stack gap="xs" w="100%" align="flex-start">
      <Text size="sm" role="status">
        {title} ({words.part(size(doneBytes), size(sizeBytes))})
      </Text>
      <Progress value={(doneBytes / sizeBytes) * 100} aria-label={title} w="100%" color="rail" />
      <Failure error={error} />
      <Button size="compact-sm" variant="default" onClick={submit}>
        {words.cancel}
      </Button>
    </Stack>
  );
}

function FetchButton({ version, reload }: { version: string; reload: () => void }) {
  const words = useTexts().updates.channel;
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.updates.fetch();
    reload();
  });
  return (
    <>
      <Failure error={error} />
      <Button loading={isBusy} onClick={submit}>
        {words.fetch(version)}
      </Button>
    </>
  );
}

function InstallButton({ version, begun }: { version: string; begun: () => void }) {
  const { updates: words } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.updates.installFetched();
    begun();
  });
  return (
    <>
      <Text size="sm">{words.warning}</Text>
      <UpdateFailure error={error} />
      <Group>
        <Button loading={isBusy} onClick={submit}>
          {words.install(version)}
        </Button>
      </Group>
    </>
  );
}
