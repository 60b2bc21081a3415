import { Badge, Button, CopyButton, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import type { Status } from "./api.ts";
import { EndWarning } from "./certificate/page.tsx";
import { Facts } from "./facts.tsx";
import { Failure } from "./failure.tsx";
import { durationText, fingerprintText, momentText, sizeText } from "./format.ts";
import { Gauge } from "./gauge.tsx";
import { useLanguage, useTexts } from "./language.tsx";
import { Page, Waiting } from "./page.tsx";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

/** How the appliance is. */
export function StatusPage() {
  const texts = useTexts();
  const { api } = useSite();
  const status = useLoad("status", async (signal) => ({
    ...(await api.status(signal)),
    readAt: Date.now(),
  }));
  return (
    <Page
      title={texts.pages.status}
      actions={
        <Button variant="default" onClick={status.reload}>
          {texts.refresh}
        </Button>
      }
    >
      <Failure error={status.error} retry={status.reload} />
      {status.value && <EndWarning {...status.value.certificate} />}
      {status.value && <Figures status={status.value} readAt={status.value.readAt} />}
      {status.isLoading && !status.value && <Waiting />}
    </Page>
  );
}

/** The figures of the appliance, each on a card. */
function Figures({ status, readAt }: { status: Status; readAt: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const { clients, disk, seats } = status;
  const seatsText = texts.status.seatsUsed(seats.used, seats.total);
  const usedBytes = disk.totalBytes - disk.freeBytes;
  const size = (bytes: number) => sizeText(bytes, language, texts);
  const diskText = texts.status.diskFree(size(disk.freeBytes), size(disk.totalBytes));
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }} spacing="lg">
        <Card title={texts.status.clients}>
          <Facts
            facts={[
              [texts.status.consoles, String(clients.console)],
              [texts.status.customers, String(clients.customer)],
            ]}
          />
        </Card>
        <Card title={texts.status.seats}>
          <Gauge {...{ part: seats.used, whole: seats.total }} label={texts.status.seats}>
            {seatsText}
          </Gauge>
          <Text size="sm" c="dimmed">
            {texts.status.seatsHint}
          </Text>
        </Card>
        <Card title={texts.status.disk}>
          <Gauge {...{ part: usedBytes, whole: disk.totalBytes }} label={texts.status.diskUsed}>
            {diskText}
          </Gauge>
        </Card>
        <Card title={texts.status.audit}>
          <Badge color={status.audit.intact ? "rail" : "red"} tt="none" mb="xs">
            {status.audit.intact ? texts.status.intact : texts.status.broken}
          </Badge>
          <div>{texts.status.rows(status.audit.rows)}</div>
        </Card>
      </SimpleGrid>
      <Paper withBorder p="lg">
        <Facts
          facts={[
            [texts.status.hostName, status.hostName],
            [texts.status.version, status.version],
            [
              texts.status.upTime,
              <>
                {durationText(readAt - status.startedAt, texts)}{" "}
                <Text span c="dimmed">
                  ({texts.status.since(momentText(status.startedAt, language))})
                </Text>
              </>,
            ],
            [texts.certificate.goodTo, momentText(status.certificate.validTo, language)],
            [texts.status.fingerprint, <Fingerprint key="f" fingerprint={status.fingerprint} />],
            [
              texts.status.head,
              <span key="h" className="code">
                {status.audit.head}
              </span>,
            ],
          ]}
        />
      </Paper>
    </>
  );
}

/** What belongs together, under its name. */
function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Paper component="section" withBorder p="lg" aria-label={title}>
      <Title order={2} size="h5" mb="sm">
        {title}
      </Title>
      {children}
    </Paper>
  );
}

function Fingerprint({ fingerprint }: { fingerprint: string }) {
  const texts = useTexts();
  const shown = fingerprintText(fingerprint);
  return (
    <>
      <span className="code">{shown}</span>{" "}
      <CopyButton value={shown}>
        {({ copied, copy }) => (
          <Button variant="subtle" size="compact-xs" onClick={copy} aria-live="polite">
            {copied ? texts.copied : texts.copy}
          </Button>
        )}
      </CopyButton>
      <Text size="sm" c="dimmed">
        {texts.status.fingerprintHint}
      </Text>
    </>
  );
}
