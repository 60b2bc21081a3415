import { Textarea } from "@mantine/core";
import type { ReactNode } from "react";

/** A list that is written one to a line. */
export function LinesField(props: {
  label: string;
  hint?: string;
  value: string;
  error: ReactNode;
  isRequired?: boolean;
  onText: (text: string) => void;
}) {
  const { label, hint, value, error, isRequired = false, onText } = props;
  return (
    <Textarea
      label={label}
      description={hint}
      value={value}
      error={error}
      required={isRequired}
      autosize
      minRows={1}
      maxRows={8}
      spellCheck={false}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
