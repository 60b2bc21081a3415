/**
 * Where the disk's thread stands: it says what it is about to touch before it does, and touches
 * nothing that another thread hangs at. There is one for each thread.
 */
import { FileRefusal } from "./fault.ts";
import { type HungPlace, placeAround } from "./hung-place.ts";
import { type Errand, Pulse } from "./pulse.ts";

const nowhere = new Uint8Array(0);
/** Most of a path that is told to a console. */
const maxDetailBytes = 60;

let pulse = new Pulse();
let avoided: readonly HungPlace[] = [];
let errand: Errand = { lane: 0, request: 0, path: nowhere };

/** From now on it is said in this memory, for another thread to read. */
export function standIn(memory: SharedArrayBuffer): Pulse {
  pulse = new Pulse(memory);
  return pulse;
}

/** Places that are not to be touched now. */
export function avoid(places: readonly HungPlace[]): void {
  avoided = places;
}

/** A new errand, for a request or without one; nothing is said of it yet. */
export function newErrand(lane: number, request = 0): Errand {
  return { lane, request, path: nowhere };
}

/** Goes on with an errand: from now on what is touched belongs to it. */
export function goOn(next: Errand): void {
  errand = next;
  pulse.say(errand);
}

/**
 * To be called before the system is asked about a path.
 * @throws FileRefusal `not-answering`: whoever asked would wait without end
 */
export function stepTo(path: Uint8Array): void {
  const place = placeAround(path, avoided);
  if (place) throw notAnswering(place);
  standAt(path);
}

/** The same for what is to be tried whatever comes of it: taking away what was left unfinished. */
export function standAt(path: Uint8Array): void {
  errand.path = path;
  pulse.at(path);
}

/** In the middle of what takes long and cannot be done in turns: the thread does not hang. */
export function stillWorking(): void {
  pulse.beat();
}

/** The place at this very path that does not answer; undefined: nothing is known of that. */
export function hungAt(path: Uint8Array): HungPlace | undefined {
  const place = placeAround(path, avoided);
  return place?.path === Buffer.from(path).toString("latin1") ? place : undefined;
}

/** What a console is told of a place that hangs: which it is. */
export function notAnswering({ path }: HungPlace): FileRefusal {
  return new FileRefusal("not-answering", detailOf(Buffer.from(path, "latin1")));
}

/** Cut so that no letter is cut in two. */
function detailOf(path: Buffer): string {
  const text = path.toString("utf8");
  let kept = "";
  for (const letter of text) {
    if (Buffer.byteLength(kept + letter) > maxDetailBytes) return `${kept}…`;
    kept += letter;
  }
  return kept;
}
