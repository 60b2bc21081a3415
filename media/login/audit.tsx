import { Anchor, Button, Paper, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { isLsid } from "@handrail/protocol";
import { useState } from "react";
import type { AuditPage as Answer, AuditRow } from "./audit/api.ts";
import { AuditExport, AuditFilterBar, filterOf, noFilter } from "./audit/filter.tsx";
import { auditActor, auditSentence, auditTexts } from "./audit/sentence.ts";
import { Failure } from "./failure.tsx";
import { preciseText } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { Page, Waiting } from "./page.tsx";
import { Pager } from "./pager.tsx";
import { linkTo, pathOf } from "./route.ts";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

const pageSize = 100;
/** Whoever pauses so long has finished a word. */
const typingMs = 300;

/** What has been done on the appliance, newest first, with ways to find a part of it. */
export function AuditPage() {
  const texts = useTexts();
  const { page } = auditTexts(useLanguage());
  const { api } = useSite();
  const [form, setForm] = useState(noFilter);
  const [before, setBefore] = useState<number>();
  const [settled] = useDebouncedValue(form, typingMs);
  const filter = filterOf(settled);
  const rows = useLoad(`${JSON.stringify(filter)} ${before ?? ""}`, (signal) =>
    api.audit.page({ ...filter, before, limit: pageSize }, signal),
  );
  return (
    <Page
      title={texts.pages.audit}
      actions={
        <>
          <AuditExport filter={filter} />
          <Button variant="default" onClick={rows.reload}>
            {texts.refresh}
          </Button>
        </>
      }
    >
      <Text c="dimmed">{page.text}</Text>
      <AuditFilterBar
        form={form}
        people={rows.value?.people ?? {}}
        onChange={(changed) => {
          setForm(changed);
          setBefore(undefined);
        }}
      />
      <Failure error={rows.error} retry={rows.reload} />
      {rows.value && <Rows answer={rows.value} isSearch={settled !== noFilter} />}
      {rows.isLoading && !rows.value && <Waiting />}
      <Pager
        isFirst={before === undefined}
        isLast={(rows.value?.rows.length ?? 0) < pageSize}
        first={() => setBefore(undefined)}
        next={() => setBefore(rows.value?.rows.at(-1)?.seq)}
      />
    </Page>
  );
}

/** The rows of a page as a table, or that there are none. */
function Rows({ answer, isSearch }: { answer: Answer; isSearch: boolean }) {
  const { page } = auditTexts(useLanguage());
  if (answer.rows.length === 0) {
    return <Text c="dimmed">{isSearch ? page.noneFound : page.none}</Text>;
  }
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={720}>
        <Table verticalSpacing="xs" horizontalSpacing="md" className="wrapping">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{page.time}</Table.Th>
              <Table.Th>{page.who}</Table.Th>
              <Table.Th>{page.what}</Table.Th>
              <Table.Th>{page.session}</Table.Th>
              <Table.Th ta="right">{page.row}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {answer.rows.map((row) => (
              <Row key={row.seq} row={row} people={answer.people} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

/** What happened in words; the name of the event, by which other programs know it, comes second. */
function Row({ row, people }: { row: AuditRow; people: Answer["people"] }) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <Table.Tr>
      <Table.Td className="no-wrap">
        <time dateTime={new Date(row.at).toISOString()}>{preciseText(row.at, language)}</time>
      </Table.Td>
      <Table.Td>{auditActor(row, { language }, people)}</Table.Td>
      <Table.Td className="wide">
        {auditSentence(row, { texts, language })}
        <Text component="div" size="xs" c="dimmed" className="code">
          {row.event}
        </Text>
      </Table.Td>
      <Table.Td className="narrow">
        <SessionLink lsid={row.lsid} />
      </Table.Td>
      <Table.Td ta="right" className="narrow">
        {row.seq}
      </Table.Td>
    </Table.Tr>
  );
}

/** The way to the session that a row belongs to. */
function SessionLink({ lsid }: { lsid: string | undefined }) {
  const { page } = auditTexts(useLanguage());
  if (lsid === undefined || !isLsid(lsid)) return null;
  return (
    <Anchor
      className="code no-wrap"
      title={lsid}
      aria-label={`${page.session} ${lsid.slice(0, 8)}`}
      {...linkTo(pathOf({ page: "session", lsid }))}
    >
      {lsid.slice(0, 8)}
    </Anchor>
  );
}
