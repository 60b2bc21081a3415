import { healthAdvice, healthValueText } from "@handrail/protocol/upkeep";
import { Text } from "@mantine/core";
import { useLanguage, useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { healthFormat } from "./health-format.ts";

/** How it stands with the machine's clock, as the page of health has it. */
export function ClockText() {
  const texts = useTexts();
  const language = useLanguage();
  const { api } = useSite();
  const { value } = useLoad("health", (signal) => api.upkeep.health(signal));
  if (!value) return texts.loading;
  const verdict = value.verdicts.find(({ subject }) => subject === "clock");
  const text = healthValueText("clock", value.reading, healthFormat(language, texts));
  const advice = verdict ? healthAdvice(verdict, language) : "";
  return (
    <>
      {text}
      {advice !== "" && <Text size="sm">{advice}</Text>}
    </>
  );
}
