import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { timeOfDay } from "./audit/schedule-text.ts";

/** A time of the day, in minutes after midnight; what is no time changes nothing. */
export function TimeOfDay(props: {
  label: string;
  hint?: string;
  error?: ReactNode;
  minute: number;
  onMinute: (minute: number) => void;
}) {
  const { label, hint, error, minute, onMinute } = props;
  return (
    <TextInput
      type="time"
      label={label}
      description={hint}
      error={error}
      value={timeOfDay(minute)}
      required
      onChange={({ currentTarget: { value } }) => {
        const [hours, minutes] = value.split(":").map(Number);
        if (hours !== undefined && minutes !== undefined) onMinute(hours * 60 + minutes);
      }}
    />
  );
}
