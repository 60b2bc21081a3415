import { Anchor, Button, SimpleGrid, Stack, Text } from "@mantine/core";
import {
  externalKeyField,
  type Lsid,
  type Participant,
  queueKind,
  sizeText,
  transcript,
} from "@handrail/protocol";
import { type Removal } from "@handrail/protocol/upkeep";
import type { SessionHistory } from "./api.ts";
import { auditActor, auditSentence, endedByText } from "./audit/sentence.ts";
import { Facts } from "./facts.tsx";
import { Failure } from "./failure.tsx";
import { durationText, isolated, momentText, preciseText, sessionDurationMs } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { LongList } from "./long-list.tsx";
import { Notes } from "./notes.tsx";
import { Page, Waiting } from "./page.tsx";
import { Playback } from "./playback.tsx";
import { linkTo, pathOf } from "./route.ts";
import { saveText } from "./save-text.ts";
import { Section } from "./section.tsx";
import { ShellRecordings } from "./shell-recordings.tsx";
import { StartSnapshot } from "./snapshot.tsx";
import { StateBadge } from "./sessions.tsx";
import { Surveys } from "./survey-answers.tsx";
import { useSite } from "./site.ts";
import { standings } from "./standing.ts";
import { KeepForEver } from "./upkeep/kept.tsx";
import { removalText } from "./upkeep/removal.ts";
import { useLoad } from "./use-load.ts";

/** All that is kept of one session. */
export function SessionPage({ lsid }: { lsid: Lsid }) {
  const texts = useTexts();
  const { api } = useSite();
  const history = useLoad(lsid, (signal) => api.session(lsid, signal));
  const name = history.value?.session.customer.name || texts.sessions.unnamed;
  return (
    <Page title={texts.sessions.open(isolated(name))}>
      <Anchor {...linkTo(pathOf({ page: "sessions" }))}>← {texts.sessions.back}</Anchor>
      <Failure error={history.error} retry={history.reload} />
      {history.value && <History history={history.value} />}
      {history.isLoading && !history.value && <Waiting />}
    </Page>
  );
}

function History({ history }: { history: SessionHistory }) {
  const { sessions, snapshot, surveys } = useTexts();
  const { me } = useSite();
  return (
    <Stack gap="lg">
      <Section title={sessions.details}>
        <Details history={history} />
        {me.role === "administrator" && (
          <KeepForEver lsid={history.session.lsid} isKept={history.isKept} />
        )}
      </Section>
      <Removed title={sessions.playback} removal={history.session.recordingRemoved} />
      {history.session.hasRecording && (
        <Section title={sessions.playback}>
          <Playback lsid={history.session.lsid} />
        </Section>
      )}
      <ShellRecordings lsid={history.session.lsid} />
      <Removed title={snapshot.title} removal={history.session.snapshotRemoved} />
      {history.session.snapshot === "taken" && !history.session.snapshotRemoved && (
        <StartSnapshot lsid={history.session.lsid} />
      )}
      {history.notes.length > 0 && (
        <Section title={sessions.notes}>
          <Notes notes={history.notes} />
        </Section>
      )}
      {history.surveys.length > 0 && (
        <Section title={surveys.answers}>
          <Surveys surveys={history.surveys} />
        </Section>
      )}
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Section title={sessions.chat}>
          <Chat history={history} />
          {history.chat.length > 0 && <SaveChat history={history} />}
        </Section>
        <Section title={sessions.events}>
          <Events history={history} />
        </Section>
      </SimpleGrid>
    </Stack>
  );
}

/** What stands in the place of what is deleted. */
function Removed({ title, removal }: { title: string; removal: Removal | undefined }) {
  const texts = useTexts();
  const language = useLanguage();
  if (!removal) return null;
  return <Section title={title}>{removalText(removal, { language, texts })}</Section>;
}

/** Who, when, where and how it ended. */
function Details({ history }: { history: SessionHistory }) {
  const { session, events, chat } = history;
  const texts = useTexts();
  const language = useLanguage();
  const { sessions } = texts;
  const { customer, formerParticipants, participants } = session;
  const moment = (at: number | undefined) => at !== undefined && momentText(at, language);
  const durationMs = sessionDurationMs(session);
  const namesOf = (people: readonly Pick<Participant, "name" | "observer">[]) =>
    people
      .map(({ name, observer }) =>
        observer ? `${isolated(name)} (${sessions.observer})` : isolated(name),
      )
      .join(", ");
  const permissions = standings(session, events, chat.length > 0).map(([permission, standing]) => (
    <li key={permission}>
      {texts.permission[permission]} –{" "}
      {standing === "allowed"
        ? (texts.asksItself[permission] ?? texts.unasked)
        : texts.permissionState[standing]}
    </li>
  ));
  return (
    <Facts
      facts={[
        [sessions.state, <StateBadge key="state" state={session.state} />],
        [sessions.customer, customer.name],
        [sessions.computer, customer.computer],
        [sessions.platform, customer.platform],
        [sessions.language, customer.language && texts.languages[customer.language]],
        [sessions.issue, customer.issue],
        [sessions.representatives, namesOf(participants) || sessions.nobody],
        [sessions.formerRepresentatives, namesOf(formerParticipants)],
        [
          sessions.queue,
          queueKind(session.queue.id) === "general" ? sessions.generalQueue : session.queue.name,
        ],
        ...(session.fields ?? []).map(({ id, name, value }): [string, string] => [
          id === externalKeyField ? texts.fields.externalKey : isolated(name),
          value,
        ]),
        [sessions.created, moment(session.createdAt)],
        [sessions.accepted, moment(session.acceptedAt)],
        [sessions.ended, moment(session.endedAt)],
        [sessions.endedBy, endedByText(session, language)],
        [sessions.duration, durationMs !== undefined && durationText(durationMs, texts)],
        [
          sessions.permissions,
          permissions.length > 0 && (
            <ul key="permissions" className="plain">
              {permissions}
            </ul>
          ),
        ],
        [texts.snapshot.title, session.snapshot && texts.snapshot.states[session.snapshot]],
        [
          sessions.recording,
          session.hasRecording || session.recordingRemoved
            ? sessions.recorded
            : sessions.notRecorded,
        ],
        [
          sessions.lsid,
          <span key="lsid" className="code">
            {session.lsid}
          </span>,
        ],
      ]}
    />
  );
}

/** The conversation as a file; made here, of what the page was given. */
function SaveChat({ history: { chat, session } }: { history: SessionHistory }) {
  const { sessions } = useTexts();
  const language = useLanguage();
  const save = () => {
    const moment = (at: number) => preciseText(at, language);
    const { customer, lsid } = session;
    const name = customer.name || sessions.unnamed;
    const text = transcript(chat, {
      heading: [sessions.open(name), [customer.computer, lsid].join(" · ")],
      system: sessions.system,
      offered: sessions.offered,
      file: ({ name, sizeBytes, sha256 }) =>
        sessions.file(name, `${sizeText(sizeBytes, language)}, SHA-256 ${sha256}`),
      moment,
    });
    saveText(`handrail-${lsid}.txt`, text, "text/plain");
  };
  return (
    <Button variant="default" size="compact-sm" mt="sm" onClick={save}>
      {sessions.saveChat}
    </Button>
  );
}

/** What was written to one another. */
function Chat({ history: { chat } }: { history: SessionHistory }) {
  const { sessions } = useTexts();
  const language = useLanguage();
  if (chat.length === 0) return <Text c="dimmed">{sessions.noChat}</Text>;
  return (
    <LongList
      items={chat}
      keyOf={({ seq }) => seq}
      all={sessions.allMessages}
      line={({ from, text, at, url, file }) => (
        <>
          <Text size="sm" c="dimmed">
            <Text span fw={600} c="var(--mantine-color-text)">
              {from.kind === "system" ? sessions.system : isolated(from.name)}
            </Text>{" "}
            <time dateTime={new Date(at).toISOString()}>{preciseText(at, language)}</time>
          </Text>
          <span className="written" title={file && `SHA-256 ${file.sha256}`}>
            {file
              ? sessions.file(isolated(file.name), sizeText(file.sizeBytes, language))
              : url === undefined
                ? text
                : `${sessions.offered} ${text}`}
          </span>
        </>
      )}
    />
  );
}

/** What happened, in sentences, the first first. */
function Events({ history: { events } }: { history: SessionHistory }) {
  const texts = useTexts();
  const language = useLanguage();
  if (events.length === 0) return <Text c="dimmed">{texts.sessions.noEvents}</Text>;
  return (
    <LongList
      items={events}
      keyOf={({ seq }) => seq}
      all={texts.sessions.allEvents}
      line={(event) => (
        <>
          <Text span fw={600}>
            {auditActor(event, { language })}
          </Text>
          {" – "}
          {auditSentence(event, { texts, language })}
          <Text size="sm" c="dimmed">
            <time dateTime={new Date(event.at).toISOString()}>
              {preciseText(event.at, language)}
            </time>
          </Text>
        </>
      )}
    />
  );
}
