import { Button, Stack, Text } from "@mantine/core";
import type { DebianUpdates } from "@handrail/protocol/upkeep";
import { Facts } from "../facts.tsx";
import { Failure } from "../failure.tsx";
import { momentText } from "../format.ts";
import { useLanguage, useTexts } from "../language.tsx";
import { linkTo, pathOf } from "../route.ts";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";

/** What Debian's own updates have done last, what waits, and whether a restart is needed. */
export function DebianSection() {
  const words = useTexts().updates.channel.debian;
  const { api } = useSite();
  const { value, error, reload } = useLoad("debian", (signal) => api.updates.debian(signal));
  return (
    <Section title={words.title}>
      <Stack align="flex-start">
        <Text size="sm">{words.text}</Text>
        <Failure error={error} retry={reload} />
        {value && <Known debian={value} />}
        {value?.restart.isNeeded && (
          <Button component="a" variant="default" {...linkTo(pathOf({ page: "machine" }))}>
            {words.toMachine}
          </Button>
        )}
      </Stack>
    </Section>
  );
}

function Known({ debian }: { debian: DebianUpdates }) {
  const words = useTexts().updates.channel.debian;
  const language = useLanguage();
  const { lastRunAt, installed, waiting, restart } = debian;
  const moment = (at: number) => momentText(at, language);
  return (
    <Facts
      facts={[
        [words.lastRun, lastRunAt === undefined ? words.neverRun : moment(lastRunAt)],
        [
          words.installed,
          installed && words.installedOf(installed.packages.join(", "), moment(installed.at)),
        ],
        [words.waiting, waiting && (waiting.join(", ") || words.none)],
        [
          words.restart,
          restart.isNeeded ? words.needed(restart.packages.join(", ")) : words.notNeeded,
        ],
      ]}
    />
  );
}
