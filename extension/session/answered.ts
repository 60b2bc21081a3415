import { HandrailError } from "@handrail/protocol";

/** What came of a question: `because` says why there is neither a yes nor a no. */
export interface Verdict {
  readonly granted: boolean;
  readonly because?: "no answer" | "customer away" | undefined;
}

/**
 * Asks the customer until they say yes, as long as the representative wants to ask `again` who did
 * not answer. No answer is no refusal.
 * @throws HandrailError `customer-refused`, `customer-away`; `cancelled` when they have not answered
 *   and are not to be asked again
 */
export async function answered(
  ask: () => Promise<Verdict>,
  again: () => Promise<boolean>,
): Promise<void> {
  for (;;) {
    const { granted, because } = await ask();
    if (granted) return;
    if (because === "customer away") throw new HandrailError("customer-away", "nobody to ask");
    if (because !== "no answer") {
      throw new HandrailError("customer-refused", "the customer does not allow it");
    }
    if (!(await again())) throw new HandrailError("cancelled", "the customer did not answer");
  }
}
