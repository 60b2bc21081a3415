import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { MachineFailure } from "./fault.tsx";

/** The machine goes back at the moment itself, and needs a little for it. */
const lookAfterMs = 3_000;

/** New settings that somebody has to keep before they go. `leftMs`: when this is first shown. */
export function NetworkTrial(props: {
  leftMs: number;
  kept: () => void;
  undone: () => void;
  over: () => void;
}) {
  const { kept, undone, over } = props;
  const { network: words } = useTexts().machine;
  const { api } = useSite();
  const seconds = useSecondsLeft(props.leftMs, over);
  const keep = useSubmit(async () => {
    await api.machine.confirmNetwork();
    kept();
  });
  const undo = useSubmit(async () => {
    await api.machine.undoNetwork();
    undone();
  });
  const place = useRef<HTMLDivElement>(null);
  // The form that has led here is further down.
  useEffect(() => {
    // Newer browsers return a promise: nothing that React may take for its way to clean up.
    void place.current?.scrollIntoView({ block: "center" });
  }, []);
  return (
    <Alert ref={place} color="yellow" role="alert" variant="light">
      <Stack gap="sm" align="flex-start">
        <Text fw={600}>{words.waits}</Text>
        <Text>{words.waitsText}</Text>
        <Text role="timer" fw={600}>
          {words.left(seconds)}
        </Text>
        <MachineFailure error={keep.error ?? undo.error} inFields={[]} />
        <Group>
          <Button loading={keep.isBusy} onClick={keep.submit}>
            {words.keep}
          </Button>
          <Button variant="default" loading={undo.isBusy} onClick={undo.submit}>
            {words.undo}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

/** Counts down; `over` is called when the machine should have gone back. */
function useSecondsLeft(leftMs: number, over: () => void): number {
  const [endsAt] = useState(() => performance.now() + leftMs);
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const isOver = now > endsAt + lookAfterMs;
  useEffect(() => {
    if (isOver) over();
  }, [isOver, over]);
  return Math.max(0, Math.ceil((endsAt - now) / 1000));
}
