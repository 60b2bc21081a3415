import { ActionIcon, Checkbox, Group, NativeSelect, Slider, Text } from "@mantine/core";
import { type ReactNode, type Ref, useState } from "react";
import { clockText } from "./format.ts";
import { useTexts } from "./language.tsx";
import { PlayMark } from "./play-mark.tsx";

/** What can be played. Times in ms from the beginning. */
export interface Playable {
  toggle(): void;
  seek(toMs: number): unknown;
  setSpeed(speed: number): void;
  setSkipsIdle(skipsIdle: boolean): void;
}

interface ControlsProps {
  readonly player: Playable;
  readonly state: {
    readonly durationMs: number;
    readonly positionMs: number;
    readonly isAtEnd: boolean;
    readonly isPlaying: boolean;
  };
  readonly speeds: readonly number[];
  /** Of the button that plays. */
  readonly buttonRef: Ref<HTMLButtonElement>;
  /** What else stands below. */
  readonly children: ReactNode;
}

/** Plays, pauses, seeks; how fast, and whether over times in which nothing happens. */
export function PlaybackControls({ player, state, speeds, buttonRef, children }: ControlsProps) {
  const { player: texts } = useTexts();
  const { durationMs, isAtEnd, isPlaying, positionMs } = state;
  const [speed, setSpeed] = useState(1);
  const [skipsIdle, setSkipsIdle] = useState(true);
  const label = isPlaying ? texts.pause : isAtEnd ? texts.again : texts.play;
  const place = texts.of(clockText(positionMs), clockText(durationMs));
  return (
    <>
      <Group gap="md" wrap="nowrap">
        <ActionIcon
          ref={buttonRef}
          size="lg"
          aria-label={label}
          title={label}
          onClick={() => player.toggle()}
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
          value={String(speed)}
          data={speeds.map((each) => ({ value: String(each), label: `${each}×` }))}
          onChange={({ currentTarget }) => {
            setSpeed(Number(currentTarget.value));
            player.setSpeed(Number(currentTarget.value));
          }}
        />
        <Checkbox
          label={texts.skipIdle}
          checked={skipsIdle}
          onChange={({ currentTarget }) => {
            setSkipsIdle(currentTarget.checked);
            player.setSkipsIdle(currentTarget.checked);
          }}
        />
        {children}
      </Group>
    </>
  );
}
