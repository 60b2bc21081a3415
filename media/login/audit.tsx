import { Anchor, Button, Paper, Table, Text } from "@mantine/core";
import { isLsid } from "@handrail/protocol";
import { useState } from "react";
import type { AuditRow } from "./api.ts";
import { Failure } from "./failure.tsx";
import { preciseText } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { Page, Waiting } from "./page.tsx";
import { Pager } from "./pager.tsx";
import { linkTo, pathOf } from "./route.ts";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

const pageSize = 100;

/** What has been done on the appliance, newest first. Names of events are shown as they are kept. */
export function AuditPage() {
  const texts = useTexts();
  const { api } = useSite();
  const [before, setBefore] = useState<number>();
  const rows = useLoad(`audit ${before ?? ""}`, (signal) =>
    api.audit({ before, limit: pageSize }, signal),
  );
  return (
    <Page
      title={texts.pages.audit}
      actions={
        <Button variant="default" onClick={rows.reload}>
          {texts.refresh}
        </Button>
      }
    >
      <Text c="dimmed">{texts.audit.text}</Text>
      <Failure error={rows.error} retry={rows.reload} />
      {rows.value && <Rows rows={rows.value} />}
      {rows.isLoading && !rows.value && <Waiting />}
      <Pager
        isFirst={before === undefined}
        isLast={(rows.value?.length ?? 0) < pageSize}
        first={() => setBefore(undefined)}
        next={() => setBefore(rows.value?.at(-1)?.seq)}
      />
    </Page>
  );
}

function Rows({ rows }: { rows: readonly AuditRow[] }) {
  const { audit } = useTexts();
  const language = useLanguage();
  if (rows.length === 0) return <Text c="dimmed">{audit.none}</Text>;
  return (
    <Paper withBorder>
      <Table.ScrollContainer minWidth={760}>
        <Table verticalSpacing="xs" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th ta="right">{audit.seq}</Table.Th>
              <Table.Th>{audit.time}</Table.Th>
              <Table.Th>{audit.event}</Table.Th>
              <Table.Th>{audit.who}</Table.Th>
              <Table.Th>{audit.session}</Table.Th>
              <Table.Th>{audit.detail}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.seq}>
                <Table.Td ta="right">{row.seq}</Table.Td>
                <Table.Td className="no-wrap">{preciseText(row.at, language)}</Table.Td>
                <Table.Td className="code">{row.event}</Table.Td>
                <Table.Td>{row.who}</Table.Td>
                <Table.Td>
                  <SessionLink lsid={row.lsid} />
                </Table.Td>
                <Table.Td className="code">{detailText(row.detail)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function SessionLink({ lsid }: { lsid: string | undefined }) {
  const { audit } = useTexts();
  if (lsid === undefined || !isLsid(lsid)) return null;
  return (
    <Anchor
      className="code"
      aria-label={`${audit.session} ${lsid}`}
      {...linkTo(pathOf({ page: "session", lsid }))}
    >
      {lsid.slice(0, 8)}
    </Anchor>
  );
}

function detailText(detail: AuditRow["detail"]): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(" ");
}
