import {
  Alert,
  Button,
  CopyButton,
  Group,
  NativeSelect,
  PasswordInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import type { BackupTarget, BackupTargetOutcome } from "@handrail/protocol/upkeep";
import { useState } from "react";
import { Failure, fieldFailure } from "../failure.tsx";
import { fingerprintText } from "../format.ts";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { TrustFields } from "../line/trust-fields.tsx";
import { useSubmit } from "../use-submit.ts";
import { draftOf, formOf, type TargetDraft } from "./target-draft.ts";

/** What every part of the form works on. */
interface PartProps {
  readonly draft: TargetDraft;
  readonly set: (change: Partial<TargetDraft>) => void;
  readonly error?: unknown;
}

const kinds = ["off", "sftp", "s3"] as const;
const signIns = ["key", "password"] as const;

/**
 * Where backups are to be sent. What stands here can be tried before it holds; the keys of servers
 * are confirmed from what a try has shown.
 */
export function TargetForm(props: {
  target: BackupTarget | undefined;
  publicKey: string;
  done: () => void;
}) {
  const { target, publicKey } = props;
  const { backups } = useTexts();
  const words = backups.target;
  const { api } = useSite();
  const [draft, setDraft] = useState(() => draftOf(target));
  const [outcome, setOutcome] = useState<BackupTargetOutcome>();
  const form = formOf(draft);
  const saving = useSubmit(async () => {
    await api.backupTarget.change(form);
    setDraft({ ...draft, secret: "" });
    props.done();
  });
  const trying = useSubmit(async () => {
    setOutcome(undefined);
    if (form) setOutcome(await api.backupTarget.try(form));
  });
  const set = (change: Partial<TargetDraft>) => {
    setDraft({ ...draft, ...change });
    // What came of a try says nothing about another target.
    setOutcome(undefined);
  };
  const error = saving.error ?? trying.error;
  const isKept = target?.kind === draft.kind;
  return (
    <form onSubmit={saving.submit}>
      <Stack maw={620}>
        <Choice
          label={words.where}
          value={draft.kind}
          options={kinds}
          words={words.kinds}
          onChoice={(kind) => set({ kind })}
        />
        {draft.kind === "sftp" && <SftpFields {...{ draft, set, error, publicKey, isKept }} />}
        {draft.kind === "s3" && <S3Fields {...{ draft, set, error, isKept }} />}
        <Failure error={error} />
        <OutcomeAlert outcome={outcome} set={set} />
        <Group>
          <Button type="submit" loading={saving.isBusy}>
            {words.submit}
          </Button>
          {form && (
            <Button variant="default" loading={trying.isBusy} onClick={trying.submit}>
              {words.try}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function SftpFields(props: PartProps & { publicKey: string; isKept: boolean }) {
  const { draft, set, publicKey, isKept } = props;
  const { backups } = useTexts();
  const words = backups.target;
  return (
    <>
      <Line {...props} name="host" label={words.host} />
      <TextInput
        type="number"
        label={words.port}
        value={draft.port}
        min={1}
        max={65535}
        required
        onChange={({ currentTarget }) => set({ port: currentTarget.value })}
      />
      <Line
        {...props}
        name="folder"
        label={words.folder}
        hint={words.folderHint}
        required={false}
      />
      <Line {...props} name="account" label={words.account} />
      <Choice
        label={words.signIn}
        value={draft.signIn}
        options={signIns}
        words={words.signIns}
        onChoice={(signIn) => set({ signIn })}
      />
      {draft.signIn === "key" ? (
        <PublicKey text={publicKey} />
      ) : (
        <Secret {...props} label={words.password} isKept={isKept} />
      )}
      <Line {...props} name="hostKey" label={words.hostKey} hint={words.hostKeyHint} />
    </>
  );
}

function S3Fields(props: PartProps & { isKept: boolean }) {
  const { draft, set, error, isKept } = props;
  const { backups } = useTexts();
  const words = backups.target;
  const isSecure = !/^http:/i.test(draft.endpoint.trim());
  return (
    <>
      <Line {...props} name="endpoint" label={words.endpoint} hint={words.endpointHint} />
      <Line {...props} name="region" label={words.region} />
      <Line {...props} name="bucket" label={words.bucket} />
      <Line
        {...props}
        name="prefix"
        label={words.prefix}
        hint={words.prefixHint}
        required={false}
      />
      <Line {...props} name="accessKey" label={words.accessKey} />
      <Secret {...props} label={words.secret} isKept={isKept} />
      {isSecure && <TrustFields field="target.trust" {...{ draft, set, error }} />}
    </>
  );
}

type LineName = "host" | "folder" | "account" | "hostKey" | S3LineName;
type S3LineName = "endpoint" | "region" | "bucket" | "prefix" | "accessKey";

function Line(
  props: PartProps & { name: LineName; label: string; hint?: string; required?: boolean },
) {
  const { draft, set, error, name, label, hint, required = true } = props;
  const texts = useTexts();
  const field = `target.${name === "account" ? "name" : name}`;
  return (
    <TextInput
      label={label}
      {...(hint === undefined ? {} : { description: hint })}
      value={draft[name]}
      error={fieldFailure(error, field, texts)}
      required={required}
      maxLength={500}
      autoComplete="off"
      spellCheck={false}
      onChange={({ currentTarget }) => set({ [name]: currentTarget.value })}
    />
  );
}

function Secret({
  draft,
  set,
  error,
  label,
  isKept,
}: PartProps & { label: string; isKept: boolean }) {
  const texts = useTexts();
  const { target: words } = texts.backups;
  return (
    <PasswordInput
      label={label}
      {...(isKept ? { description: words.kept } : {})}
      value={draft.secret}
      error={fieldFailure(error, "secret", texts)}
      required={!isKept}
      maxLength={1024}
      autoComplete="off"
      visibilityToggleButtonProps={{ "aria-label": words.show }}
      onChange={({ currentTarget }) => set({ secret: currentTarget.value })}
    />
  );
}

function PublicKey({ text }: { text: string }) {
  const { backups } = useTexts();
  const words = backups.target;
  return (
    <div>
      <Text size="sm" fw={500}>
        {words.publicKey}
      </Text>
      <Text size="sm" className="code" mb={4}>
        {text}
      </Text>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? words.copied : words.copy}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

/** What came of a try. What the server has shown can be confirmed, which saves nothing yet. */
function OutcomeAlert(props: {
  outcome: BackupTargetOutcome | undefined;
  set: (change: Partial<TargetDraft>) => void;
}) {
  const { outcome, set } = props;
  const { backups, line } = useTexts();
  const words = backups.target;
  if (!outcome) return null;
  if (outcome.ok) {
    return (
      <Alert color="rail" role="status" variant="light">
        {words.tried}
      </Alert>
    );
  }
  const { fault, fingerprint } = outcome;
  const isKey = fingerprint?.startsWith("SHA256:") ?? false;
  const shown = isKey ? (fingerprint ?? "") : fingerprintText(fingerprint ?? "");
  const take = () => set(isKey ? { hostKey: shown } : { trustBy: "pin", pin: shown });
  return (
    <Alert color="red" role="alert" variant="light">
      <Stack gap="xs" align="start">
        <span>{words.tryFailed(words.faults[fault])}</span>
        {fingerprint !== undefined && (
          <>
            <span>{isKey ? words.shownKey : line.shown}</span>
            <span className="code">{shown}</span>
            <Text size="sm">{line.pinHint}</Text>
            <Button size="compact-sm" variant="default" onClick={take}>
              {isKey ? words.useKey : line.usePin}
            </Button>
          </>
        )}
      </Stack>
    </Alert>
  );
}

function Choice<T extends string>(props: {
  label: string;
  value: T;
  options: readonly T[];
  words: Readonly<Record<T, string>>;
  onChoice: (value: T) => void;
}) {
  const { label, value, options, words, onChoice } = props;
  return (
    <NativeSelect
      label={label}
      value={value}
      data={options.map((each) => ({ value: each, label: words[each] }))}
      onChange={({ currentTarget }) => {
        const chosen = options.find((each) => each === currentTarget.value);
        if (chosen !== undefined) onChoice(chosen);
      }}
    />
  );
}
