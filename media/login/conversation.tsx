import { Code, Text, Textarea, TextInput } from "@mantine/core";
import { macroNames } from "@handrail/protocol";
import type { CannedMessageBody } from "./api.ts";
import { DefinitionSection, type DefinitionView } from "./definition-section.tsx";
import { useTexts } from "./language.tsx";
import { Page } from "./page.tsx";
import type { Texts } from "./texts.ts";

/** What is defined for the conversations of all sessions. */
export function ConversationPage() {
  const texts = useTexts();
  return (
    <Page title={texts.pages.conversation}>
      <DefinitionSection view={cannedMessages(texts)} />
    </Page>
  );
}

function cannedMessages({ cannedMessages: words }: Texts): DefinitionView<CannedMessageBody> {
  return {
    path: "canned-messages",
    title: words.title,
    text: words.text,
    add: words.add,
    none: words.none,
    columns: [words.name, words.message],
    cells: ({ title, text }) => [title, text],
    blank: { title: "", text: "" },
    isReady: ({ title, text }) => title.trim() !== "" && text.trim() !== "",
    form: ({ body, set, faultOf }) => (
      <>
        <TextInput
          label={words.name}
          value={body.title}
          error={faultOf("title")}
          required
          data-autofocus
          autoComplete="off"
          maxLength={100}
          onChange={({ currentTarget }) => set({ title: currentTarget.value })}
        />
        <Textarea
          label={words.message}
          description={words.messageHint}
          value={body.text}
          error={faultOf("text")}
          required
          autosize
          minRows={4}
          maxLength={4096}
          onChange={({ currentTarget }) => set({ text: currentTarget.value })}
        />
        <Text size="sm" c="dimmed">
          {words.macros}{" "}
          {macroNames.map((name) => (
            <span key={name}>
              <Code>{`\${${name}}`}</Code>{" "}
            </span>
          ))}
        </Text>
      </>
    ),
  };
}
