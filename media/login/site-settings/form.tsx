import { Alert, Anchor, Button, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../request.ts";
import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { linkTo, pathOf } from "../route.ts";
import { Section } from "../section.tsx";
import { useSite } from "../site.ts";
import { useSubmit } from "../use-submit.ts";
import type { SiteValues, SiteView } from "./api.ts";

const mostSeats = 100_000;

/** Changes what the site is called, where it is reached, how many may work at once. */
export function SiteForm({ view, done }: { view: SiteView; done: () => void }) {
  const texts = useTexts();
  const words = texts.siteSettings;
  const { api } = useSite();
  const { kept } = view;
  const [values, setValues] = useState(kept);
  const isFixed = (field: keyof SiteValues) => !view.changeable.includes(field);
  const { error, isBusy, submit } = useSubmit(async () => {
    const typed = { ...values, publicUrl: values.publicUrl.trim() };
    const changed = view.changeable.filter((field) => typed[field] !== kept[field]);
    await api.siteSettings.change(
      Object.fromEntries(changed.map((field) => [field, typed[field]])),
    );
    done();
  });
  const badAddress = addressFault(error);
  return (
    <Section id="site" title={words.title}>
      <form onSubmit={submit}>
        <Stack maw={620}>
          <Waits view={view} />
          <TextInput
            label={words.name}
            description={words.nameHint}
            value={values.siteName}
            disabled={isFixed("siteName")}
            required
            maxLength={100}
            autoComplete="off"
            onChange={({ currentTarget: { value } }) => setValues({ ...values, siteName: value })}
          />
          <TextInput
            label={words.address}
            description={words.addressHint}
            value={values.publicUrl}
            error={badAddress && words[badAddress]}
            disabled={isFixed("publicUrl")}
            required
            maxLength={300}
            autoComplete="off"
            spellCheck={false}
            onChange={({ currentTarget: { value } }) => setValues({ ...values, publicUrl: value })}
          />
          <NumberInput
            label={words.seats}
            description={words.seatsHint}
            value={values.seats}
            disabled={isFixed("seats")}
            required
            allowDecimal={false}
            {...{ min: 1, max: mostSeats }}
            onChange={(value) => setValues({ ...values, seats: Number(value) })}
          />
          {view.changeable.length < Object.keys(kept).length && <Text>{words.fixed}</Text>}
          {badAddress === undefined && <Failure error={error} />}
          {view.changeable.length > 0 && (
            <Group>
              <Button type="submit" loading={isBusy}>
                {texts.save}
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Section>
  );
}

/** What is wrong with the address, where that is what was refused. */
function addressFault(error: unknown): "badAddress" | "otherCertificate" | undefined {
  if (!(error instanceof ApiError) || error.field !== "publicUrl") return undefined;
  return error.code === "bad-request" ? "badAddress" : "otherCertificate";
}

/** What is saved and does not hold yet, and what is to be done for it. */
function Waits({ view }: { view: SiteView }) {
  const { siteSettings: words } = useTexts();
  const { inForce, kept, isCertified } = view;
  const waits = (["siteName", "publicUrl", "seats"] as const).some(
    (field) => inForce[field] !== kept[field],
  );
  return (
    <>
      {waits && (
        <Alert role="status" variant="light">
          {words.waits}{" "}
          <Anchor inherit {...linkTo(`${pathOf({ page: "machine" })}#power`)}>
            {words.restart}
          </Anchor>
        </Alert>
      )}
      {!isCertified && (
        <Alert role="status" color="yellow" variant="light">
          {words.notCertified(kept.publicUrl)}{" "}
          <Anchor inherit {...linkTo(pathOf({ page: "certificate" }))}>
            {words.toCertificate}
          </Anchor>
        </Alert>
      )}
    </>
  );
}
