import { Button, Radio, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../request.ts";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { useSubmit } from "../use-submit.ts";
import { type SecondFactorScope, secondFactorScopes } from "./api.ts";

/**
 * Who must have a second factor, for administrators. The appliance refuses what would shut out the
 * one who asks for it.
 */
export function SecondFactorRule() {
  const { secondFactor: words } = useTexts();
  const { api, notify } = useSite();
  const known = useLoad("second-factor/rule", (signal) => api.secondFactor.rule(signal));
  const done = () => {
    notify(words.ruleSaved);
    known.reload();
  };
  return (
    <Section title={words.ruleTitle}>
      <Failure error={known.error} retry={known.reload} />
      {known.value && <RuleForm key={known.value.scope} scope={known.value.scope} done={done} />}
    </Section>
  );
}

/** The choice; begun anew when the rule has become another one. */
function RuleForm({ scope, done }: { scope: SecondFactorScope; done: () => void }) {
  const { secondFactor: words } = useTexts();
  const { api } = useSite();
  const [wanted, setWanted] = useState(scope);
  const { error, isBusy, submit } = useSubmit(async () => {
    await api.secondFactor.changeRule(wanted);
    done();
  });
  const isOwnMissing = error instanceof ApiError && error.code === "conflict";
  return (
    <form onSubmit={submit}>
      <Stack align="flex-start">
        <Text c="dimmed">{words.ruleText}</Text>
        <Radio.Group
          aria-label={words.ruleTitle}
          value={wanted}
          onChange={(value) => {
            const chosen = secondFactorScopes.find((each) => each === value);
            if (chosen) setWanted(chosen);
          }}
        >
          <Stack gap="xs">
            {secondFactorScopes.map((each) => (
              <Radio key={each} value={each} label={words.scopes[each]} />
            ))}
          </Stack>
        </Radio.Group>
        {isOwnMissing ? (
          <Text c="red" role="alert">
            {words.ownFirst}
          </Text>
        ) : (
          <Failure error={error} />
        )}
        <Button type="submit" loading={isBusy} disabled={wanted === scope}>
          {words.ruleSubmit}
        </Button>
      </Stack>
    </form>
  );
}
