import { Alert, Button, Stack, Text } from "@mantine/core";
import type { Lsid } from "@handrail/protocol";
import { useEffect, useRef, useState } from "react";
import { createPlayer, type Player, playerSpeeds, type PlayerState } from "../screen/player.ts";
import { isAbort } from "./request.ts";
import { failureText } from "./failure.tsx";
import { useTexts } from "./language.tsx";
import { PlayMark } from "./play-mark.tsx";
import { type Playable, PlaybackControls } from "./playback-controls.tsx";
import { useSite } from "./site.ts";

/** Loads a recording once the reader wants to see it, for that is written down, and plays it. */
export function Playback({ lsid }: { lsid: Lsid }) {
  const { player: texts } = useTexts();
  const [isWanted, setWanted] = useState(false);
  if (isWanted) return <Playing lsid={lsid} />;
  return (
    <Button
      variant="default"
      leftSection={<PlayMark isPlaying={false} />}
      onClick={() => setWanted(true)}
    >
      {texts.play}
    </Button>
  );
}

function Playing({ lsid }: { lsid: Lsid }) {
  const { player: texts } = useTexts();
  const { api } = useSite();
  const canvas = useRef<HTMLCanvasElement>(null);
  const player = useRef<Player>(undefined);
  const [state, setState] = useState<PlayerState>();
  useEffect(() => {
    if (!canvas.current) return;
    const abort = new AbortController();
    const source = api.recording(lsid, abort.signal);
    const made = createPlayer({ canvas: canvas.current, source, onState: setState });
    player.current = made;
    void made.loaded.then(() => made.play());
    return () => {
      made.dispose();
      abort.abort();
    };
  }, [api, lsid]);
  const isReady = state?.status === "ready";
  return (
    <Stack gap="sm">
      <div className="stage" data-ready={isReady || undefined} data-sight={state?.sight}>
        <canvas ref={canvas} role="img" aria-label={texts.picture} />
      </div>
      <PlaybackNote state={state} />
      {isReady && player.current && <Controls player={player.current} state={state} />}
    </Stack>
  );
}

function PlaybackNote({ state }: { state: PlayerState | undefined }) {
  const texts = useTexts();
  if (state?.status === "failed" && !isAbort(state.fault?.cause)) {
    const because = state.fault?.cause ? ` ${failureText(state.fault.cause, texts)}` : "";
    return (
      <Alert color="red" role="alert" variant="light">
        {texts.player.failed + because}
      </Alert>
    );
  }
  if (state?.status !== "ready") return <Text role="status">{texts.player.loading}</Text>;
  if (state.sight === "withheld") return <Text role="status">{texts.player.withheld}</Text>;
  if (state.sight === "unwatched") return <Text role="status">{texts.player.unwatched}</Text>;
  if (state.durationMs === 0) return <Text c="dimmed">{texts.player.empty}</Text>;
  return state.isTruncated ? <Text c="dimmed">{texts.player.truncated}</Text> : null;
}

function Controls({ player, state }: { player: Player; state: PlayerState }) {
  const { player: texts } = useTexts();
  const { controller, isPlaying } = state;
  const button = useRef<HTMLButtonElement>(null);
  // The button that was pressed to load it is gone, and the focus with it.
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus();
  }, []);
  const playable: Playable = {
    toggle: () => (isPlaying ? player.pause() : player.play()),
    seek: (toMs) => player.seek(toMs),
    setSpeed: (speed) => player.setSpeed(speed),
    setSkipsIdle: (skipsIdle) => player.setSkipsIdle(skipsIdle),
  };
  return (
    <PlaybackControls player={playable} state={state} speeds={playerSpeeds} buttonRef={button}>
      <Text size="sm" c="dimmed">
        {controller === undefined ? texts.nobody : texts.controlledBy(controller)}
      </Text>
    </PlaybackControls>
  );
}
