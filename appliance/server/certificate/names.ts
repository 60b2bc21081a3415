import { z } from "zod";
import { hostName } from "../line/host-name.ts";

/** The names that a certificate is to be for: DNS names and addresses, the site's own first. */
export const namesShape = z
  .array(
    z
      .string()
      .max(300)
      .transform((typed, context) => {
        const name = hostName(typed);
        if (name !== undefined) return name;
        context.addIssue({
          code: "custom",
          message: `${JSON.stringify(typed)} is no DNS name and no address`,
        });
        return z.NEVER;
      }),
  )
  .min(1, "at least one name is needed")
  .max(50, "at most 50 names are possible")
  .transform((names) => [...new Set(names)]);
