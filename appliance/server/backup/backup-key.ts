import { argon2, hkdfSync, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { z } from "zod";

/** Shortest passphrase that a backup is made with, in UTF-16 units. */
export const minPassphraseLength = 12;
/** Longest passphrase. */
export const maxPassphraseLength = 1024;

/**
 * What argon2id costs: more memory than a sign-in, for a backup is guessed at elsewhere, at leisure.
 * Source: RFC 9106 section 4, second recommendation.
 */
const cost = { memoryKiB: 65_536, passes: 3, lanes: 1 } as const;

/** Bounds on what a strange file may cost whoever opens it: 256 MiB, and a few seconds. */
const costShape = z.strictObject({
  memoryKiB: z.int().min(8_192).max(262_144),
  passes: z.int().min(1).max(16),
  lanes: z.int().min(1).max(4),
});

const base64 = (bytes: number) =>
  z
    .base64()
    .transform((text) => Buffer.from(text, "base64"))
    .refine((value) => value.length === bytes, { error: `not ${bytes} bytes` });

const saltBytes = 16;
const secretBytes = 32;
const seedBytes = 32;
const checkBytes = 16;

/** What is to be known to make the key of a backup from its passphrase; no secret. */
export const keyRecipeShape = z.strictObject({ ...costShape.shape, salt: base64(saltBytes) });
/** The same, read. */
export type KeyRecipe = z.infer<typeof keyRecipeShape>;

/** How the head of a file names its key. `seed`: 32 random bytes of this file alone. */
export const fileKeyShape = z.strictObject({
  ...keyRecipeShape.shape,
  seed: base64(seedBytes),
  check: base64(checkBytes),
});

/** Made from a passphrase, which nobody gets back from it; opens whatever was made with it. */
export interface BackupKey {
  readonly recipe: KeyRecipe;
  readonly secret: Buffer;
}

const storedShape = z.strictObject({ recipe: keyRecipeShape, secret: base64(secretBytes) });

/** The key of a passphrase: a new one, or the one that a file was made with. */
export async function makeKey(
  passphrase: string,
  recipe: KeyRecipe = { ...cost, salt: randomBytes(saltBytes) },
): Promise<BackupKey> {
  const secret = await promisify(argon2)("argon2id", {
    // Keyboards differ in how they compose é: the same passphrase must be the same bytes.
    message: passphrase.normalize("NFKC"),
    nonce: recipe.salt,
    parallelism: recipe.lanes,
    memory: recipe.memoryKiB,
    passes: recipe.passes,
    tagLength: secretBytes,
  });
  return { recipe, secret };
}

/** A recipe as JSON has it. */
export function writeRecipe({ salt, ...rest }: KeyRecipe): object {
  return { ...rest, salt: salt.toString("base64") };
}

/** A key as text, to be kept as a secret. */
export function writeKey({ recipe, secret }: BackupKey): string {
  return JSON.stringify({ recipe: writeRecipe(recipe), secret: secret.toString("base64") });
}

/** The key that `writeKey` wrote. @throws z.ZodError */
export function readKey(text: string): BackupKey {
  return storedShape.parse(JSON.parse(text));
}

/** Random bytes that make the key of a file one of its own. */
export function newSeed(): Buffer {
  return randomBytes(seedBytes);
}

/** By what a file says whether a passphrase is its own, before anything is decrypted. */
export function checkOf({ recipe, secret }: BackupKey): Buffer {
  return derive(secret, recipe.salt, Buffer.from("handrail backup check"), checkBytes);
}

/** Whether that is the check of this key. */
export function isCheckOf(key: BackupKey, check: Buffer): boolean {
  return timingSafeEqual(checkOf(key), check);
}

/** The key of one file. Its head goes into it: whoever changes the head has another key. */
export function fileKey({ secret }: BackupKey, seed: Buffer, head: Buffer): Buffer {
  return derive(secret, seed, head, 32);
}

function derive(secret: Buffer, salt: Buffer, info: Buffer, bytes: number): Buffer {
  // HKDF takes 1024 bytes of info; a head is far shorter. Source: RFC 5869; Node's hkdf.
  return Buffer.from(hkdfSync("sha256", secret, salt, info, bytes));
}
