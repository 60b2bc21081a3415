import { Failure } from "../failure.tsx";
import { useTexts } from "../language.tsx";
import { Page, Waiting } from "../page.tsx";
import { useSite } from "../site.ts";
import { useLoad } from "../use-load.ts";
import { SiteForm } from "./form.tsx";

/** What the site is to people. */
export function SiteSettingsPage() {
  const texts = useTexts();
  return (
    <Page title={texts.pages.site}>
      <SiteSettings />
    </Page>
  );
}

/** The form with what it stands on; one of the first steps, too. */
export function SiteSettings() {
  const { siteSettings: words } = useTexts();
  const { api, notify } = useSite();
  const { value, error, isLoading, reload } = useLoad("site", (signal) =>
    api.siteSettings.read(signal),
  );
  const done = () => {
    notify(words.saved);
    reload();
  };
  return (
    <>
      <Failure error={error} retry={reload} />
      {value && <SiteForm key={JSON.stringify(value.kept)} view={value} done={done} />}
      {isLoading && !value && <Waiting />}
    </>
  );
}
