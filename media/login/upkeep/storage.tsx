import { Progress, Table, Text } from "@mantine/core";
import type { StorageUse } from "@handrail/protocol/upkeep";
import { Failure } from "../failure.tsx";
import { momentText, sizeText } from "../format.ts";
import { Gauge } from "../gauge.tsx";
import { useLanguage, useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import type { Storage } from "./api.ts";
import { RetentionForm } from "./retention-form.tsx";

/** What takes room on the appliance, and how long it is kept. */
export function StoragePage() {
  const texts = useTexts();
  const { api, notify } = useSite();
  const known = useLoad("storage", (signal) => api.upkeep.storage(signal));
  const { value } = known;
  const done = (text: string) => {
    notify(text);
    known.reload();
  };
  return (
    <Page title={texts.pages.storage}>
      <Text>{texts.upkeep.storageText}</Text>
      <Failure error={known.error} retry={known.reload} />
      {value && <Uses storage={value} />}
      {value && (
        <RetentionForm
          key={JSON.stringify(value.retention)}
          settings={value.retention}
          done={done}
        />
      )}
      {known.isLoading && !value && <Waiting />}
    </Page>
  );
}

/** The disk, and what takes room on it, each kind beside the largest. */
function Uses({ storage: { disk, uses } }: { storage: Storage }) {
  const texts = useTexts();
  const language = useLanguage();
  const { upkeep: words } = texts;
  const size = (bytes: number) => sizeText(bytes, language, texts);
  const largestBytes = Math.max(...uses.map(({ sizeBytes }) => sizeBytes), 1);
  return (
    <Section title={words.use}>
      <Gauge part={disk.totalBytes - disk.freeBytes} whole={disk.totalBytes} label={words.disk}>
        {words.diskFree(size(disk.freeBytes), size(disk.totalBytes))}
      </Gauge>
      <Table.ScrollContainer minWidth={560} mt="md">
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.kind}</Table.Th>
              <Table.Th>{words.size}</Table.Th>
              {/* The bars say what the sizes beside them say. */}
              <Table.Td aria-hidden />
              <Table.Th ta="right">{words.files}</Table.Th>
              <Table.Th>{words.oldest}</Table.Th>
              <Table.Th>{words.newest}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {uses.map((use) => (
              <Use key={use.kind} use={use} largestBytes={largestBytes} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}

/** One kind, with its share as a bar. */
function Use({ use, largestBytes }: { use: StorageUse; largestBytes: number }) {
  const texts = useTexts();
  const language = useLanguage();
  const moment = (at: number | undefined) => (at === undefined ? "–" : momentText(at, language));
  return (
    <Table.Tr>
      <Table.Th scope="row">{texts.upkeep.kinds[use.kind]}</Table.Th>
      <Table.Td className="no-wrap">{sizeText(use.sizeBytes, language, texts)}</Table.Td>
      <Table.Td aria-hidden w="30%">
        <Progress.Root>
          <Progress.Section value={(use.sizeBytes / largestBytes) * 100} withAria={false} />
        </Progress.Root>
      </Table.Td>
      <Table.Td ta="right">{use.files.toLocaleString(language)}</Table.Td>
      <Table.Td className="no-wrap">{moment(use.oldestAt)}</Table.Td>
      <Table.Td className="no-wrap">{moment(use.newestAt)}</Table.Td>
    </Table.Tr>
  );
}
