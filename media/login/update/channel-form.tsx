import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core";
import type { MaintenanceWindow } from "@handrail/protocol/upkeep";
import { useState } from "react";
import { weekdayName } from "../audit/schedule-text.ts";
import { Failure, fieldFailure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { CertificateOffer } from "../line/certificate-offer.tsx";
import { type TrustDraft, trustDraft, trustOf } from "../line/trust.ts";
import { TrustFields } from "../line/trust-fields.tsx";
import { useSite } from "../site.ts";
import { TimeOfDay } from "../time-of-day.tsx";
import { useSubmit } from "../use-submit.ts";
import type { ChannelState, Upkeep } from "./api.ts";

/** What stands in the form. */
type Draft = Omit<Upkeep, "channel"> & TrustDraft & { readonly url: string };

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly error: unknown;
}

/** The week as most people write it, from Monday on. */
const week = [1, 2, 3, 4, 5, 6, 0];

/** Where releases are looked for, and what happens by itself. */
export function ChannelForm({ state, saved }: { state: ChannelState; saved: () => void }) {
  const texts = useTexts();
  const words = texts.updates.channel;
  const { api } = useSite();
  const [draft, setDraft] = useState(() => draftOf(state.settings));
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change });
  const hasChannel = draft.url.trim() !== "";
  const isWindowed = draft.restarts === "in-window" || (hasChannel && draft.installs !== "never");
  const { error, isBusy, submit } = useSubmit(async () => {
    // What is not shown stays as it is.
    const window = isWindowed ? draft.window : state.settings.window;
    await api.updates.changeChannel(upkeepOf({ ...draft, window }));
    // Whoever names a channel wants to know at once whether it can be read.
    if (hasChannel) await api.updates.look();
    saved();
  });
  return (
    <form onSubmit={submit}>
      <Stack maw={620}>
        <Trouble state={state} set={set} />
        <TextInput
          label={words.url}
          description={words.urlHint}
          placeholder="https://"
          value={draft.url}
          error={fieldFailure(error, "channel.url", texts)}
          maxLength={500}
          autoComplete="off"
          onChange={({ currentTarget }) => set({ url: currentTarget.value })}
        />
        {hasChannel && <ChannelFields {...{ draft, set, error }} />}
        <Checkbox
          label={words.restarts}
          description={words.restartsHint}
          checked={draft.restarts === "in-window"}
          onChange={({ currentTarget }) => set({ restarts: wayOf(currentTarget.checked) })}
        />
        {isWindowed && <WindowFields {...{ draft, set, error }} />}
        {isWindowed && <NextWindow state={state} />}
        <Failure error={error} />
        <Group>
          <Button type="submit" loading={isBusy}>
            {texts.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Why the last look failed; a certificate can be trusted from here. */
function Trouble({ state, set }: { state: ChannelState; set: FieldsProps["set"] }) {
  const words = useTexts().updates.channel;
  const language = useLanguage();
  const { trouble } = state;
  if (!trouble) return null;
  const { at, fault, fingerprint } = trouble;
  return (
    <Alert color="red" role="alert" variant="light">
      <Stack gap="xs" align="flex-start">
        {words.trouble(momentText(at, language), words.faults[fault])}
        {fingerprint !== undefined && (
          <CertificateOffer fingerprint={fingerprint} pin={(pin) => set({ trustBy: "pin", pin })} />
        )}
      </Stack>
    </Alert>
  );
}

function ChannelFields({ draft, set, error }: FieldsProps) {
  const words = useTexts().updates.channel;
  return (
    <>
      <TrustFields {...{ draft, set, error }} field="channel.trust" />
      <Checkbox
        label={words.looksDaily}
        checked={draft.looksDaily}
        onChange={({ currentTarget }) => set({ looksDaily: currentTarget.checked })}
      />
      <Checkbox
        label={words.installs}
        description={words.installsHint}
        checked={draft.installs === "in-window"}
        onChange={({ currentTarget }) => set({ installs: wayOf(currentTarget.checked) })}
      />
    </>
  );
}

function WindowFields({ draft, set, error }: FieldsProps) {
  const texts = useTexts();
  const words = texts.updates.channel;
  const language = useLanguage();
  const { window } = draft;
  const change = (part: Partial<MaintenanceWindow>) => set({ window: { ...window, ...part } });
  return (
    <>
      <Checkbox.Group
        label={words.window}
        value={window.days.map(String)}
        error={fieldFailure(error, "window.days", texts)}
        onChange={(days) => change({ days: days.map(Number) })}
      >
        <Group mt="xs">
          {week.map((day) => (
            <Checkbox key={day} value={String(day)} label={weekdayName(day, language)} />
          ))}
        </Group>
      </Checkbox.Group>
      <Group align="flex-start" grow>
        <TimeOfDay
          label={words.from}
          minute={window.fromMinute}
          onMinute={(fromMinute) => change({ fromMinute })}
        />
        <TimeOfDay
          label={words.to}
          minute={window.toMinute}
          error={fieldFailure(error, "window.toMinute", texts)}
          onMinute={(toMinute) => change({ toMinute })}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {words.toHint}
      </Text>
    </>
  );
}

/** Of the settings that hold, not of those that stand in the form. */
function NextWindow({ state: { settings, windowAt } }: { state: ChannelState }) {
  const words = useTexts().updates.channel;
  const language = useLanguage();
  if (settings.installs === "never" && settings.restarts === "never") return null;
  const say = windowAt <= Date.now() ? words.isOpen : words.opensAt;
  return <Text size="sm">{say(momentText(windowAt, language))}</Text>;
}

function wayOf(isOn: boolean): Upkeep["installs"] {
  return isOn ? "in-window" : "never";
}

function draftOf({ channel, ...rest }: Upkeep): Draft {
  return { ...rest, url: channel?.url ?? "", ...trustDraft(channel?.trust) };
}

function upkeepOf({ url, looksDaily, installs, restarts, window, ...trust }: Draft): Upkeep {
  const rest = { looksDaily, installs, restarts, window };
  return url.trim() === "" ? rest : { ...rest, channel: { url, trust: trustOf(trust) } };
}
