import { hash, type Options, verify } from "@node-rs/argon2";
import { Refusal } from "../refusal.ts";

/**
 * Argon2id (the library's default) with 46 MiB and two passes: twice what OWASP asks at least.
 * Source: RFC 9106; OWASP Password Storage Cheat Sheet.
 */
const cost: Options = { memoryCost: 47_104, timeCost: 2, parallelism: 1 };
/** Each needs 46 MiB while it runs. */
const maxAtOnce = 4;

/** Longest password that is looked at, in UTF-16 units. */
export const maxPasswordLength = 256;
/** Shortest password that is accepted for an account. */
export const minPasswordLength = 12;

let running = 0;
const waiting: (() => void)[] = [];

/** The argon2id string to store. */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normalise(password), cost));
}

/**
 * Whether it is the password of that argon2id string. Without a string (no such account) it does
 * the same work and says no, so that the time tells nothing.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  if (password.length > maxPasswordLength) return false;
  const against = stored ?? (await decoy());
  const isRight = await inTurn(() => verify(against, normalise(password)));
  return isRight && stored !== undefined;
}

/** Refuses what is too easy to guess. @throws Refusal `bad-request` naming the field `password` */
export function checkNewPassword(password: string, name: string): void {
  const about = { field: "password" };
  if (password.length < minPasswordLength) {
    throw new Refusal("bad-request", `at least ${minPasswordLength} characters`, about);
  }
  if (password.length > maxPasswordLength) {
    throw new Refusal("bad-request", `at most ${maxPasswordLength} characters`, about);
  }
  const plain = password.toLowerCase();
  if (new Set(plain).size < 5 || plain.includes(name.toLowerCase())) {
    throw new Refusal("bad-request", "too easy to guess", about);
  }
}

/** Keyboards differ in how they compose é: the same password must be the same bytes. */
function normalise(password: string): string {
  return password.normalize("NFKC");
}

let decoyHash: Promise<string> | undefined;

function decoy(): Promise<string> {
  decoyHash ??= hashPassword("a password that no account has");
  return decoyHash;
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  while (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
  try {
    return await work();
  } finally {
    running--;
    waiting.shift()?.();
  }
}
