import { Button, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Api } from "./api.ts";
import { RestoreFront } from "./backup/restore-form.tsx";
import { Failure, fieldFailure } from "./failure.tsx";
import { Front } from "./front.tsx";
import { useTexts } from "./language.tsx";
import { nameFault, shownNameFault } from "./name-fault.ts";
import { isGoodPassword, NewPasswordField } from "./password-field.tsx";
import { useSubmit } from "./use-submit.ts";

/** Makes the first administrator, or takes a backup, with the code that the appliance showed. */
export function SetUp({ siteName, done }: { siteName: string; done: () => void }) {
  const [isRestoring, setIsRestoring] = useState(false);
  if (isRestoring) return <RestoreFront siteName={siteName} back={() => setIsRestoring(false)} />;
  return <FirstAdministrator {...{ siteName, done }} restore={() => setIsRestoring(true)} />;
}

function FirstAdministrator(props: { siteName: string; done: () => void; restore: () => void }) {
  const { siteName, done, restore } = props;
  const texts = useTexts();
  const [form, setForm] = useState({ code: "", name: "", displayName: "", password: "" });
  const { error, isBusy, submit } = useSubmit(async () => {
    await new Api().setUp(form);
    done();
  });
  const field = (name: keyof typeof form, fault?: string) => ({
    value: form[name],
    error: fault ?? fieldFailure(error, name, texts),
    required: true,
    onChange: ({ currentTarget: { value } }: { currentTarget: { value: string } }) =>
      setForm((before) => ({ ...before, [name]: value })),
  });
  const areGood = !nameFault(form.name, texts) && !shownNameFault(form.displayName, texts);
  const hasFieldFailure = Object.keys(form).some((name) => fieldFailure(error, name, texts));
  return (
    <Front siteName={siteName} title={texts.setUp.title} text={texts.setUp.text}>
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label={texts.setUp.code}
            description={texts.setUp.codeHint}
            autoComplete="off"
            autoFocus
            maxLength={64}
            classNames={{ input: "code-input" }}
            {...field("code")}
          />
          <TextInput
            label={texts.form.name}
            description={texts.form.nameHint}
            autoComplete="username"
            autoCapitalize="none"
            {...field("name", nameFault(form.name, texts))}
          />
          <TextInput
            label={texts.form.displayName}
            description={texts.form.displayNameHint}
            autoComplete="name"
            {...field("displayName", shownNameFault(form.displayName, texts))}
          />
          <NewPasswordField
            label={texts.form.password}
            name={form.name}
            value={form.password}
            error={fieldFailure(error, "password", texts)}
            onChange={(password) => setForm((before) => ({ ...before, password }))}
          />
          {error !== undefined && !hasFieldFailure && <Failure error={error} />}
          <Button
            type="submit"
            size="md"
            loading={isBusy}
            disabled={!isGoodPassword(form.password, form.name) || !areGood}
          >
            {texts.setUp.submit}
          </Button>
          <Button variant="subtle" onClick={restore}>
            {texts.backups.restore.offer}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}
