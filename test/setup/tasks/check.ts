// `npm run check`: what can be known in a minute. Needs nothing but the npm packages.

import { staticChecks } from "./static-checks.ts";
import { close } from "./tally.ts";
import { vitest } from "./vitest-run.ts";

close([...(await staticChecks()), await vitest({ suites: ["house", "unit"] })]);
