import { Checkbox, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { actionPlatforms, maxActionCommand } from "@handrail/protocol";
import type { SpecialActionBody, Team } from "./api.ts";
import { DefinitionSection, type DefinitionView, type Fields } from "./definition-section.tsx";
import { Failure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { LineField } from "./line-field.tsx";
import { Page, Waiting } from "./page.tsx";
import { useSite } from "./site.ts";
import type { Texts } from "./texts.ts";
import { useLoad } from "./use-load.ts";

const blank: SpecialActionBody = {
  name: { en: "", fr: "" },
  command: "",
  platform: "linux",
  teams: [],
  question: { en: "", fr: "" },
};

/** The special actions that this site has defined. */
export function SpecialActionsPage() {
  const texts = useTexts();
  const { api } = useSite();
  const teams = useLoad("teams", (signal) => api.teams(signal));
  return (
    <Page title={texts.pages.actions}>
      <Failure error={teams.error} retry={teams.reload} />
      {teams.value && <DefinitionSection view={viewOf(texts, teams.value)} />}
      {teams.isLoading && !teams.value && <Waiting />}
    </Page>
  );
}

function viewOf(texts: Texts, teams: readonly Team[]): DefinitionView<SpecialActionBody> {
  const { actions: words } = texts;
  const namesOf = (ids: readonly string[]) =>
    teams
      .filter(({ id }) => ids.includes(id))
      .map(({ name }) => name)
      .join(", ");
  return {
    path: "special-actions",
    title: words.title,
    text: words.text,
    add: words.add,
    none: words.none,
    columns: [words.name, words.command, words.platform, words.teams, words.asks],
    cells: ({ name, command, platform, teams: ids, question }) => [
      name.en === name.fr ? name.en : `${name.en} / ${name.fr}`,
      command,
      words.platforms[platform],
      namesOf(ids) || words.everybody,
      question.en === "" ? words.isTold : words.isAsked,
    ],
    blank,
    isReady: ({ name, command, question }) =>
      [name.en, name.fr, command].every((text) => text.trim() !== "") &&
      (question.en.trim() === "") === (question.fr.trim() === ""),
    form: (fields) => <ActionFields fields={fields} teams={teams} />,
  };
}

function ActionFields(props: { fields: Fields<SpecialActionBody>; teams: readonly Team[] }) {
  const { fields, teams } = props;
  const { body, set, faultOf } = fields;
  const { actions: words } = useTexts();
  const { name, question } = body;
  return (
    <>
      <LineField
        isFirst
        label={words.nameEn}
        value={name.en}
        maxLength={100}
        error={faultOf("name")}
        onText={(text) => set({ name: { ...name, en: text } })}
      />
      <LineField
        label={words.nameFr}
        value={name.fr}
        maxLength={100}
        onText={(text) => set({ name: { ...name, fr: text } })}
      />
      <Textarea
        label={words.command}
        description={words.commandHint}
        value={body.command}
        error={faultOf("command")}
        required
        autosize
        maxLength={maxActionCommand}
        spellCheck={false}
        onChange={({ currentTarget }) => set({ command: currentTarget.value })}
      />
      <NativeSelect
        label={words.platform}
        value={body.platform}
        data={actionPlatforms.map((each) => ({ value: each, label: words.platforms[each] }))}
        onChange={({ currentTarget }) => {
          const platform = actionPlatforms.find((each) => each === currentTarget.value);
          if (platform) set({ platform });
        }}
      />
      {teams.length > 0 && <WhoMay fields={fields} teams={teams} />}
      <TextInput
        label={words.questionEn}
        description={words.questionHint}
        value={question.en}
        error={faultOf("question")}
        autoComplete="off"
        maxLength={500}
        onChange={({ currentTarget }) =>
          set({ question: { ...question, en: currentTarget.value } })
        }
      />
      <TextInput
        label={words.questionFr}
        value={question.fr}
        autoComplete="off"
        maxLength={500}
        onChange={({ currentTarget }) =>
          set({ question: { ...question, fr: currentTarget.value } })
        }
      />
    </>
  );
}

function WhoMay(props: { fields: Fields<SpecialActionBody>; teams: readonly Team[] }) {
  const { body, set } = props.fields;
  const { actions: words } = useTexts();
  return (
    <Checkbox.Group
      label={words.teams}
      description={words.teamsHint}
      value={[...body.teams]}
      onChange={(teams) => set({ teams })}
    >
      <Stack gap="xs" mt="xs" mah={200} className="scrolled">
        {props.teams.map(({ id, name }) => (
          <Checkbox key={id} value={id} label={name} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
