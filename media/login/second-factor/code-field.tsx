import { TextInput } from "@mantine/core";
import { fieldFailure } from "../failure.tsx";
import { useTexts } from "../language.tsx";

/**
 * The field for a code of the app; with `error` what the appliance said of it. Browsers and telephones
 * offer a code by themselves where a field is marked as this one.
 */
export function CodeField(props: {
  label: string;
  hint?: string;
  value: string;
  error: unknown;
  isFirst?: boolean;
  onText: (text: string) => void;
}) {
  const { label, hint, value, error, isFirst = false, onText } = props;
  const texts = useTexts();
  return (
    <TextInput
      label={label}
      description={hint}
      value={value}
      error={fieldFailure(error, "code", texts)}
      required
      autoFocus={isFirst}
      autoComplete="one-time-code"
      autoCapitalize="characters"
      spellCheck={false}
      maxLength={64}
      classNames={{ input: "code-input" }}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
