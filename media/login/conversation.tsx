import { Checkbox, Code, NativeSelect, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { macroNames } from "@handrail/protocol";
import type { CannedMessageBody, FieldBody } from "./api.ts";
import { DefinitionSection, type DefinitionView } from "./definition-section.tsx";
import { useTexts } from "./language.tsx";
import { Page } from "./page.tsx";
import type { Texts } from "./texts.ts";

/** What is defined for the conversations and the records of all sessions. */
export function ConversationPage() {
  const texts = useTexts();
  return (
    <Page title={texts.pages.conversation}>
      <Stack gap="lg">
        <DefinitionSection view={cannedMessages(texts)} />
        <DefinitionSection view={sessionFields(texts)} />
      </Stack>
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

function sessionFields({ fields: words, yes, no }: Texts): DefinitionView<FieldBody> {
  return {
    path: "fields",
    title: words.title,
    text: words.text,
    add: words.add,
    none: words.none,
    columns: [words.name, words.kind, words.isRequired],
    cells: ({ name, kind, choices, isRequired }) => [
      name,
      kind === "text" ? words.kinds.text : choices.join(", "),
      isRequired ? yes : no,
    ],
    blank: { name: "", kind: "text", choices: [], isRequired: false },
    isReady: ({ name, kind, choices }) =>
      name.trim() !== "" && (kind === "text" || choices.length > 0),
    form: ({ body, set, faultOf }) => (
      <>
        <TextInput
          label={words.name}
          value={body.name}
          error={faultOf("name")}
          required
          data-autofocus
          autoComplete="off"
          maxLength={100}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        />
        <NativeSelect
          label={words.kind}
          value={body.kind}
          data={[
            { value: "text", label: words.kinds.text },
            { value: "choice", label: words.kinds.choice },
          ]}
          onChange={({ currentTarget }) =>
            set(
              currentTarget.value === "choice" ? { kind: "choice" } : { kind: "text", choices: [] },
            )
          }
        />
        {body.kind === "choice" && (
          <Textarea
            label={words.choices}
            description={words.choicesHint}
            defaultValue={body.choices.join("\n")}
            error={faultOf("choices")}
            required
            autosize
            minRows={3}
            onChange={({ currentTarget }) => set({ choices: linesOf(currentTarget.value) })}
          />
        )}
        <Checkbox
          label={words.isRequired}
          description={words.requiredHint}
          checked={body.isRequired}
          onChange={({ currentTarget }) => set({ isRequired: currentTarget.checked })}
        />
      </>
    ),
  };
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== "");
}
