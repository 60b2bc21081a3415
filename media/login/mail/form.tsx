import { Button, Checkbox, Group, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { Failure, isAt } from "../failure.tsx";
import { useLanguage, useTexts } from "../language.tsx";
import { LineField } from "../line-field.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { Mail } from "./api.ts";
import { type Draft, draftOf, requestOf } from "./draft.ts";
import { ServerFields } from "./server-fields.tsx";
import { TestMail } from "./test-mail.tsx";

/** What every part of the form works on. */
export interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly error: unknown;
}

/** Fields that say themselves what is wrong with them. */
const told = [
  ...["host", "user", "password", "sender", "addressees"],
  ...["trust.ca", "trust.pin"],
];

/** How mail is to be sent, and to whom. What stands here can be tried before it is saved. */
export function MailForm({ known, done }: { known: Mail; done: () => void }) {
  const texts = useTexts();
  const { mail: words } = texts;
  const { api } = useSite();
  const language = useLanguage();
  const [draft, setDraft] = useState(() => draftOf(known, language));
  const [failure, setFailure] = useState<unknown>();
  const [to, setTo] = useState<string>();
  const request = requestOf(draft);
  const { error, isBusy, submit } = useSubmit(async () => {
    setFailure(undefined);
    await api.mail.change(request);
    done();
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  // A test judges the same form; what it finds wrong stands at the same fields.
  const shown = failure ?? error;
  const part = { draft, set, error: shown };
  // Said once: at its field, or else below the form.
  const isTold = told.some((field) => isAt(shown, `mail.${field}`));
  return (
    <>
      <form onSubmit={submit}>
        <Stack gap="lg">
          <Section title={words.server}>
            <Stack maw={620}>
              <ServerFields {...part} hasPassword={known.hasPassword} />
              {request && <SenderFields {...part} />}
            </Stack>
          </Section>
          {request && (
            <Section title={words.notices.title}>
              <Stack maw={620}>
                <NoticeFields {...part} />
              </Stack>
            </Section>
          )}
          {request && (
            <Section id="session-keys" title={words.keys.title}>
              <Checkbox
                label={words.keys.allow}
                description={words.keys.hint}
                checked={draft.mailsKeys}
                onChange={({ currentTarget }) => set({ mailsKeys: currentTarget.checked })}
              />
            </Section>
          )}
          {!isTold && <Failure error={error} />}
          <Group>
            <Button type="submit" loading={isBusy}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
      {request && (
        <TestMail
          // What came of a test says nothing about another server.
          key={JSON.stringify(request)}
          request={request}
          to={to ?? request.addressees[0] ?? ""}
          setTo={setTo}
          failed={setFailure}
          pin={(pin) => set({ trustBy: "pin", pin })}
        />
      )}
    </>
  );
}

/** Who the mails are from. */
function SenderFields({ draft, set, error }: PartProps) {
  const texts = useTexts();
  const { mail: words } = texts;
  return (
    <>
      <LineField
        label={words.sender}
        value={draft.sender}
        maxLength={254}
        error={isAt(error, "mail.sender") && words.noAddress}
        onText={(sender) => set({ sender })}
      />
      <TextInput
        label={words.senderName}
        value={draft.senderName}
        maxLength={100}
        autoComplete="off"
        onChange={({ currentTarget }) => set({ senderName: currentTarget.value })}
      />
    </>
  );
}

/** Who is told what is wrong with the appliance, and in which language. */
function NoticeFields({ draft, set, error }: PartProps) {
  const { mail: words } = useTexts();
  return (
    <>
      <Textarea
        label={words.notices.addressees}
        description={words.notices.hint}
        value={draft.addressees}
        error={isAt(error, "mail.addressees") && words.noAddresses}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={5000}
        spellCheck={false}
        onChange={({ currentTarget }) => set({ addressees: currentTarget.value })}
      />
      <NativeSelect
        label={words.notices.language}
        value={draft.language}
        data={[
          { value: "en", label: "English" },
          { value: "fr", label: "Français" },
        ]}
        onChange={({ currentTarget }) =>
          set({ language: currentTarget.value === "fr" ? "fr" : "en" })
        }
      />
    </>
  );
}
