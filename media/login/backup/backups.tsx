import { Alert, Button, Checkbox, Group, Stack, Table, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { backupPath } from "../api.ts";
import { AskedDialog, DialogButtons, type DialogEnd } from "../dialog-parts.tsx";
import { Failure, fieldFailure } from "../failure.tsx";
import { momentText, sizeText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useSubmit } from "../use-submit.ts";
import { isGoodPassphrase, NewPassphrase, untyped } from "./passphrase.tsx";
import { ScheduleForm } from "./schedule-form.tsx";
import type { BackupState } from "./state.ts";
import { TargetSection } from "./target-section.tsx";

type Asked = { readonly what: "make" } | { readonly what: "delete"; readonly name: string };

/** While one is being made, to show when it is there. */
const lookEveryMs = 2_000;

/** Backups on the appliance: made now or by a schedule, and taken away. */
export function BackupsPage() {
  const texts = useTexts();
  const { backups: words } = texts;
  const { api, notify } = useSite();
  const known = useLoad("backups", (signal) => api.backups(signal));
  const [asked, setAsked] = useState<Asked>();
  const { value, reload } = known;
  useEffect(() => {
    if (!value?.isWorking) return;
    const timer = setTimeout(reload, lookEveryMs);
    return () => clearTimeout(timer);
  }, [value, reload]);
  const done = (text: string) => {
    setAsked(undefined);
    notify(text);
    reload();
  };
  const end = { cancel: () => setAsked(undefined), done };
  return (
    <Page
      title={texts.pages.backups}
      actions={
        <Button onClick={() => setAsked({ what: "make" })} disabled={value?.isWorking ?? true}>
          {words.make}
        </Button>
      }
    >
      <Text>{words.text}</Text>
      <Failure error={known.error} retry={reload} />
      {value && <Progress state={value} />}
      {value && <Kept state={value} ask={(name) => setAsked({ what: "delete", name })} />}
      {value && <ScheduleForm state={value} done={done} />}
      <TargetSection fetched={reload} />
      {known.isLoading && !value && <Waiting />}
      <AskedDialog
        asked={asked}
        title={({ what }) => (what === "make" ? words.make : words.deleteTitle)}
        cancel={end.cancel}
      >
        {(what) =>
          what.what === "make" ? <MakeForm {...end} /> : <DeleteForm {...end} name={what.name} />
        }
      </AskedDialog>
    </Page>
  );
}

/** Whether one is being made, and how the last one ended. */
function Progress({ state: { isWorking, last } }: { state: BackupState }) {
  const { backups: words } = useTexts();
  if (isWorking) {
    return (
      <Alert role="status" variant="light">
        {words.working}
      </Alert>
    );
  }
  if (last?.fault !== undefined) {
    return (
      <Alert color="red" role="alert" variant="light">
        {words.failed(words.faults[last.fault])}
      </Alert>
    );
  }
  if (last?.name === undefined) return null;
  return (
    <Alert role="status" variant="light">
      {words.madeLast(last.name)}
    </Alert>
  );
}

/** The backups that are there, the newest first. */
function Kept({ state, ask }: { state: BackupState; ask: (name: string) => void }) {
  const texts = useTexts();
  const language = useLanguage();
  const { backups: words } = texts;
  const { backups, folder, freeBytes } = state;
  return (
    <Section title={words.kept}>
      <Text size="sm" c="dimmed" mb="sm">
        {words.place(folder, sizeText(freeBytes, language, texts))}
      </Text>
      {backups.length === 0 ? (
        <Text>{words.none}</Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.name}</Table.Th>
                <Table.Th>{words.size}</Table.Th>
                <Table.Th>{words.madeAt}</Table.Th>
                <Table.Th>{words.actions}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {backups.map(({ name, sizeBytes, madeAt }) => (
                <Table.Tr key={name}>
                  <Table.Td className="code">{name}</Table.Td>
                  <Table.Td>{sizeText(sizeBytes, language, texts)}</Table.Td>
                  <Table.Td>{momentText(madeAt, language)}</Table.Td>
                  <Table.Td>
                    <RowActions name={name} ask={ask} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

/** What can be done with one of them. */
function RowActions({ name, ask }: { name: string; ask: (name: string) => void }) {
  const { backups: words } = useTexts();
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        component="a"
        href={backupPath(name)}
        download
        size="compact-sm"
        variant="default"
        aria-label={words.downloadLabel(name)}
      >
        {words.download}
      </Button>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={words.deleteLabel(name)}
        onClick={() => ask(name)}
      >
        {words.delete}
      </Button>
    </Group>
  );
}

/** Asks for the passphrase, which nobody can give back later. */
function MakeForm({ cancel, done }: DialogEnd) {
  const texts = useTexts();
  const { backups: words } = texts;
  const { api } = useSite();
  const [typed, setTyped] = useState(untyped);
  const [withRecordings, setWithRecordings] = useState(false);
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.makeBackup({ passphrase: typed.first, withRecordings });
    // The page says itself that it is being made, and then that it is there.
    done("");
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <NewPassphrase
          label={words.passphrase}
          hint={words.passphraseHint}
          isRequired
          error={fieldFailure(error, "passphrase", texts)}
          value={typed}
          onChange={setTyped}
        />
        <Checkbox
          label={words.withRecordings}
          description={words.withRecordingsHint}
          checked={withRecordings}
          onChange={({ currentTarget }) => setWithRecordings(currentTarget.checked)}
        />
        <Failure error={error} />
        <DialogButtons
          {...{ cancel, isBusy }}
          submit={words.makeSubmit}
          isReady={isGoodPassphrase(typed)}
        />
      </Stack>
    </form>
  );
}

/** Asks before a backup goes for good. */
function DeleteForm({ name, cancel, done }: DialogEnd & { name: string }) {
  const { backups: words } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.deleteBackup(name);
    done(words.deleted(name));
  });
  return (
    <form onSubmit={submit}>
      <Text>{words.deleteText(name)}</Text>
      <Failure error={error} />
      <DialogButtons {...{ cancel, isBusy }} submit={words.deleteSubmit} color="red" />
    </form>
  );
}
