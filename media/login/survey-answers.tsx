import { Stack, Text } from "@mantine/core";
import type { SurveyAnswers } from "./api.ts";
import { Facts } from "./facts.tsx";
import { isolated } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import type { Texts } from "./texts.ts";

/** What was answered to the surveys of a session. */
export function Surveys({ surveys }: { surveys: readonly SurveyAnswers[] }) {
  const texts = useTexts();
  const language = useLanguage();
  return (
    <Stack>
      {surveys.map(({ byId, byName, answers }) => (
        <div key={byId}>
          <Text fw={600}>
            {byId === "" ? texts.surveys.ofCustomer : texts.surveys.answersOf(isolated(byName))}
          </Text>
          <Facts
            facts={answers.map(({ question, kind, value }) => [
              question[language],
              answerText(kind, value, texts),
            ])}
          />
        </div>
      ))}
    </Stack>
  );
}

function answerText(
  kind: SurveyAnswers["answers"][number]["kind"],
  value: string,
  { surveys }: Texts,
): string {
  if (kind === "scale") return surveys.outOfFive(value);
  if (kind === "yes-no") return value === "yes" ? surveys.values.yes : surveys.values.no;
  return value;
}
