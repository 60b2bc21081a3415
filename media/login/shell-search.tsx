import { ActionIcon, Group, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import type { CastHit } from "../shell/cast.ts";
import type { CastPlayer } from "../shell/cast-player.ts";
import { useTexts } from "./language.tsx";

interface Found {
  readonly wanted: string;
  readonly hits: readonly CastHit[];
  /** The place that is shown; -1 before the first. */
  readonly at: number;
}

/** Looks for a text in what a shell showed; Enter goes to the next place, with Shift to the one before. */
export function ShellSearch({ player }: { player: CastPlayer }) {
  const { player: texts } = useTexts();
  const [{ at, hits, wanted }, setFound] = useState<Found>({ wanted: "", hits: [], at: -1 });
  const go = (step: 1 | -1) => {
    const count = hits.length;
    if (count === 0) return;
    const next = (Math.max(at, step < 0 ? 0 : -1) + step + count) % count;
    player.pause();
    player.seek(hits[next]?.at ?? 0);
    setFound({ wanted, hits, at: next });
  };
  const onKeyDown = ({ key, shiftKey }: KeyboardEvent) => {
    if (key === "Enter") go(shiftKey ? -1 : 1);
  };
  return (
    <Group gap="xs" role="search">
      <TextInput
        type="search"
        size="xs"
        aria-label={texts.search}
        placeholder={texts.search}
        value={wanted}
        onKeyDown={onKeyDown}
        onChange={({ currentTarget: { value } }) =>
          setFound({ wanted: value, hits: player.search(value), at: -1 })
        }
      />
      <Step label={texts.previousHit} isOff={hits.length === 0} onClick={() => go(-1)}>
        ↑
      </Step>
      <Step label={texts.nextHit} isOff={hits.length === 0} onClick={() => go(1)}>
        ↓
      </Step>
      <Text size="sm" role="status">
        {wanted !== "" && texts.hits(at + 1, hits.length)}
      </Text>
    </Group>
  );
}

function Step(props: { label: string; isOff: boolean; onClick: () => void; children: string }) {
  return (
    <ActionIcon
      variant="default"
      aria-label={props.label}
      title={props.label}
      disabled={props.isOff}
      onClick={props.onClick}
    >
      <span aria-hidden>{props.children}</span>
    </ActionIcon>
  );
}
