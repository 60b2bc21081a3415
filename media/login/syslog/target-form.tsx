import { Button, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import { useState } from "react";
import { Failure, fieldFailure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { type TrustDraft, trustDraft, trustOf } from "../line/trust.ts";
import { TrustFields } from "../line/trust-fields.tsx";
import { LineField } from "../line-field.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { facilities, type SyslogTarget, type TestOutcome, transports } from "./api.ts";
import { OutcomeAlert } from "./outcome-alert.tsx";

type Transport = SyslogTarget["transport"] | "off";

/** What stands in the form; what another transport needs stays while one chooses. */
interface Draft extends TrustDraft {
  readonly transport: Transport;
  readonly host: string;
  readonly port: string;
  readonly facility: SyslogTarget["facility"];
}

/** Sources: RFC 5426 (UDP), the registry of IANA (syslog-conn), RFC 5425 (TLS). */
const usualPorts: Readonly<Record<Transport, string>> = {
  off: "",
  udp: "514",
  tcp: "601",
  tls: "6514",
};

/**
 * Where the audit log is to be sent. What stands here can be tried before it is saved: a test is sent
 * to the target that is typed, not to the one that is in force.
 */
export function TargetForm(props: { target: SyslogTarget | undefined; done: () => void }) {
  const texts = useTexts();
  const { syslog: words } = texts;
  const { api } = useSite();
  const [draft, setDraft] = useState(() => draftOf(props.target));
  const [outcome, setOutcome] = useState<TestOutcome>();
  const target = targetOf(draft);
  const saving = useSubmit(async () => {
    await api.syslog.change(target);
    props.done();
  });
  const testing = useSubmit(async () => {
    setOutcome(undefined);
    if (target) setOutcome(await api.syslog.test(target));
  });
  const set = (change: Partial<Draft>) => {
    setDraft({ ...draft, ...change });
    // What came of a test says nothing about another target.
    setOutcome(undefined);
  };
  const error = saving.error ?? testing.error;
  return (
    <Section title={words.target}>
      <form onSubmit={saving.submit}>
        <Stack maw={620}>
          <TransportField draft={draft} set={set} />
          {target && <PlaceFields {...{ draft, set, error }} />}
          {draft.transport === "tls" && (
            <TrustFields field="target.trust" {...{ draft, set, error }} />
          )}
          <Failure error={error} />
          <OutcomeAlert outcome={outcome} pin={(pin) => set({ trustBy: "pin", pin })} />
          <Group>
            <Button type="submit" loading={saving.isBusy}>
              {texts.save}
            </Button>
            {target && (
              <Button variant="default" loading={testing.isBusy} onClick={testing.submit}>
                {words.test}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** What every part of the form works on. */
interface PartProps {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly error?: unknown;
}

/** How rows travel, or that they do not. */
function TransportField({ draft, set }: PartProps) {
  const { syslog: words } = useTexts();
  const ways: readonly Transport[] = ["off", ...transports];
  return (
    <NativeSelect
      label={words.transport}
      value={draft.transport}
      data={ways.map((each) => ({ value: each, label: words.transports[each] }))}
      onChange={({ currentTarget }) => {
        const transport = ways.find((each) => each === currentTarget.value) ?? "off";
        // A port that somebody has typed stays; the usual one goes with the way.
        const isUsual = draft.port === usualPorts[draft.transport];
        set({ transport, ...(isUsual ? { port: usualPorts[transport] } : {}) });
      }}
    />
  );
}

/** Which server, and what it files the rows under. */
function PlaceFields({ draft, set, error }: PartProps) {
  const texts = useTexts();
  const { syslog: words } = texts;
  return (
    <>
      <LineField
        label={texts.line.host}
        value={draft.host}
        maxLength={300}
        error={fieldFailure(error, "target.host", texts)}
        onText={(host) => set({ host })}
      />
      <TextInput
        type="number"
        label={texts.line.port}
        value={draft.port}
        min={1}
        max={65535}
        required
        onChange={({ currentTarget }) => set({ port: currentTarget.value })}
      />
      <NativeSelect
        label={words.facility}
        value={draft.facility}
        data={[...facilities]}
        onChange={({ currentTarget }) => {
          const facility = facilities.find((each) => each === currentTarget.value);
          if (facility) set({ facility });
        }}
      />
    </>
  );
}

/** The form for a target. */
function draftOf(target: SyslogTarget | undefined): Draft {
  return {
    transport: target?.transport ?? "off",
    host: target?.host ?? "",
    port: target ? String(target.port) : "",
    facility: target?.facility ?? "local0",
    ...trustDraft(target?.trust),
  };
}

/** What the form says; undefined when nothing is to be sent. The appliance judges it. */
function targetOf({ transport, port, host, facility, ...trust }: Draft): SyslogTarget | undefined {
  if (transport === "off") return undefined;
  const place = { transport, host, port: Number(port), facility };
  return transport === "tls" ? { ...place, trust: trustOf(trust) } : place;
}
