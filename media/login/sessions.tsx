import { Anchor, Badge, Button, Paper, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { beganAt } from "@handrail/protocol";
import { useState } from "react";
import type { SessionRow } from "./api.ts";
import { endedByText } from "./audit/sentence.ts";
import { Failure } from "./failure.tsx";
import { durationText, isolated, momentText, sessionDurationMs } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { Page, Waiting } from "./page.tsx";
import { Pager } from "./pager.tsx";
import { linkTo, pathOf } from "./route.ts";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

const pageSize = 50;
const typingMs = 300;

/** All sessions of the site, newest first, with a search. */
export function SessionsPage() {
  const texts = useTexts();
  const { api } = useSite();
  const [typed, setTyped] = useState("");
  const [before, setBefore] = useState<number>();
  const [settled] = useDebouncedValue(typed, typingMs);
  const search = settled.trim();
  const list = useLoad(`${search} ${before ?? ""}`, (signal) =>
    api.sessions({ before, limit: pageSize, search }, signal),
  );
  return (
    <Page
      title={texts.pages.sessions}
      actions={
        <Button variant="default" onClick={list.reload}>
          {texts.refresh}
        </Button>
      }
    >
      <TextInput
        type="search"
        label={texts.sessions.search}
        description={texts.sessions.searchHint}
        value={typed}
        maxLength={200}
        maw={480}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setBefore(undefined);
        }}
      />
      <Failure error={list.error} retry={list.reload} />
      {list.value && <SessionTable sessions={list.value.sessions} isSearch={search !== ""} />}
      {list.isLoading && !list.value && <Waiting />}
      <Pager
        isFirst={before === undefined}
        isLast={list.value?.next === undefined}
        first={() => setBefore(undefined)}
        next={() => setBefore(list.value?.next)}
      />
    </Page>
  );
}

/** A page of sessions, or that there are none. */
function SessionTable(props: { sessions: readonly SessionRow[]; isSearch: boolean }) {
  const { sessions } = useTexts();
  if (props.sessions.length === 0) {
    return <Text c="dimmed">{props.isSearch ? sessions.noneFound : sessions.none}</Text>;
  }
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={720}>
        <Table verticalSpacing="sm" horizontalSpacing="md" highlightOnHover className="wrapping">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{sessions.customer}</Table.Th>
              <Table.Th>{sessions.state}</Table.Th>
              <Table.Th>{sessions.representatives}</Table.Th>
              <Table.Th>{sessions.started}</Table.Th>
              <Table.Th>{sessions.duration}</Table.Th>
              <Table.Th>{sessions.recording}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {props.sessions.map((session) => (
              <SessionLine key={session.lsid} session={session} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

/** A session with the link to all that is kept of it. */
function SessionLine({ session }: { session: SessionRow }) {
  const texts = useTexts();
  const language = useLanguage();
  const { customer, formerParticipants, lsid, participants } = session;
  const durationMs = sessionDurationMs(session);
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Anchor fw={600} {...linkTo(pathOf({ page: "session", lsid }))}>
          {customer.name || texts.sessions.unnamed}
        </Anchor>
        <Text size="sm" c="dimmed" className="clamped">
          {customer.computer}
        </Text>
      </Table.Th>
      <Table.Td>
        <StateBadge state={session.state} />
        <Text size="sm" c="dimmed">
          {endedByText(session, language)}
        </Text>
      </Table.Td>
      <Table.Td>
        {namesOf(participants) || texts.sessions.nobody}
        {formerParticipants.length > 0 && (
          <Text size="sm" c="dimmed">
            {texts.sessions.before(namesOf(formerParticipants))}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{momentText(beganAt(session), language)}</Table.Td>
      <Table.Td className="no-wrap">
        {durationMs === undefined ? "–" : durationText(durationMs, texts)}
      </Table.Td>
      <Table.Td>
        {session.hasRecording ? texts.sessions.recorded : texts.sessions.notRecorded}
      </Table.Td>
    </Table.Tr>
  );
}

function namesOf(people: readonly { readonly name: string }[]): string {
  return people.map(({ name }) => isolated(name)).join(", ");
}

/** Where a session stands. */
export function StateBadge({ state }: { state: SessionRow["state"] }) {
  const { sessions } = useTexts();
  const variants = { waiting: "outline", active: "filled", ended: "default" };
  return (
    <Badge variant={variants[state]} tt="none">
      {sessions.states[state]}
    </Badge>
  );
}
