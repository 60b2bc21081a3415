import { Button, Checkbox, Group, NativeSelect, Stack, Text } from "@mantine/core";
import {
  type CipherName,
  cipherNames,
  defaultTlsSettings,
  tlsFault,
  type TlsSettings,
} from "@handrail/protocol";
import { useId, useState } from "react";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { Certificate } from "./api.ts";

/** What may be the oldest; 1.2 is always on. */
const oldestVersions = ["TLSv1.2", "TLSv1.1", "TLSv1"] as const;

/** A cipher of the list, chosen or not. */
interface Line {
  readonly name: CipherName;
  readonly isOn: boolean;
}

/** How the appliance takes TLS. */
export function TlsSection(props: { certificate: Certificate; done: (text: string) => void }) {
  const { certificate, done } = props;
  const texts = useTexts();
  const { tls: words } = texts.certificate;
  const { api } = useSite();
  const [wanted, setWanted] = useState(certificate.tls);
  const [lines, setLines] = useState(() => linesOf(certificate.tls));
  const settings = { ...wanted, ciphers: lines.flatMap(({ name, isOn }) => (isOn ? [name] : [])) };
  const fault = tlsFault(settings, certificate.facts.key.startsWith("RSA") ? "rsa" : "ec");
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.certificate.changeTls(settings);
    done(words.saved);
  });
  const standard = () => {
    setWanted(defaultTlsSettings);
    setLines(linesOf(defaultTlsSettings));
  };
  return (
    <Section id="tls" title={words.title}>
      <form onSubmit={submit}>
        <Stack>
          <Text c="dimmed">{words.text}</Text>
          <Versions settings={wanted} set={setWanted} />
          <Ciphers lines={lines} set={setLines} />
          {fault !== undefined && (
            <Text c="red" role="alert">
              {words.faults[fault]}
            </Text>
          )}
          <Failure error={error} />
          <Group>
            <Button type="submit" loading={isBusy} disabled={fault !== undefined}>
              {texts.save}
            </Button>
            <Button variant="default" onClick={standard}>
              {words.standard}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

/** The oldest version that is taken, and whether the newest is. */
function Versions(props: { settings: TlsSettings; set: (settings: TlsSettings) => void }) {
  const { settings, set } = props;
  const { tls: words } = useTexts().certificate;
  return (
    <>
      <NativeSelect
        label={words.oldest}
        value={settings.oldest}
        data={oldestVersions.map((each) => ({ value: each, label: words.versions[each] }))}
        onChange={({ currentTarget }) => {
          const oldest = oldestVersions.find((each) => each === currentTarget.value);
          if (oldest) set({ ...settings, oldest });
        }}
      />
      <Checkbox
        label={words.newest}
        checked={settings.newest === "TLSv1.3"}
        onChange={({ currentTarget }) =>
          set({ ...settings, newest: currentTarget.checked ? "TLSv1.3" : "TLSv1.2" })
        }
      />
    </>
  );
}

/** The ciphers in their order, each of which can be moved and turned off. */
function Ciphers({ lines, set }: { lines: readonly Line[]; set: (lines: Line[]) => void }) {
  const { tls: words } = useTexts().certificate;
  const label = useId();
  const turn = (at: number, isOn: boolean) =>
    set(lines.map((line, i) => (i === at ? { ...line, isOn } : line)));
  const move = (at: number, by: number) => {
    const moved = [...lines];
    moved.splice(at + by, 0, ...moved.splice(at, 1));
    set(moved);
  };
  return (
    <div role="group" aria-labelledby={label}>
      <Text size="sm" fw={500} id={label}>
        {words.ciphers}
      </Text>
      <ol className="lines">
        {lines.map(({ name, isOn }, at) => (
          <li key={name} className="shell-line">
            <Checkbox
              label={<span className="code">{name}</span>}
              checked={isOn}
              onChange={({ currentTarget }) => turn(at, currentTarget.checked)}
            />
            <Group gap="xs" wrap="nowrap">
              <Button
                variant="default"
                size="compact-sm"
                aria-label={words.up(name)}
                disabled={at === 0}
                onClick={() => move(at, -1)}
              >
                ↑
              </Button>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={words.down(name)}
                disabled={at === lines.length - 1}
                onClick={() => move(at, 1)}
              >
                ↓
              </Button>
            </Group>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The chosen ciphers in their order, then the others. */
function linesOf({ ciphers }: TlsSettings): Line[] {
  const others = cipherNames.filter((name) => !ciphers.includes(name));
  return [
    ...ciphers.map((name) => ({ name, isOn: true })),
    ...others.map((name) => ({ name, isOn: false })),
  ];
}
