import { Anchor, Checkbox, Code, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { macroNames, personLanguages, questionKinds, surveyAudiences } from "@handrail/protocol";
import {
  type CannedMessageBody,
  type FieldBody,
  type QuestionBody,
  surveysExportPath,
} from "./api.ts";
import { DefinitionSection, type DefinitionView } from "./definition-section.tsx";
import { useTexts } from "./language.tsx";
import { LineField } from "./line-field.tsx";
import { Page } from "./page.tsx";
import type { Texts } from "./texts.ts";

const messageLanguages = ["", ...personLanguages] as const;

/** What is defined for the conversations and the records of all sessions. */
export function ConversationPage() {
  const texts = useTexts();
  return (
    <Page title={texts.pages.conversation}>
      <Stack gap="lg">
        <DefinitionSection view={cannedMessages(texts)} />
        <DefinitionSection view={sessionFields(texts)} />
        <DefinitionSection view={surveyQuestions(texts)} />
        <Anchor href={surveysExportPath} download>
          {texts.surveys.export}
        </Anchor>
      </Stack>
    </Page>
  );
}

/** How canned messages are listed and edited. */
function cannedMessages({ cannedMessages: words }: Texts): DefinitionView<CannedMessageBody> {
  return {
    path: "canned-messages",
    title: words.title,
    text: words.text,
    add: words.add,
    none: words.none,
    columns: [words.name, words.message, words.language],
    cells: ({ title, text, language }) => [title, text, words.languages[language]],
    blank: { title: "", text: "", language: "" },
    isReady: ({ title, text }) => title.trim() !== "" && text.trim() !== "",
    form: ({ body, set, faultOf }) => (
      <>
        <LineField
          isFirst
          label={words.name}
          value={body.title}
          maxLength={100}
          error={faultOf("title")}
          onText={(text) => set({ title: text })}
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
        <NativeSelect
          label={words.language}
          description={words.languageHint}
          value={body.language}
          data={messageLanguages.map((value) => ({ value, label: words.languages[value] }))}
          onChange={({ currentTarget: { value } }) =>
            set({ language: messageLanguages.find((each) => each === value) ?? "" })
          }
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

/** How the fields of sessions are listed and edited. */
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
        <LineField
          isFirst
          label={words.name}
          value={body.name}
          maxLength={100}
          error={faultOf("name")}
          onText={(text) => set({ name: text })}
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

/** What was written one to a line. */
function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trim());
  return [...new Set(lines)].filter((line) => line !== "");
}

/** How the questions of the surveys are listed and edited. */
function surveyQuestions({ surveys: words }: Texts): DefinitionView<QuestionBody> {
  return {
    path: "questions",
    title: words.title,
    text: words.text,
    add: words.add,
    none: words.none,
    columns: [words.english, words.french, words.audience, words.kind],
    cells: ({ text, audience, kind }) => [
      text.en,
      text.fr,
      words.audiences[audience],
      words.kinds[kind],
    ],
    blank: { text: { en: "", fr: "" }, audience: "customer", kind: "scale" },
    isReady: ({ text }) => text.en.trim() !== "" && text.fr.trim() !== "",
    form: ({ body, set, faultOf }) => (
      <>
        <LineField
          isFirst
          label={words.english}
          value={body.text.en}
          maxLength={200}
          error={faultOf("text")}
          onText={(text) => set({ text: { ...body.text, en: text } })}
        />
        <LineField
          label={words.french}
          value={body.text.fr}
          maxLength={200}
          onText={(text) => set({ text: { ...body.text, fr: text } })}
        />
        <NativeSelect
          label={words.audience}
          value={body.audience}
          data={surveyAudiences.map((value) => ({ value, label: words.audiences[value] }))}
          onChange={({ currentTarget }) =>
            set({
              audience: surveyAudiences.find((each) => each === currentTarget.value) ?? "customer",
            })
          }
        />
        <NativeSelect
          label={words.kind}
          value={body.kind}
          data={questionKinds.map((value) => ({ value, label: words.kinds[value] }))}
          onChange={({ currentTarget }) =>
            set({ kind: questionKinds.find((each) => each === currentTarget.value) ?? "text" })
          }
        />
      </>
    ),
  };
}
