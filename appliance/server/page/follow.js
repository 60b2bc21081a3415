// Shows the page anew once the session stands differently; without script one reloads it oneself.
// What is asked has no key in it: the browser sends its cookie, which this script cannot read.
const { standing } = document.querySelector("[data-standing]").dataset;
// Somebody waits for the first change; the end may be hours away.
const everyMs = standing === "joining" ? 3000 : 6000;
const askedWithinMs = 10_000;

async function hasChanged() {
  try {
    const signal = AbortSignal.timeout(askedWithinMs);
    const answer = await fetch("/start/standing", { cache: "no-store", signal });
    return answer.ok && (await answer.json()).standing !== standing;
  } catch {
    // The line or the appliance is away for a while.
    return false;
  }
}

async function follow() {
  // Nobody looks: what has changed is asked when the page is seen again.
  if (document.visibilityState === "visible" && (await hasChanged())) return location.reload();
  setTimeout(follow, everyMs);
}

setTimeout(follow, everyMs);
