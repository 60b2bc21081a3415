import { Button, Checkbox, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { weekdayName } from "../audit/schedule-text.ts";
import { Failure, fieldFailure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { TimeOfDay } from "../time-of-day.tsx";
import { useSubmit } from "../use-submit.ts";
import { isGoodPassphrase, NewPassphrase, untyped } from "./passphrase.tsx";
import { backupRhythms, type BackupSchedule, type BackupState } from "./state.ts";

/** When backups are made by themselves. */
export function ScheduleForm(props: { state: BackupState; done: (text: string) => void }) {
  const { state, done } = props;
  const texts = useTexts();
  const language = useLanguage();
  const { backups: words } = texts;
  const { api } = useSite();
  const [schedule, setSchedule] = useState(state.schedule);
  const [typed, setTyped] = useState(untyped);
  const isOn = schedule.every !== "off";
  const isUntyped = typed.first === "" && typed.again === "";
  const isReady = !isOn || (isUntyped ? state.hasKey : isGoodPassphrase(typed));
  const { error, isBusy, submit } = useSubmit(async () => {
    const passphrase = isOn && !isUntyped ? { passphrase: typed.first } : {};
    await api.setBackupSchedule({ schedule, ...passphrase });
    setTyped(untyped);
    done(words.saved);
  });
  return (
    <Section title={words.schedule}>
      <form onSubmit={submit}>
        <Stack maw={520}>
          <When schedule={schedule} set={(change) => setSchedule({ ...schedule, ...change })} />
          {isOn && (
            <NewPassphrase
              label={state.hasKey ? words.newPassphrase : words.passphrase}
              hint={state.hasKey ? words.newPassphraseHint : words.passphraseHint}
              isRequired={!state.hasKey}
              error={fieldFailure(error, "passphrase", texts)}
              value={typed}
              onChange={setTyped}
            />
          )}
          {state.nextAt !== undefined && (
            <Text size="sm">{words.next(momentText(state.nextAt, language))}</Text>
          )}
          <Failure error={error} />
          <Group justify="flex-end">
            <Button type="submit" loading={isBusy} disabled={!isReady}>
              {texts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** How often; what belongs to that comes below it. */
function When(props: { schedule: BackupSchedule; set: (change: Partial<BackupSchedule>) => void }) {
  const { schedule, set } = props;
  const { backups: words } = useTexts();
  return (
    <>
      <NativeSelect
        label={words.every}
        value={schedule.every}
        data={backupRhythms.map((each) => ({ value: each, label: words.rhythms[each] }))}
        onChange={({ currentTarget }) => {
          const every = backupRhythms.find((each) => each === currentTarget.value);
          if (every) set({ every });
        }}
      />
      {schedule.every !== "off" && <Details {...props} />}
    </>
  );
}

/** The day, the time and how many are kept. */
function Details(props: {
  schedule: BackupSchedule;
  set: (change: Partial<BackupSchedule>) => void;
}) {
  const { schedule, set } = props;
  const { backups: words } = useTexts();
  const language = useLanguage();
  const days = [1, 2, 3, 4, 5, 6, 0];
  return (
    <>
      {schedule.every === "weekly" && (
        <NativeSelect
          label={words.weekday}
          value={String(schedule.weekday)}
          data={days.map((day) => ({ value: String(day), label: weekdayName(day, language) }))}
          onChange={({ currentTarget }) => set({ weekday: Number(currentTarget.value) })}
        />
      )}
      <TimeOfDay
        label={words.time}
        hint={words.timeHint}
        minute={schedule.minuteOfDay}
        onMinute={(minuteOfDay) => set({ minuteOfDay })}
      />
      <TextInput
        type="number"
        label={words.keep}
        description={words.keepHint}
        value={schedule.keep}
        min={1}
        max={365}
        required
        onChange={({ currentTarget }) => set({ keep: Number(currentTarget.value) })}
      />
      <Checkbox
        label={words.withRecordings}
        description={words.withRecordingsHint}
        checked={schedule.withRecordings}
        onChange={({ currentTarget }) => set({ withRecordings: currentTarget.checked })}
      />
    </>
  );
}
