import { Button, Stack, Text } from "@mantine/core";
import type { Lsid } from "@handrail/protocol";
import { useState } from "react";
import type { ShellRecording } from "./api.ts";
import { Failure } from "./failure.tsx";
import { isolated, momentText, sizeText } from "./format.ts";
import { useLanguage, useTexts } from "./language.tsx";
import { PlayMark } from "./play-mark.tsx";
import { Section } from "./section.tsx";
import { ShellPlayback } from "./shell-playback.tsx";
import { useSite } from "./site.ts";
import { useLoad } from "./use-load.ts";

/** The recorded shells of a session, each to be played; nothing where there are none. */
export function ShellRecordings({ lsid }: { lsid: Lsid }) {
  const { sessions } = useTexts();
  const { api } = useSite();
  const { error, reload, value: shells = [] } = useLoad(lsid, (signal) => api.shells(lsid, signal));
  const [chosen, setChosen] = useState<ShellRecording>();
  if (shells.length === 0 && error === undefined) return null;
  return (
    <Section title={sessions.shells}>
      <Stack gap="sm">
        <Failure error={error} retry={reload} />
        <ol className="lines">
          {shells.map((shell) => (
            <Shell
              key={shell.number}
              shell={shell}
              isChosen={shell.number === chosen?.number}
              choose={() => setChosen(shell)}
            />
          ))}
        </ol>
        {chosen && <ShellPlayback key={chosen.number} lsid={lsid} shell={chosen} />}
      </Stack>
    </Section>
  );
}

function Shell(props: { shell: ShellRecording; isChosen: boolean; choose: () => void }) {
  const texts = useTexts();
  const language = useLanguage();
  const { number, sizeBytes, startedAt, title } = props.shell;
  const name = texts.sessions.shell(number);
  return (
    <li className="shell-line">
      <div>
        <Text span fw={600}>
          {name}
        </Text>
        {" – "}
        {isolated(title)}
        <Text size="sm" c="dimmed">
          <time dateTime={new Date(startedAt).toISOString()}>
            {momentText(startedAt, language)}
          </time>
          {", "}
          {sizeText(sizeBytes, language, texts)}
        </Text>
      </div>
      <Button
        variant="default"
        disabled={props.isChosen}
        aria-label={texts.player.playOf(name)}
        leftSection={<PlayMark isPlaying={false} />}
        onClick={props.choose}
      >
        {texts.player.play}
      </Button>
    </li>
  );
}
