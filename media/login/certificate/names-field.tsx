import { Textarea } from "@mantine/core";
import { ApiError } from "../request.ts";
import { useTexts } from "../language.tsx";

/** The names of a certificate, one to a line; says when the appliance has refused one. */
export function NamesField(props: {
  value: string;
  error: unknown;
  onText: (text: string) => void;
}) {
  const { certificate: words } = useTexts();
  const isRefused = isNamesFault(props.error);
  return (
    <Textarea
      label={words.request.names}
      description={words.request.namesHint}
      error={isRefused && words.request.namesWrong}
      value={props.value}
      required
      autosize
      minRows={2}
      maxRows={8}
      spellCheck={false}
      onChange={({ currentTarget }) => props.onText(currentTarget.value)}
    />
  );
}

/** Whether a refusal is about one of the names. */
export function isNamesFault(error: unknown): boolean {
  return error instanceof ApiError && (error.field?.startsWith("names") ?? false);
}

/** The names that were written, one to a line. */
export function namesOf(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
