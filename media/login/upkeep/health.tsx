import { Alert, Badge, Button, Paper, Stack, Text } from "@mantine/core";
import {
  healthAdvice,
  healthJudgementText,
  type HealthReport,
  healthShare,
  healthSubjectText,
  type HealthVerdict,
  healthValueText,
} from "@handrail/protocol/upkeep";
import { Failure } from "../failure.tsx";
import { preciseText } from "../format.ts";
import { Gauge } from "../gauge.tsx";
import { useLanguage, useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { linkTo, pathOf } from "../route.ts";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useLookAgain } from "../use-look-again.ts";
import { healthFormat } from "./health-format.ts";

/** Load and memory change by the second, and are read for a person. */
const lookEveryMs = 10_000;
const colours = { good: "rail", attention: "yellow", bad: "red" } as const;
/** The darker red lets white letters be read on it. */
const badgeColours = { ...colours, bad: "red.9" } as const;

/** How the machine and the appliance are, each with a judgement and what to do. */
export function HealthPage() {
  const texts = useTexts();
  const { api } = useSite();
  const known = useLoad("health", (signal) => api.upkeep.health(signal));
  const { value, isLoading, reload } = known;
  useLookAgain(known, lookEveryMs);
  return (
    <Page title={texts.pages.health}>
      <Text>{texts.upkeep.healthText}</Text>
      <Failure error={known.error} retry={reload} />
      {value && <Report report={value} />}
      {isLoading && !value && <Waiting />}
      <SupportBundle />
    </Page>
  );
}

/** What helps whoever helps the administrators: the browser shows how the download goes, and ends it. */
function SupportBundle() {
  const { upkeep } = useTexts();
  return (
    <Section title={upkeep.supportTitle}>
      <Stack align="flex-start">
        <Text>{upkeep.supportText}</Text>
        <Button component="a" variant="default" href="/login/api/support-bundle" download>
          {upkeep.supportDownload}
        </Button>
      </Stack>
    </Section>
  );
}

/** The worst of all first, then each subject. */
function Report({ report }: { report: HealthReport }) {
  const { upkeep } = useTexts();
  const language = useLanguage();
  const { judgement, reading, verdicts } = report;
  return (
    <>
      <Alert role="status" variant="light" color={colours[judgement]}>
        {upkeep.overall[judgement]}
      </Alert>
      <Paper withBorder p="lg">
        <ul className="plain health">
          {verdicts.map((verdict) => (
            <Subject key={verdict.subject} {...{ verdict, reading }} />
          ))}
        </ul>
      </Paper>
      <Text size="sm" c="dimmed">
        {upkeep.readAt(preciseText(reading.readAt, language))}
      </Text>
    </>
  );
}

/** A subject with its judgement, its value and what helps. */
function Subject(props: { verdict: HealthVerdict; reading: HealthReport["reading"] }) {
  const { verdict, reading } = props;
  const { judgement, subject } = verdict;
  const texts = useTexts();
  const language = useLanguage();
  const format = healthFormat(language, texts);
  const name = healthSubjectText(subject, language);
  const value = healthValueText(subject, reading, format);
  const share = healthShare(subject, reading);
  const advice = healthAdvice(verdict, language);
  return (
    <li className="health-line">
      <Text fw={600}>{name}</Text>
      <Badge
        color={badgeColours[judgement]}
        variant={judgement === "good" ? "light" : "filled"}
        tt="none"
        autoContrast
      >
        {healthJudgementText(judgement, language)}
      </Badge>
      <Stack gap={4}>
        {share === undefined ? (
          <span>{value}</span>
        ) : (
          <Gauge part={share} whole={1} label={name} color={colours[judgement]}>
            {value}
          </Gauge>
        )}
        {advice !== "" && <Text size="sm">{advice}</Text>}
        {subject === "restart" && advice !== "" && (
          <div>
            <Button
              component="a"
              size="compact-sm"
              variant="default"
              {...linkTo(pathOf({ page: "machine" }))}
            >
              {texts.updates.channel.debian.toMachine}
            </Button>
          </div>
        )}
      </Stack>
    </li>
  );
}
