import { Button, Group, Modal, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { ApiError } from "./request.ts";
import { Failure } from "./failure.tsx";
import { useTexts } from "./language.tsx";

/** How a dialog ends. `done` is given what to tell the reader. */
export interface DialogEnd {
  cancel: () => void;
  done: (text: string) => void;
}

/** The dialog for what is asked; it stays while it goes away, and gives the focus back. */
export function AskedDialog<Asked>(props: {
  asked: Asked | undefined;
  title: (asked: Asked) => string;
  size?: (asked: Asked) => string;
  cancel: () => void;
  children: (asked: Asked) => ReactNode;
}) {
  const { asked, title, size, cancel, children } = props;
  const texts = useTexts();
  const [shown, setShown] = useState(asked);
  if (asked && asked !== shown) setShown(asked);
  return (
    <Modal
      opened={asked !== undefined}
      centered
      title={<span className="dialog-title">{shown && title(shown)}</span>}
      size={(shown && size?.(shown)) ?? "md"}
      onClose={cancel}
      closeButtonProps={{ "aria-label": texts.close }}
    >
      {shown && children(shown)}
    </Modal>
  );
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
