import { List, PasswordInput, Stack, Text } from "@mantine/core";
import { useTexts } from "./language.tsx";

const minLength = 12;
const minVariety = 5;

/** What a new password must be; the appliance has the same rules and the last word. */
export function passwordFaults(password: string, name: string) {
  const plain = password.toLowerCase();
  return {
    long: password.length < minLength,
    varied: new Set(plain).size < minVariety,
    foreign: name !== "" && plain.includes(name.toLowerCase()),
  };
}

/** Whether the appliance would take the password. */
export function isGoodPassword(password: string, name: string): boolean {
  return !Object.values(passwordFaults(password, name)).some(Boolean);
}

/** A field for a new password, with its rules and which of them are met. */
export function NewPasswordField(props: {
  label: string;
  value: string;
  /** The account's name, which the password must not contain. */
  name: string;
  error?: string | undefined;
  onChange: (value: string) => void;
}) {
  const { label, value, name, error, onChange } = props;
  const texts = useTexts();
  const faults = passwordFaults(value, name);
  return (
    <Stack gap="xs">
      <PasswordInput
        label={label}
        value={value}
        error={error}
        required
        maxLength={256}
        autoComplete="new-password"
        aria-describedby="password-rules"
        visibilityToggleButtonProps={{ "aria-label": texts.password.show }}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
      <div id="password-rules">
        <Text size="sm" fw={500}>
          {texts.password.rules}
        </Text>
        <List size="sm" listStyleType="none" withPadding={false}>
          {(["long", "varied", "foreign"] as const).map((rule) => (
            <Rule key={rule} text={texts.password[rule]} isMet={value !== "" && !faults[rule]} />
          ))}
        </List>
      </div>
    </Stack>
  );
}

/** A rule with whether it is met, also for those who see no colours. */
function Rule({ text, isMet }: { text: string; isMet: boolean }) {
  const texts = useTexts();
  return (
    <List.Item className="rule" data-met={isMet || undefined}>
      <span aria-hidden className="rule-mark">
        {isMet ? "✓" : "○"}
      </span>
      {text}
      <span className="for-ears">{isMet ? texts.yes : texts.no}</span>
    </List.Item>
  );
}
