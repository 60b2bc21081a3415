import { Progress } from "@mantine/core";

/**
 * How much is taken, as a bar and in words; its last tenth is shown as a warning, where nobody has
 * judged it otherwise. Read out as a meter (ARIA 1.2) that says the words instead of a number.
 */
export function Gauge(props: {
  part: number;
  whole: number;
  label: string;
  color?: string;
  children: string;
}) {
  const { part, whole, label, children } = props;
  const percent = whole === 0 ? 0 : Math.round((part / whole) * 100);
  const color = props.color ?? (percent >= 90 ? "red" : "rail");
  return (
    <>
      <Progress.Root
        size="lg"
        mb="xs"
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={children}
      >
        <Progress.Section value={percent} color={color} withAria={false} />
      </Progress.Root>
      {children}
    </>
  );
}
