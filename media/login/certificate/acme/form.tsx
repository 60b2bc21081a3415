import {
  Anchor,
  Checkbox,
  Fieldset,
  NativeSelect,
  PasswordInput,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import {
  type AcmeFault,
  acmeProofs,
  type AcmeSettings,
  type AcmeView,
  usualAcmeDirectory,
} from "@handrail/protocol/upkeep";
import { useState } from "react";
import { DialogButtons, type DialogEnd } from "../../dialog-parts.tsx";
import { Failure, fieldFailure } from "../../failure.tsx";
import { useTexts } from "../../language.tsx";
import { LineField } from "../../line-field.tsx";
import { useSite } from "../../site.ts";
import { useSubmit } from "../../use-submit.ts";
import { namesOf } from "../names-field.tsx";
import { PemField } from "../upload.tsx";
import { AcmeFaultAlert } from "./fault.tsx";

/** What stands in the form; names as they are typed. */
type Draft = Omit<AcmeSettings, "names"> & {
  readonly names: string;
  readonly externalKey: string;
  readonly acceptsTerms: boolean;
};

function draftOf({ settings, suggestedNames }: AcmeView): Draft {
  return {
    directory: settings?.directory ?? usualAcmeDirectory,
    names: (settings?.names ?? suggestedNames).join("\n"),
    contact: settings?.contact ?? "",
    proof: settings?.proof ?? acmeProofs[0],
    authority: settings?.authority ?? "",
    externalKeyId: settings?.externalKeyId ?? "",
    externalKey: "",
    // Whoever has other settings taken says so once more.
    acceptsTerms: false,
  };
}

/** From where the certificate is got, and how; the directory is asked before it is taken. */
export function AcmeForm({ view, cancel, done }: DialogEnd & { view: AcmeView }) {
  const { acme: words } = useTexts().certificate;
  const { api } = useSite();
  const [draft, setDraft] = useState(() => draftOf(view));
  const [fault, setFault] = useState<AcmeFault>();
  const { error, isBusy, submit } = useSubmit(async () => {
    setFault(undefined);
    const { externalKey, names, ...rest } = draft;
    const key = externalKey.trim() === "" ? {} : { externalKey: externalKey.trim() };
    const answer = await api.certificate.setAcme({ ...rest, ...key, names: namesOf(names) });
    if (answer.ok) done(words.saved);
    else setFault(answer.fault);
  });
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const terms = fault?.reason === "terms" ? fault.about : undefined;
  return (
    <form onSubmit={submit}>
      <Stack>
        <PlaceFields {...{ draft, set, error }} />
        <AccountFields {...{ draft, set, error }} hasKey={view.hasExternalKey} />
        {fault && <AcmeFaultAlert fault={fault} />}
        {terms !== undefined && /^https?:/.test(terms) && (
          <Anchor href={terms} target="_blank" rel="noreferrer">
            {words.readTerms}
          </Anchor>
        )}
        <Checkbox
          label={words.terms}
          checked={draft.acceptsTerms}
          onChange={({ currentTarget }) => set({ acceptsTerms: currentTarget.checked })}
        />
        <Failure error={error} />
        <DialogButtons
          cancel={cancel}
          isBusy={isBusy}
          isReady={draft.directory.trim() !== "" && namesOf(draft.names).length > 0}
          submit={words.save}
        />
      </Stack>
    </form>
  );
}

/** What every part of the form works on. */
interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly error: unknown;
}

/** Which directory, for which names, and how it looks whose they are. */
function PlaceFields({ draft, set, error }: PartProps) {
  const texts = useTexts();
  const { acme: words } = texts.certificate;
  return (
    <>
      <LineField
        label={words.directory}
        value={draft.directory}
        maxLength={500}
        error={fieldFailure(error, "directory", texts)}
        isFirst
        onText={(directory) => set({ directory, acceptsTerms: false })}
      />
      <Textarea
        label={words.names}
        description={words.namesHint}
        error={fieldFailure(error, "names", texts)}
        value={draft.names}
        required
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        onChange={({ currentTarget }) => set({ names: currentTarget.value })}
      />
      <TextInput
        label={words.contact}
        description={words.contactHint}
        error={fieldFailure(error, "contact", texts)}
        value={draft.contact}
        type="email"
        maxLength={200}
        onChange={({ currentTarget }) => set({ contact: currentTarget.value })}
      />
      <NativeSelect
        label={words.proof}
        value={draft.proof}
        data={acmeProofs.map((value) => ({ value, label: words.proofs[value] }))}
        onChange={({ currentTarget }) => {
          const proof = acmeProofs.find((each) => each === currentTarget.value);
          if (proof) set({ proof });
        }}
      />
    </>
  );
}

/** What only directories of one's own, and those that know their customers, need. */
function AccountFields({ draft, set, error, hasKey }: PartProps & { hasKey: boolean }) {
  const texts = useTexts();
  const { acme: words } = texts.certificate;
  return (
    <>
      <PemField
        label={words.authority}
        hint={words.authorityHint}
        value={draft.authority}
        onText={(authority) => set({ authority })}
      />
      <Fieldset legend={words.external}>
        <Stack gap="sm">
          <TextInput
            label={words.externalKeyId}
            description={words.externalKeyIdHint}
            error={fieldFailure(error, "externalKeyId", texts)}
            value={draft.externalKeyId}
            maxLength={500}
            autoComplete="off"
            onChange={({ currentTarget }) => set({ externalKeyId: currentTarget.value })}
          />
          <PasswordInput
            label={words.externalKey}
            {...(hasKey ? { description: words.externalKeyKept } : {})}
            error={fieldFailure(error, "externalKey", texts)}
            value={draft.externalKey}
            maxLength={1000}
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": texts.password.show }}
            onChange={({ currentTarget }) => set({ externalKey: currentTarget.value })}
          />
        </Stack>
      </Fieldset>
    </>
  );
}
