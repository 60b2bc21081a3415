import { PasswordInput } from "@mantine/core";
import { useTexts } from "../language.tsx";
import { maxPassphraseLength, minPassphraseLength } from "./state.ts";

/** A passphrase that is typed twice. */
export interface TypedPassphrase {
  readonly first: string;
  readonly again: string;
}

/** Nothing typed yet. */
export const untyped: TypedPassphrase = { first: "", again: "" };

/** Whether a backup can be made with it. */
export function isGoodPassphrase({ first, again }: TypedPassphrase): boolean {
  return first.length >= minPassphraseLength && first === again;
}

/** The two fields for a new passphrase. */
export function NewPassphrase(props: {
  label: string;
  hint: string;
  isRequired: boolean;
  error?: string | undefined;
  value: TypedPassphrase;
  onChange: (value: TypedPassphrase) => void;
}) {
  const { label, hint, isRequired, error, value, onChange } = props;
  const { backups: words } = useTexts();
  const isOther = value.again !== "" && value.again !== value.first;
  return (
    <>
      <PassphraseField
        {...{ label, hint, error }}
        isRequired={isRequired}
        value={value.first}
        onText={(first) => onChange({ ...value, first })}
      />
      <PassphraseField
        label={words.again}
        isRequired={isRequired}
        value={value.again}
        error={isOther ? words.notSame : undefined}
        onText={(again) => onChange({ ...value, again })}
      />
    </>
  );
}

/** A field for a passphrase, shown when that is wanted. */
export function PassphraseField(props: {
  label: string;
  hint?: string;
  isRequired: boolean;
  error?: string | undefined;
  value: string;
  onText: (text: string) => void;
}) {
  const { label, hint, isRequired, error, value, onText } = props;
  const { backups: words } = useTexts();
  return (
    <PasswordInput
      label={label}
      {...(hint === undefined ? {} : { description: hint })}
      value={value}
      error={error}
      required={isRequired}
      maxLength={maxPassphraseLength}
      autoComplete="off"
      visibilityToggleButtonProps={{ "aria-label": words.show }}
      onChange={({ currentTarget }) => onText(currentTarget.value)}
    />
  );
}
