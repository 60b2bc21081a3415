import type { MachineFault, NetworkSettings, NetworkState } from "@handrail/protocol/upkeep";
import { Anchor, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { AskedDialog, DialogButtons } from "../dialog-parts.tsx";
import { Facts } from "../facts.tsx";
import { useTexts } from "../language.tsx";
import { isNoAnswer } from "../no-answer.ts";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { MachineFailure, useFieldFault } from "./fault.tsx";
import { LinesField } from "./lines-field.tsx";
import { draftOf, type NetworkDraft, newPlace, settingsOf } from "./network-draft.ts";

/** What is said beside a field, and not below the form. */
const fieldFaults: MachineFault[] = [
  ...(["bad-address", "address-taken"] as const),
  ...(["bad-gateway", "gateway-outside", "bad-name-server"] as const),
];

/**
 * The machine's network and the form that changes it. `done`: the machine has taken it, and waits to
 * be told to keep it; `gone`: it does not answer here any more, and is to be found there, if anywhere.
 */
export function NetworkForm(props: {
  network: NetworkState;
  done: () => void;
  gone: (place: string | undefined) => void;
}) {
  const { network, done, gone } = props;
  const { network: words } = useTexts().machine;
  const { api } = useSite();
  const [draft, setDraft] = useState(() => draftOf(network));
  const [asked, setAsked] = useState<NetworkSettings>();
  const change = useSubmit(async () => {
    const settings = settingsOf(draft);
    try {
      await api.machine.setNetwork(settings);
      done();
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      gone(newPlace(settings, location));
    } finally {
      setAsked(undefined);
    }
  });
  return (
    <Section id="network" title={words.title}>
      <Stack>
        <Present network={network} />
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setAsked(settingsOf(draft));
          }}
        >
          <Stack maw={620}>
            <Fields {...{ draft, error: change.error }} set={setDraft} />
            <MachineFailure error={change.error} inFields={fieldFaults} />
            <Group>
              <Button type="submit" loading={change.isBusy}>
                {words.change}
              </Button>
            </Group>
          </Stack>
        </form>
      </Stack>
      <AskedDialog asked={asked} title={() => words.question} cancel={() => setAsked(undefined)}>
        {(settings) => (
          <form onSubmit={change.submit}>
            <Stack>
              <Text>{words.questionText}</Text>
              <NewPlace place={newPlace(settings, location)} />
              <DialogButtons
                cancel={() => setAsked(undefined)}
                isBusy={change.isBusy}
                submit={words.use}
              />
            </Stack>
          </form>
        )}
      </AskedDialog>
    </Section>
  );
}

/** Where the page will be, as far as that is known. */
export function NewPlace({ place }: { place: string | undefined }) {
  const { network: words } = useTexts().machine;
  if (place === undefined) return <Text>{words.byNetwork}</Text>;
  return (
    <Text>
      {words.newAddress} <Anchor href={place}>{place}</Anchor>
    </Text>
  );
}

/** What each interface has, whoever gave it. */
function Present({ network }: { network: NetworkState }) {
  const { network: words } = useTexts().machine;
  const interfaces = network.interfaces.map(({ name, isUp, addresses }) =>
    isUp ? words.up(name, addresses.join(", ")) : words.down(name),
  );
  return (
    <Facts
      facts={[
        [
          words.interfaces,
          interfaces.length > 0 && (
            <ul key="i" className="plain">
              {interfaces.map((each) => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          ),
        ],
        [words.gateways, network.gateways.join(", ")],
        [words.nameServers, network.nameServers.join(", ")],
      ]}
    />
  );
}

/** How addresses come, and what fixed ones consist of; a fault stands at the field that it is about. */
function Fields(props: {
  draft: NetworkDraft;
  error: unknown;
  set: (draft: NetworkDraft) => void;
}) {
  const { draft, error, set } = props;
  const { network: words } = useTexts().machine;
  const fault = useFieldFault(error);
  return (
    <>
      <NativeSelect
        label={words.method}
        value={draft.method}
        data={(["dhcp", "static"] as const).map((value) => ({
          value,
          label: words.methods[value],
        }))}
        onChange={({ currentTarget: { value } }) =>
          set({ ...draft, method: value === "static" ? "static" : "dhcp" })
        }
      />
      {draft.method === "static" && (
        <>
          <LinesField
            label={words.addresses}
            hint={words.addressesHint}
            value={draft.addresses}
            error={fault("bad-address", "address-taken")}
            isRequired
            onText={(addresses) => set({ ...draft, addresses })}
          />
          <LinesField
            label={words.gatewaysField}
            hint={words.gatewaysHint}
            value={draft.gateways}
            error={fault("bad-gateway", "gateway-outside")}
            onText={(gateways) => set({ ...draft, gateways })}
          />
          <LinesField
            label={words.nameServersField}
            value={draft.nameServers}
            error={fault("bad-name-server")}
            onText={(nameServers) => set({ ...draft, nameServers })}
          />
          <TextInput
            type="number"
            label={words.vlan}
            description={words.vlanHint}
            value={draft.vlan}
            min={1}
            max={4094}
            onChange={({ currentTarget }) => set({ ...draft, vlan: currentTarget.value })}
          />
        </>
      )}
    </>
  );
}
