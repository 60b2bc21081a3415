import type { Clock } from "../../core/clock.ts";
import type { ReportPace } from "../../core/files/report-pace.ts";
import type { Rounds } from "../../core/files/rounds.ts";
import type { Parts } from "./parts.ts";

/** What everything that works on the disk of this computer shares. */
export interface Desk {
  readonly clock: Clock;
  readonly rounds: Rounds;
  readonly pace: ReportPace;
  readonly parts: Parts;
}
