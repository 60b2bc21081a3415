import { Button, Group, Text } from "@mantine/core";
import { ApiError } from "./api.ts";
import { Failure } from "./failure.tsx";
import { useTexts } from "./language.tsx";

/** How a dialog ends. `done` is given what to tell the reader. */
export interface DialogEnd {
  cancel: () => void;
  done: (text: string) => void;
}

/** A change that is refused as a conflict would leave the site without an administrator. */
export function ChangeFailure({ error }: { error: unknown }) {
  const { representatives } = useTexts();
  if (error instanceof ApiError && error.code === "conflict") {
    return (
      <Text c="red" role="alert">
        {representatives.lastAdministrator}
      </Text>
    );
  }
  return <Failure error={error} />;
}

/** The buttons at the foot of a dialog. */
export function DialogButtons(props: {
  cancel: () => void;
  submit: string;
  isBusy: boolean;
  isReady?: boolean;
  color?: string;
}) {
  const { cancel, submit, isBusy, isReady = true, color } = props;
  const texts = useTexts();
  return (
    <Group justify="flex-end" mt="sm">
      <Button variant="default" onClick={cancel}>
        {texts.cancel}
      </Button>
      <Button type="submit" loading={isBusy} disabled={!isReady} {...(color ? { color } : {})}>
        {submit}
      </Button>
    </Group>
  );
}
