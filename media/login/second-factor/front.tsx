import { Button, Stack } from "@mantine/core";
import { useState } from "react";
import { Api } from "../api.ts";
import { Failure, fieldFailure } from "../failure.tsx";
import { Front } from "../front.tsx";
import { useTexts } from "../language.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import { CodeField } from "./code-field.tsx";
import { Enrol, isOver } from "./enrol.tsx";

/** What follows a right password. `over`: it took too long. */
interface StepProps {
  readonly siteName: string;
  readonly done: () => void;
  readonly over: () => void;
}

/** What is still asked of somebody whose password was right. */
export function SecondStep({ next, ...props }: StepProps & { next: "code" | "set-up" }) {
  return next === "code" ? <GiveCode {...props} /> : <MustSetUp {...props} />;
}

/** Asks for a code of the app, or a recovery code. */
function GiveCode({ siteName, done, over }: StepProps) {
  const texts = useTexts();
  const { secondFactor: words } = texts;
  const [code, setCode] = useState("");
  const { error, isBusy, submit } = useSubmit(async () => {
    try {
      await new Api().secondFactor.give(code);
      done();
    } catch (fault) {
      if (!isOver(fault)) throw fault;
      over();
    }
  });
  return (
    <Front siteName={siteName} title={words.stepTitle} text={words.stepText}>
      <form onSubmit={submit}>
        <Stack>
          <CodeField
            label={words.code}
            hint={words.stepHint}
            value={code}
            error={error}
            isFirst
            onText={setCode}
          />
          {fieldFailure(error, "code", texts) === undefined && <Failure error={error} />}
          <Button type="submit" size="md" loading={isBusy}>
            {words.stepSubmit}
          </Button>
          <Button variant="subtle" onClick={() => cancel(done)}>
            {words.other}
          </Button>
        </Stack>
      </form>
    </Front>
  );
}

/** The site asks for a second factor that the account lacks. */
function MustSetUp({ siteName, done, over }: StepProps) {
  const { secondFactor: words } = useTexts();
  // The same one for as long as the page stands, or a new key would be asked for each time.
  const [enrolment] = useState(() => new Api().secondFactor.first);
  return (
    <Front siteName={siteName} title={words.mustTitle} text={words.mustText}>
      <Enrol
        {...{ enrolment, siteName, done, over }}
        leave={{ text: words.other, act: () => cancel(done) }}
      />
    </Front>
  );
}

/**
 * Offers the first administrator a second factor, right after the set-up. Who leaves it for later
 * finds it under "Your account".
 */
export function OfferFront({ done }: { done: () => void }) {
  const { secondFactor: words } = useTexts();
  const { api, siteName, signedOut } = useSite();
  const [isWanted, setIsWanted] = useState(false);
  const later = { text: words.offerLater, act: done };
  return (
    <Front siteName={siteName} title={words.offerTitle} text={words.offerText}>
      {isWanted ? (
        <Enrol
          enrolment={api.secondFactor.own}
          siteName={siteName}
          done={done}
          leave={later}
          over={signedOut}
        />
      ) : (
        <Stack>
          <Button size="md" onClick={() => setIsWanted(true)}>
            {words.begin}
          </Button>
          <Button variant="subtle" onClick={later.act}>
            {later.text}
          </Button>
        </Stack>
      )}
    </Front>
  );
}

/** Also when nothing answers the page goes on, and says so itself. */
function cancel(done: () => void): void {
  new Api().secondFactor.cancel().then(done, done);
}
