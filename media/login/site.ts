import { createContext, use } from "react";
import { Api, type Me } from "./api.ts";

/** What every page of a signed-in administrator rests on. */
export interface Site {
  readonly api: Api;
  readonly me: Me;
  readonly siteName: string;
  readonly version: string;
  /** Shows one line for a moment, and has it read out. */
  readonly notify: (text: string) => void;
  /** The appliance no longer knows who this is. */
  readonly signedOut: () => void;
}

const nobody: Me = { id: "", name: "", displayName: "", role: "representative", csrf: "" };

/** Given by app.tsx. */
export const SiteContext = createContext<Site>({
  ...{ api: new Api(), me: nobody, siteName: "", version: "" },
  ...{ notify: () => undefined, signedOut: () => undefined },
});

/** The site that the page administers. */
export function useSite(): Site {
  return use(SiteContext);
}
