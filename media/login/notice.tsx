import { Notification } from "@mantine/core";
import { useEffect } from "react";
import { useTexts } from "./language.tsx";

const shownMs = 6000;

/** One line at the foot of the page, read out when it appears. */
export function Notice({ text, clear }: { text: string; clear: () => void }) {
  const texts = useTexts();
  useEffect(() => {
    if (text === "") return;
    const timer = setTimeout(clear, shownMs);
    return () => clearTimeout(timer);
  }, [text, clear]);
  return (
    <div className="notice" role="status">
      {text !== "" && (
        <Notification withBorder onClose={clear} closeButtonProps={{ "aria-label": texts.close }}>
          {text}
        </Notification>
      )}
    </div>
  );
}
