import { Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { Representative } from "./api.ts";
import { AskedDialog, ChangeFailure, DialogButtons, type DialogEnd } from "./dialog-parts.tsx";
import { Failure, fieldFailure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { isGoodPassword, NewPasswordField } from "./password-field.tsx";
import { AddForm, EditForm } from "./representative-form.tsx";
import { ResetFactorForm } from "./second-factor/reset-form.tsx";
import { useSite } from "./site.ts";
import type { Texts } from "./texts.ts";
import { useSubmit } from "./use-submit.ts";

/** What is asked about an account before it is done. */
export type Asked =
  | { readonly what: "add" }
  | {
      readonly what: "edit" | "password" | "revoke" | "disable" | "second-factor";
      readonly account: Representative;
    };

/** The dialog for what is asked about accounts. */
export function RepresentativeDialog(props: { asked: Asked | undefined } & DialogEnd) {
  const { asked, ...end } = props;
  const texts = useTexts();
  return (
    <AskedDialog
      asked={asked}
      title={(shown) => titleOf(shown, texts)}
      size={({ what }) => (what === "edit" ? "xl" : "md")}
      cancel={end.cancel}
    >
      {(shown) => <DialogForm asked={shown} {...end} />}
    </AskedDialog>
  );
}

function titleOf(asked: Asked, { representatives, secondFactor }: Texts): string {
  if (asked.what === "add") return representatives.add;
  const titles = {
    edit: representatives.editTitle,
    password: representatives.passwordTitle,
    revoke: representatives.revokeTitle,
    disable: representatives.disableTitle,
    "second-factor": secondFactor.resetTitle,
  };
  return titles[asked.what](asked.account.displayName);
}

function DialogForm({ asked, ...end }: { asked: Asked } & DialogEnd) {
  switch (asked.what) {
    case "add":
      return <AddForm {...end} />;
    case "edit":
      return <EditForm account={asked.account} {...end} />;
    case "password":
      return <PasswordForm account={asked.account} {...end} />;
    case "revoke":
      return <RevokeForm account={asked.account} {...end} />;
    case "second-factor":
      return <ResetFactorForm account={asked.account} {...end} />;
    case "disable":
      return <DisableForm account={asked.account} {...end} />;
  }
}

/** A new password, which ends all sign-ins of the account. */
function PasswordForm({ account, cancel, done }: { account: Representative } & DialogEnd) {
  const texts = useTexts();
  const { representatives } = texts;
  const { api } = useSite();
  const [password, setPassword] = useState("");
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.resetPassword(account.id, password);
    done(representatives.passwordWasSet(account.displayName));
  });
  const fieldError = fieldFailure(error, "password", texts);
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{representatives.passwordText}</Text>
        <NewPasswordField
          label={texts.form.password}
          name={account.name}
          value={password}
          error={fieldError}
          onChange={setPassword}
        />
        {fieldError === undefined && <Failure error={error} />}
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={isGoodPassword(password, account.name)}
          submit={representatives.passwordSubmit}
        />
      </Stack>
    </form>
  );
}

/** Asks before somebody is signed out everywhere. */
function RevokeForm({ account, cancel, done }: { account: Representative } & DialogEnd) {
  const { representatives } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.revoke(account.id);
    done(representatives.wasRevoked(account.displayName));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{representatives.revokeText}</Text>
        <Failure error={error} />
        <DialogButtons cancel={cancel} isBusy={isBusy} submit={representatives.revokeSubmit} />
      </Stack>
    </form>
  );
}

/** Asks before an account is disabled. */
function DisableForm({ account, cancel, done }: { account: Representative } & DialogEnd) {
  const { representatives } = useTexts();
  const { api } = useSite();
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.changeRepresentative(account.id, { disabled: true });
    done(representatives.wasDisabled(account.displayName));
  });
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{representatives.disableText}</Text>
        <ChangeFailure error={error} />
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          color="red"
          submit={representatives.disableSubmit}
        />
      </Stack>
    </form>
  );
}
