import { generalQueue, personalQueue, type SessionView } from "@handrail/protocol";
import { beforeEach, describe, expect, it } from "vitest";
import { Board } from "../../../../extension/queue/board.ts";
import { lsid, person, session } from "../sample.ts";

const me = { id: person("1"), name: "Ann" };
const mine = personalQueue(me.id);
const general = { id: generalQueue, name: "General", kind: "general" } as const;
const personal = { id: mine, name: "Ann", kind: "personal" } as const;
const taken: Partial<SessionView> = { state: "active", participants: [participant()] };

let board: Board;
let arrived: SessionView[];

beforeEach(() => {
  board = new Board();
  board.begin(me, { queues: [general, personal], sessions: [], keys: [], representatives: [] });
  arrived = [];
  board.arrived.on((session) => arrived.push(session));
});

function participant() {
  return { ...me, observer: false, connected: true };
}

function key(digit: string, expiresAt: number) {
  return { lsid: lsid(digit), key: "1234567", url: "https://support.example.org", expiresAt };
}

describe("the board", () => {
  it("shows the personal queue before the general one", () => {
    expect(board.queues.map(({ kind }) => kind)).toEqual(["personal", "general"]);
  });

  it("lists who waits in their queue, longest first", () => {
    board.putSession(session("a", { waitingSince: 3_000 }));
    board.putSession(session("b", { waitingSince: 2_000 }));
    board.putSession(session("c", { queue: { id: mine, name: "Ann" } }));
    expect(board.waitingIn(generalQueue).map((each) => each.lsid)).toEqual([lsid("b"), lsid("a")]);
    expect(board.waitingIn(mine)).toHaveLength(1);
    expect(board.waiting).toHaveLength(3);
  });

  it("says once that somebody began to wait", () => {
    board.putSession(session("a"));
    board.putSession(session("a", { customerConnected: false }));
    expect(arrived.map((each) => each.lsid)).toEqual([lsid("a")]);
  });

  it("says it again when they come to another queue or back from a session", () => {
    board.putSession(session("a"));
    board.putSession(session("a", { queue: { id: mine, name: "Ann" } }));
    board.putSession(session("a", taken));
    board.putSession(session("a"));
    expect(arrived).toHaveLength(3);
  });

  it("does not say it to who has sent them there", async () => {
    board.putSession(session("a", taken));
    await board.whileSending(lsid("a"), async () => board.putSession(session("a")));
    expect(arrived).toEqual([]);
    board.putSession(session("a", { queue: { id: mine, name: "Ann" } }));
    expect(arrived).toHaveLength(1);
  });

  it("says once that a colleague asks something, and when the question is over", () => {
    const { customer } = session("a");
    const question = { lsid: lsid("a"), ask: "join", from: person("2"), name: "Ben" } as const;
    const asked = { ...question, customer, askedAt: 1_000 };
    const told: string[] = [];
    board.questions.asked.on(({ name }) => told.push(`${name} asks`));
    board.questions.settled.on(({ name }) => told.push(`${name} no longer asks`));
    board.questions.put(asked);
    const overview = { queues: [general], sessions: [], keys: [], representatives: [] };
    board.begin(me, { ...overview, questions: [asked] });
    expect(board.questions.isOpen(question)).toBe(true);
    expect(board.questions.open).toEqual([asked]);
    board.begin(me, overview);
    expect(board.questions.open).toEqual([]);
    board.questions.remove(question);
    expect(told).toEqual(["Ben asks", "Ben no longer asks"]);
    expect(board.questions.isOpen(question)).toBe(false);
  });

  it("shows to who only watches what they may not do", () => {
    board.putSession(session("a", { ...taken, permissions: session("a").permissions }));
    expect(board.session(lsid("a"))?.permissions.control).not.toBe("denied");
    const watching = { ...participant(), observer: true };
    board.putSession(session("a", { state: "active", participants: [watching] }));
    const { view, chat, ...others } = board.session(lsid("a"))?.permissions ?? {};
    expect([view, chat]).not.toContain("denied");
    expect(new Set(Object.values(others))).toEqual(new Set(["denied"]));
  });

  it("does not say it for those who waited before this console connected", () => {
    const sessions = [session("a")];
    board.begin(me, { queues: [general], sessions, keys: [], representatives: [] });
    expect(arrived).toEqual([]);
    expect(board.waiting).toHaveLength(1);
  });

  it("moves an accepted session to those of mine, in the order of acceptance", () => {
    board.putSession(session("a", { ...taken, acceptedAt: 9_000 }));
    board.putSession(session("b", { ...taken, acceptedAt: 8_000 }));
    board.putSession(session("c", { state: "active" }));
    expect(board.mine.map((each) => each.lsid)).toEqual([lsid("b"), lsid("a")]);
    expect(board.waiting).toEqual([]);
  });

  it("knows who holds mouse and keyboard", () => {
    expect(board.holdsControl(session("a", { ...taken, controller: me.id }))).toBe(true);
    expect(board.holdsControl(session("a", { ...taken, controller: person("2") }))).toBe(false);
    expect(board.holdsControl(session("a", taken))).toBe(false);
  });

  it("takes an ended session away and gives its last view to whoever shows it", () => {
    const seen: (SessionView | undefined)[] = [];
    board.putSession(session("a", taken));
    board.sessionChanged.on((change) => seen.push(change.session));
    board.putSession(session("a", { ...taken, state: "ended" }));
    expect(board.session(lsid("a"))).toBeUndefined();
    expect(seen.map((each) => each?.state)).toEqual(["ended"]);
  });

  it("tells who shows a session when an overview no longer has it", () => {
    board.putSession(session("a", taken));
    const seen: (SessionView | undefined)[] = [];
    board.sessionChanged.on((change) => seen.push(change.session));
    board.begin(me, { queues: [], sessions: [], keys: [], representatives: [] });
    expect(seen).toEqual([undefined]);
  });

  it("lists keys by their end and says why one is gone, once", () => {
    const reasons: string[] = [];
    board.keyGone.on(({ reason }) => reasons.push(reason));
    board.putKey(key("a", 9_000));
    board.putKey(key("b", 8_000));
    expect(board.keys.map((each) => each.lsid)).toEqual([lsid("b"), lsid("a")]);
    board.removeKey({ lsid: lsid("b"), reason: "used" });
    board.removeKey({ lsid: lsid("b"), reason: "expired" });
    expect(reasons).toEqual(["used"]);
  });

  it("is empty after signing out", () => {
    board.putSession(session("a"));
    board.putKey(key("b", 1));
    board.clear();
    expect([board.self, board.queues, board.waiting, board.keys]).toEqual([undefined, [], [], []]);
  });

  it("follows a customer from a key that was used until they are there", () => {
    const departed: string[] = [];
    board.departed.on((arrival) => departed.push(arrival.step));
    board.putKey(key("a", 5_000));
    board.removeKey({ lsid: lsid("a"), reason: "used" });
    const arrival = { lsid: lsid("a"), step: "key-typed", since: 1, queue: mine } as const;
    board.putArrival(arrival);
    board.putArrival({ ...arrival, step: "program-started" });
    expect(board.arrivals.map(({ step }) => step)).toEqual(["program-started"]);
    expect(board.typedKey(lsid("a"))).toBe("123 4567");
    expect(departed).toEqual(["key-typed"]);
    board.removeArrival(lsid("a"));
    expect(board.arrivals).toEqual([]);
  });

  it("takes those who are on the way from an overview, without saying that they set out", () => {
    let departed = 0;
    board.departed.on(() => departed++);
    const arrivals = [{ lsid: lsid("a"), step: "starter-taken", since: 1, queue: mine } as const];
    const overview = { queues: [general], sessions: [], keys: [], representatives: [] };
    board.begin(me, { ...overview, arrivals });
    expect(board.arrivals).toEqual(arrivals);
    expect(board.typedKey(lsid("a"))).toBeUndefined();
    board.begin(me, overview);
    expect([board.arrivals, departed]).toEqual([[], 0]);
  });

  it("does not keep the digits of a key that nobody used", () => {
    board.putKey(key("a", 5_000));
    board.removeKey({ lsid: lsid("a"), reason: "expired" });
    expect(board.typedKey(lsid("a"))).toBeUndefined();
  });
});
