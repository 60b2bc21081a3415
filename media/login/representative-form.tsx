import { Checkbox, Radio, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import type { AccountRole, Representative, Rules } from "./api.ts";
import { Failure, fieldFailure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { isGoodPassword, NewPasswordField } from "./password-field.tsx";
import { nameFault, shownNameFault } from "./name-fault.ts";
import { ChangeFailure, DialogButtons, type DialogEnd } from "./dialog-parts.tsx";
import { RulesEditor } from "./rules-editor.tsx";
import { useSite } from "./site.ts";
import { useSubmit } from "./use-submit.ts";

/** Makes an account. */
export function AddForm({ cancel, done }: DialogEnd) {
  const texts = useTexts();
  const { api } = useSite();
  const [name, setName] = useState("");
  const [displayName, setDisplayName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<AccountRole>("representative");
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.addRepresentative({ name, displayName, password, role });
    done(texts.representatives.added(displayName));
  });
  const fieldError = (field: string) => fieldFailure(error, field, texts);
  const areGood = !nameFault(name, texts) && !shownNameFault(displayName, texts);
  const isOfField = ["name", "displayName", "password"].some((field) => fieldError(field));
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={texts.form.name}
          description={texts.form.nameHint}
          value={name}
          error={nameFault(name, texts) ?? fieldError("name")}
          required
          data-autofocus
          autoComplete="off"
          autoCapitalize="none"
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <DisplayNameField
          value={displayName}
          error={fieldError("displayName")}
          onChange={setDisplayName}
        />
        <RoleField value={role} onChange={setRole} />
        <NewPasswordField
          label={texts.form.password}
          name={name}
          value={password}
          error={fieldError("password")}
          onChange={setPassword}
        />
        {!isOfField && <Failure error={error} />}
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={isGoodPassword(password, name) && areGood}
          submit={texts.representatives.addSubmit}
        />
      </Stack>
    </form>
  );
}

/** Changes an account's name, role and rules; sends only what has changed. */
export function EditForm({ account, cancel, done }: { account: Representative } & DialogEnd) {
  const texts = useTexts();
  const { api } = useSite();
  const [displayName, setDisplayName] = useState(account.displayName);
  const [role, setRole] = useState(account.role);
  const [rules, setRules] = useState<Rules>(account.rules);
  const [editsScripts, setEditsScripts] = useState(account.editsScripts);
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.changeRepresentative(account.id, {
      ...(displayName === account.displayName ? {} : { displayName }),
      ...(role === account.role ? {} : { role }),
      ...(rules === account.rules ? {} : { rules }),
      ...(editsScripts === account.editsScripts ? {} : { editsScripts }),
    });
    done(texts.representatives.changed(displayName));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <DisplayNameField
          value={displayName}
          error={fieldFailure(error, "displayName", texts)}
          onChange={setDisplayName}
        />
        <RoleField value={role} onChange={setRole} />
        <Checkbox
          label={texts.form.editsScripts}
          description={texts.form.editsScriptsHint}
          checked={editsScripts || role === "administrator"}
          disabled={role === "administrator"}
          onChange={({ currentTarget }) => setEditsScripts(currentTarget.checked)}
        />
        <RulesEditor rules={rules} onChange={setRules} />
        <ChangeFailure error={error} />
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={!shownNameFault(displayName, texts)}
          submit={texts.save}
        />
      </Stack>
    </form>
  );
}

function DisplayNameField(props: {
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}) {
  const texts = useTexts();
  return (
    <TextInput
      label={texts.form.displayName}
      description={texts.form.displayNameHint}
      value={props.value}
      error={shownNameFault(props.value, texts) ?? props.error}
      required
      autoComplete="off"
      onChange={({ currentTarget }) => props.onChange(currentTarget.value)}
    />
  );
}

const roles: readonly AccountRole[] = ["representative", "administrator"];

function RoleField(props: { value: AccountRole; onChange: (role: AccountRole) => void }) {
  const texts = useTexts();
  return (
    <Radio.Group
      label={texts.form.role}
      value={props.value}
      onChange={(value) => {
        const role = roles.find((each) => each === value);
        if (role) props.onChange(role);
      }}
    >
      <Stack gap="xs" mt="xs">
        {roles.map((role) => (
          <Radio
            key={role}
            value={role}
            label={texts.roles[role]}
            description={texts.roleHints[role]}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
