import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";

interface LineFieldProps {
  readonly label: string;
  readonly value: string;
  readonly maxLength: number;
  readonly onText: (text: string) => void;
  readonly error?: ReactNode;
  /** The first of its form, where one begins to write. */
  readonly isFirst?: boolean;
}

/** One line of text that a definition must have. */
export function LineField({ label, value, maxLength, onText, error, isFirst }: LineFieldProps) {
  return (
    <TextInput
      label={label}
      value={value}
      error={error}
      required
      data-autofocus={isFirst}
      autoComplete="off"
      maxLength={maxLength}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
