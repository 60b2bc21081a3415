import type { TimeSettings } from "@handrail/protocol/upkeep";
import { NativeSelect } from "@mantine/core";
import { useState } from "react";
import { namesOf } from "../certificate/names-field.tsx";
import { Facts } from "../facts.tsx";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { ClockText } from "../upkeep/clock-text.tsx";
import { useSubmit } from "../use-submit.ts";
import { useFieldFault } from "./fault.tsx";
import { LinesField } from "./lines-field.tsx";
import { type FormProps, SettingForm } from "./small-forms.tsx";

/** The zone that the machine's log and console use, and the servers that its clock follows. */
export function TimeForm({ value, done }: FormProps<TimeSettings>) {
  const { time: words } = useTexts().machine;
  const { api } = useSite();
  const [zone, setZone] = useState(value.zone);
  const [servers, setServers] = useState(value.ntpServers.join("\n"));
  const submission = useSubmit(async () => {
    await api.machine.setTime({ zone, ntpServers: namesOf(servers) });
    done();
  });
  const fault = useFieldFault(submission.error);
  return (
    <SettingForm
      id="time"
      title={words.title}
      submission={submission}
      faults={["unknown-zone", "bad-ntp-server"]}
    >
      <Facts facts={[[words.clock, <ClockText key="c" />]]} />
      <NativeSelect
        label={words.zone}
        value={zone}
        data={zonesWith(value.zone)}
        error={fault("unknown-zone")}
        onChange={({ currentTarget }) => setZone(currentTarget.value)}
      />
      <LinesField
        label={words.servers}
        hint={words.serversHint}
        value={servers}
        error={fault("bad-ntp-server")}
        onText={setServers}
      />
    </SettingForm>
  );
}

/** Those that the browser knows, UTC, and the one in force, which it may call otherwise. */
function zonesWith(present: string): string[] {
  const zones = new Set([present, "Etc/UTC", ...Intl.supportedValuesOf("timeZone")]);
  return [...zones].toSorted((a, b) => a.localeCompare(b));
}
