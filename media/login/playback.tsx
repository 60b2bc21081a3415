import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  NativeSelect,
  Slider,
  Stack,
  Text,
} from "@mantine/core";
import type { Lsid } from "@handrail/protocol";
import { useEffect, useRef, useState } from "react";
import { createPlayer, type Player, playerSpeeds, type PlayerState } from "../screen/player.ts";
import { isAbort } from "./api.ts";
import { failureText } from "./failure.tsx";
import { clockText } from "./format.ts";
import { useTexts } from "./language.tsx";
import { PlayMark } from "./play-mark.tsx";
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
  if (state.durationMs === 0) return <Text c="dimmed">{texts.player.empty}</Text>;
  return state.isTruncated ? <Text c="dimmed">{texts.player.truncated}</Text> : null;
}

function Controls({ player, state }: { player: Player; state: PlayerState }) {
  const { player: texts } = useTexts();
  const { controller, durationMs, isAtEnd, isPlaying, positionMs } = state;
  const label = isPlaying ? texts.pause : isAtEnd ? texts.again : texts.play;
  const place = texts.of(clockText(positionMs), clockText(durationMs));
  const button = useRef<HTMLButtonElement>(null);
  // The button that was pressed to load it is gone, and the focus with it.
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus();
  }, []);
  return (
    <>
      <Group gap="md" wrap="nowrap">
        <ActionIcon
          ref={button}
          size="lg"
          aria-label={label}
          title={label}
          onClick={() => (isPlaying ? player.pause() : player.play())}
        >
          <PlayMark isPlaying={isPlaying} />
        </ActionIcon>
        <Slider
          className="position"
          min={0}
          max={Math.max(1, durationMs)}
          step={100}
          value={positionMs}
          label={clockText}
          thumbLabel={texts.position}
          thumbProps={{ "aria-valuetext": place }}
          onChange={(toMs) => void player.seek(toMs)}
        />
        <Text size="sm" className="no-wrap">
          {place}
        </Text>
      </Group>
      <Group gap="lg">
        <NativeSelect
          aria-label={texts.speed}
          size="xs"
          value={String(state.speed)}
          data={playerSpeeds.map((speed) => ({ value: String(speed), label: `${speed}×` }))}
          onChange={({ currentTarget }) => player.setSpeed(Number(currentTarget.value))}
        />
        <Checkbox
          label={texts.skipIdle}
          checked={state.skipsIdle}
          onChange={({ currentTarget }) => player.setSkipsIdle(currentTarget.checked)}
        />
        <Text size="sm" c="dimmed">
          {controller === undefined ? texts.nobody : texts.controlledBy(controller)}
        </Text>
      </Group>
    </>
  );
}
