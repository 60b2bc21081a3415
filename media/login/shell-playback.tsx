import { Alert, Stack, Text, useComputedColorScheme } from "@mantine/core";
import type { Lsid } from "@handrail/protocol";
import { useEffect, useRef, useState } from "react";
import { playbackKey } from "../kit/playback-key.ts";
import { type Cast, parseCast } from "../shell/cast.ts";
import { CastPlayer, castSpeeds, type CastState } from "../shell/cast-player.ts";
import type { ShellRecording } from "./api.ts";
import { Failure } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { PlaybackControls } from "./playback-controls.tsx";
import { ShellSearch } from "./shell-search.tsx";
import { useSite } from "./site.ts";
import { terminalTheme } from "./terminal-theme.ts";
import { theme } from "./theme.ts";
import { useLoad } from "./use-load.ts";

/** Loads a recorded shell, which is written down, and plays it. */
export function ShellPlayback({ lsid, shell }: { lsid: Lsid; shell: ShellRecording }) {
  const { player: texts } = useTexts();
  const { api } = useSite();
  const { number } = shell;
  const key = `${lsid} ${number}`;
  const loaded = useLoad(key, async (signal) => ({
    cast: parseCast(await api.shell(lsid, number, signal)),
  }));
  if (loaded.error !== undefined) return <Failure error={loaded.error} retry={loaded.reload} />;
  if (!loaded.value) return <Text role="status">{texts.loading}</Text>;
  const { cast } = loaded.value;
  if (cast) return <Playing cast={cast} />;
  return (
    <Alert color="red" role="alert" variant="light">
      {texts.failed}
    </Alert>
  );
}

function Playing({ cast }: { cast: Cast }) {
  const { player: texts } = useTexts();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const screen = useRef<HTMLDivElement>(null);
  const [player, setPlayer] = useState<CastPlayer>();
  const [state, setState] = useState<CastState>();
  const firstTheme = useRef(terminalTheme(scheme));
  useEffect(() => {
    if (!screen.current) return;
    const made = new CastPlayer({
      cast,
      parent: screen.current,
      nonce: document.getElementById("style-nonce")?.nonce ?? "",
      theme: firstTheme.current,
      fontFamily: theme.fontFamilyMonospace ?? "monospace",
      onState: setState,
    });
    setPlayer(made);
    made.play();
    return () => made.dispose();
  }, [cast]);
  useEffect(() => player?.setTheme(terminalTheme(scheme)), [player, scheme]);
  return (
    <Stack
      gap="sm"
      role="group"
      aria-label={texts.shell}
      onKeyDown={({ nativeEvent }) => player && playbackKey(nativeEvent, player)}
    >
      <div className="terminal-stage">
        <div ref={screen} role="group" aria-label={texts.terminal} />
      </div>
      {cast.events.length === 0 && <Text c="dimmed">{texts.empty}</Text>}
      {player && state && <Controls player={player} state={state} />}
    </Stack>
  );
}

function Controls({ player, state }: { player: CastPlayer; state: CastState }) {
  const button = useRef<HTMLButtonElement>(null);
  // The button that was pressed to load it cannot be pressed again.
  useEffect(() => button.current?.focus(), []);
  return (
    <PlaybackControls player={player} state={state} speeds={castSpeeds} buttonRef={button}>
      <ShellSearch player={player} />
    </PlaybackControls>
  );
}
