import { Text } from "@mantine/core";
import { useTexts } from "../language.tsx";
import type { Trouble } from "./api.ts";

/**
 * Why a letter did not go: in the reader's words, then in those of the server, which say what only the
 * server knows (a quota, a list of the blocked).
 */
export function TroubleText({ trouble }: { trouble: Trouble }) {
  const { line, mail: words } = useTexts();
  const { answer, fault } = trouble;
  const faults: Readonly<Record<Trouble["fault"], string>> = { ...line.faults, ...words.faults };
  return (
    <>
      <Text size="sm">{words.because(faults[fault])}</Text>
      {answer !== undefined && (
        <Text size="sm">
          {words.answer} <span className="code">{answer}</span>
        </Text>
      )}
    </>
  );
}
