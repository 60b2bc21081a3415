import { Alert, NativeSelect, PasswordInput, TextInput } from "@mantine/core";
import { mailSecurities } from "@handrail/protocol/upkeep";
import { fieldFailure, isAt } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { LineField } from "../line-field.tsx";
import { TrustFields } from "../line/trust-fields.tsx";
import { type Security, usualPorts } from "./draft.ts";
import type { PartProps } from "./form.tsx";

/** Which server takes mail, how it is reached, and as whom. */
export function ServerFields(props: PartProps & { hasPassword: boolean }) {
  const { hasPassword, ...part } = props;
  const { draft, set, error } = part;
  return (
    <>
      <SecurityField {...part} />
      {draft.security !== "off" && <PlaceFields {...part} />}
      {(draft.security === "starttls" || draft.security === "tls") && (
        <TrustFields field="mail.trust" {...{ draft, set, error }} />
      )}
      {draft.security !== "off" && <SignInFields {...part} hasPassword={hasPassword} />}
    </>
  );
}

/** How mail is kept from being read on the way, or that none is sent. */
function SecurityField({ draft, set }: PartProps) {
  const { mail: words } = useTexts();
  const ways: readonly Security[] = ["off", ...mailSecurities];
  return (
    <>
      <NativeSelect
        label={words.security}
        value={draft.security}
        data={ways.map((each) => ({ value: each, label: words.securities[each] }))}
        onChange={({ currentTarget }) => {
          const security = ways.find((each) => each === currentTarget.value) ?? "off";
          // A port that somebody has typed stays; the usual one goes with the way.
          const isUsual = draft.port === usualPorts[draft.security];
          set({ security, ...(isUsual ? { port: usualPorts[security] } : {}) });
        }}
      />
      {draft.security === "none" && (
        <Alert color="red" role="alert" variant="light">
          {words.insecure}
        </Alert>
      )}
    </>
  );
}

/** Where the server is. */
function PlaceFields({ draft, set, error }: PartProps) {
  const texts = useTexts();
  const { line } = texts;
  return (
    <>
      <LineField
        label={line.host}
        value={draft.host}
        maxLength={300}
        error={fieldFailure(error, "mail.host", texts)}
        onText={(host) => set({ host })}
      />
      <TextInput
        type="number"
        label={line.port}
        value={draft.port}
        min={1}
        max={65535}
        required
        onChange={({ currentTarget }) => set({ port: currentTarget.value })}
      />
    </>
  );
}

/**
 * The name and the password at the server. The password is never shown again: an empty field keeps it, as
 * long as the server, its certificate and the name are the ones it was typed for.
 */
function SignInFields({ draft, set, error, hasPassword }: PartProps & { hasPassword: boolean }) {
  const texts = useTexts();
  const { mail: words } = texts;
  return (
    <>
      <TextInput
        label={words.user}
        description={words.userHint}
        value={draft.user}
        error={fieldFailure(error, "mail.user", texts)}
        maxLength={256}
        autoComplete="off"
        onChange={({ currentTarget }) => set({ user: currentTarget.value })}
      />
      {/* Nobody signs in with a password alone. */}
      {draft.user !== "" && (
        <PasswordInput
          label={words.password}
          {...(hasPassword ? { description: words.passwordKept } : {})}
          value={draft.password}
          error={isAt(error, "mail.password") && words.passwordAgain}
          required={!hasPassword}
          maxLength={1024}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": texts.password.show }}
          onChange={({ currentTarget }) => set({ password: currentTarget.value })}
        />
      )}
    </>
  );
}
