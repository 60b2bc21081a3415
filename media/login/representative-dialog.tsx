import { Modal, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { Representative } from "./api.ts";
import { ChangeFailure, DialogButtons, type DialogEnd } from "./dialog-parts.tsx";
import { Failure, fieldFailure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { isGoodPassword, NewPasswordField } from "./password-field.tsx";
import { AddForm, EditForm } from "./representative-form.tsx";
import { useSite } from "./site.ts";
import { useSubmit } from "./use-submit.ts";

/** What is asked about an account before it is done. */
export type Asked =
  | { readonly what: "add" }
  | { readonly what: "edit" | "password" | "revoke" | "disable"; readonly account: Representative };

/** The dialog for what is asked. */
export function RepresentativeDialog({ asked, ...end }: { asked: Asked } & DialogEnd) {
  const { representatives } = useTexts();
  if (asked.what === "add") {
    return (
      <Dialog title={representatives.add} cancel={end.cancel}>
        <AddForm {...end} />
      </Dialog>
    );
  }
  const { account, what } = asked;
  const titles = {
    edit: representatives.editTitle,
    password: representatives.passwordTitle,
    revoke: representatives.revokeTitle,
    disable: representatives.disableTitle,
  };
  return (
    <Dialog
      title={titles[what](account.displayName)}
      cancel={end.cancel}
      size={what === "edit" ? "xl" : "md"}
    >
      {what === "edit" && <EditForm account={account} {...end} />}
      {what === "password" && <PasswordForm account={account} {...end} />}
      {what === "revoke" && <RevokeForm account={account} {...end} />}
      {what === "disable" && <DisableForm account={account} {...end} />}
    </Dialog>
  );
}

function Dialog(props: { title: string; cancel: () => void; size?: string; children: ReactNode }) {
  const { title, cancel, size = "md", children } = props;
  const texts = useTexts();
  return (
    <Modal
      opened
      centered
      title={<span className="dialog-title">{title}</span>}
      size={size}
      onClose={cancel}
      closeButtonProps={{ "aria-label": texts.close }}
    >
      {children}
    </Modal>
  );
}

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
