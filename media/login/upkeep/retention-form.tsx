import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { RetentionSettings } from "@handrail/protocol/upkeep";
import { useState } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";

type Field = keyof RetentionSettings;

const fields: readonly Field[] = ["recordingDays", "snapshotDays", "minimumFreeGigabytes"];
/** Largest values that the appliance takes. */
const most: Readonly<Record<Field, number>> = {
  recordingDays: 36_500,
  snapshotDays: 36_500,
  minimumFreeGigabytes: 100_000,
};

/** How long the site keeps what sessions leave; an empty field is for ever. */
export function RetentionForm(props: {
  settings: RetentionSettings;
  done: (text: string) => void;
}) {
  const { settings, done } = props;
  const texts = useTexts();
  const { upkeep: words } = texts;
  const { api } = useSite();
  const [typed, setTyped] = useState(() => typedOf(settings));
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.upkeep.changeRetention(settingsOf(typed));
    done(words.saved);
  });
  const hints = {
    recordingDays: words.daysHint,
    snapshotDays: words.daysHint,
    minimumFreeGigabytes: words.minimumFreeHint,
  };
  const labels = {
    recordingDays: words.recordingDays,
    snapshotDays: words.snapshotDays,
    minimumFreeGigabytes: words.minimumFree,
  };
  const isGood = fields.every((field) => isGoodNumber(typed[field], most[field]));
  const isShorter = fields.some((field) => isStricter(field, settingsOf(typed), settings));
  return (
    <Section title={words.retention}>
      <form onSubmit={submit}>
        <Stack maw={520}>
          <Text>{words.retentionText}</Text>
          {fields.map((field) => (
            <TextInput
              key={field}
              label={labels[field]}
              description={hints[field]}
              inputMode="numeric"
              autoComplete="off"
              value={typed[field]}
              error={!isGoodNumber(typed[field], most[field]) && words.number(1, most[field])}
              onChange={({ currentTarget: { value } }) => setTyped({ ...typed, [field]: value })}
            />
          ))}
          {isGood && isShorter && (
            <Alert color="yellow" role="status" variant="light">
              {words.sure}
            </Alert>
          )}
          <Failure error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy} disabled={!isGood}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** What stands in the fields; an empty one is no limit. */
function typedOf(settings: RetentionSettings): Record<Field, string> {
  const text = (field: Field) => String(settings[field] ?? "");
  return {
    recordingDays: text("recordingDays"),
    snapshotDays: text("snapshotDays"),
    minimumFreeGigabytes: text("minimumFreeGigabytes"),
  };
}

/** What the fields say. */
function settingsOf(typed: Readonly<Record<Field, string>>): RetentionSettings {
  const written = fields.filter((field) => typed[field].trim() !== "");
  return Object.fromEntries(written.map((field) => [field, Number(typed[field])]));
}

/** Empty, or a whole number that the appliance takes. */
function isGoodNumber(typed: string, largest: number): boolean {
  const text = typed.trim();
  return text === "" || (/^[0-9]{1,6}$/.test(text) && Number(text) >= 1 && Number(text) <= largest);
}

/** Whether more may be deleted by it than before. */
function isStricter(field: Field, now: RetentionSettings, before: RetentionSettings): boolean {
  const [wanted, had] = [now[field], before[field]];
  if (wanted === undefined) return false;
  if (had === undefined) return true;
  return field === "minimumFreeGigabytes" ? wanted > had : wanted < had;
}
