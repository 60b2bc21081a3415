import { NativeSelect } from "@mantine/core";
import { PemField } from "../certificate/upload.tsx";
import { fieldFailure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { LineField } from "../line-field.tsx";
import { type TrustDraft, trustWays } from "./trust.ts";

/** Whose certificate is trusted. `field`: what the appliance calls it in a refusal. */
export function TrustFields(props: {
  draft: TrustDraft;
  set: (change: Partial<TrustDraft>) => void;
  error?: unknown;
  field: string;
}) {
  const { draft, set, error, field } = props;
  const texts = useTexts();
  const { line: words } = texts;
  return (
    <>
      <NativeSelect
        label={words.trust}
        value={draft.trustBy}
        data={trustWays.map((each) => ({ value: each, label: words.trusts[each] }))}
        onChange={({ currentTarget }) => {
          const trustBy = trustWays.find((each) => each === currentTarget.value);
          if (trustBy) set({ trustBy });
        }}
      />
      {draft.trustBy === "ca" && (
        <PemField
          label={words.ca}
          value={draft.ca}
          hint={fieldFailure(error, `${field}.ca`, texts)}
          onText={(ca) => set({ ca })}
        />
      )}
      {draft.trustBy === "pin" && (
        <LineField
          label={words.pin}
          value={draft.pin}
          maxLength={200}
          error={fieldFailure(error, `${field}.pin`, texts)}
          onText={(pin) => set({ pin })}
        />
      )}
    </>
  );
}
