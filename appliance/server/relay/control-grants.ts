import type { ConsentRule, RepresentativeId } from "@handrail/protocol";

/**
 * For whom a customer has granted mouse and keyboard: with the rule "always" for one use by the one
 * who asked, else for everyone whose own rule is to ask once. Not kept over a restart, after which
 * only those with the rule "always" have to ask again.
 */
export class ControlGrants {
  readonly #forOneUse = new Set<RepresentativeId>();
  #isForAll = true;

  /** A yes to the question of a representative. `isFirst`: nothing was granted until now. */
  add(id: RepresentativeId, rule: ConsentRule, isFirst: boolean): void {
    if (isFirst) {
      this.#forOneUse.clear();
      this.#isForAll = false;
    }
    if (rule === "always") this.#forOneUse.add(id);
    else this.#isForAll = true;
  }

  /** The representative has had the one use. */
  delete(id: RepresentativeId): void {
    this.#forOneUse.delete(id);
  }

  /** Whether what is granted counts for a representative with that rule. */
  has(id: RepresentativeId, rule: ConsentRule): boolean {
    if (this.#forOneUse.has(id)) return true;
    return rule !== "always" && this.#isForAll;
  }
}
