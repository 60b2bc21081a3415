import type { SystemWords } from "@handrail/protocol";

/** Words that say which word was asked for. */
export const words: SystemWords = {
  language: "en",
  yes: "yes",
  no: "no",
  byteUnits: ["B", "KiB", "MiB", "GiB", "TiB"],
  title: (computer) => `Computer ${computer}`,
  customer: "Customer",
  readAt: "Read",
  category: (name) => `<${name}>`,
  field: (name) => name,
  list: (name) => name,
  omitted: (rows) => `${rows} more`,
  empty: "none",
  failed: (_category, reason) => (reason === "unavailable" ? "cannot say" : "too slow"),
};
