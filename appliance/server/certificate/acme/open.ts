import { applianceValues } from "../../store/appliance-values.ts";
import type { Store } from "../../store/database.ts";
import { AcmeBook } from "./book.ts";
import { AcmeDesk, type AcmeDeskOptions } from "./desk.ts";
import { AcmeRenewer, type RenewerOptions } from "./renewer.ts";

type Parts = Omit<AcmeDeskOptions & RenewerOptions, "book" | "changed"> & { readonly store: Store };

/** The desk of certificates that are got by themselves, and what gets them while the appliance runs. */
export function openAcme(parts: Parts): { acmeDesk: AcmeDesk; acmeRenewer: AcmeRenewer } {
  const book = new AcmeBook(applianceValues(parts.store));
  const acmeRenewer = new AcmeRenewer({ ...parts, book });
  const acmeDesk = new AcmeDesk({ ...parts, book, changed: () => acmeRenewer.look() });
  return { acmeDesk, acmeRenewer };
}
