/**
 * The one door to native libraries. Everything above it sees typed functions and plain numbers;
 * a library that is not installed becomes an error that names the package to install.
 */
import { constants } from "node:os";
import koffi, { type LibraryHandle, type TypeObject } from "koffi";

/** An address in this process; `null` stands for NULL where a function may return it. */
export type Pointer = bigint;

/** A shared library that this computer lacks. */
export class MissingLibraryError extends Error {
  readonly library: string;
  readonly packages: string;

  /** `packages`: what to install, readable, for instance `libgtk-3-0 (Debian, Ubuntu)`. */
  constructor(library: string, packages: string, cause: unknown) {
    super(`${library} cannot be loaded; install ${packages}`, { cause });
    this.name = "MissingLibraryError";
    this.library = library;
    this.packages = packages;
  }
}

/** A loaded shared library. */
export class Library {
  readonly #handle: LibraryHandle;

  /** Throws MissingLibraryError. */
  constructor(name: string, packages: string) {
    try {
      this.#handle = koffi.load(name);
    } catch (cause) {
      throw new MissingLibraryError(name, packages, cause);
    }
  }

  /** Binds a C prototype; throws when the library has no such function. `F` must agree with it. */
  bind<F extends (...values: never[]) => unknown>(prototype: string): F {
    const bound: unknown = this.#handle.func(prototype);
    return bound as F;
  }

  /** As `bind`, but undefined when this version of the library has no such function. */
  bindIfPresent<F extends (...values: never[]) => unknown>(prototype: string): F | undefined {
    try {
      return this.bind<F>(prototype);
    } catch {
      return undefined;
    }
  }
}

// A prototype's name can be declared only once.
const prototypes = new Map<string, TypeObject>();

/** Makes a C function pointer of `run`, valid as long as the process; `run` must not throw. */
export function callback(prototype: string, run: (...values: never[]) => unknown): Pointer {
  const known = prototypes.get(prototype) ?? koffi.proto(prototype);
  prototypes.set(prototype, known);
  return koffi.register(run, koffi.pointer(known));
}

/** The address of a typed array's bytes, which the caller keeps alive. */
export function addressOf(bytes: Uint8Array): Pointer {
  return koffi.address(bytes);
}

/** Foreign memory as an array buffer, without a copy; must not be used after it is freed. */
export function memoryAt(address: Pointer, sizeBytes: number): ArrayBuffer {
  return koffi.view(address, sizeBytes);
}

/** Name of the error that the last call of this thread has left, such as `ENOSPC`. */
export function lastError(): string {
  const number = koffi.errno();
  const [name] = Object.entries(constants.errno).find(([, each]) => each === number) ?? [];
  return name ?? `E${number}`;
}

/** A NUL-terminated UTF-8 string in foreign memory. */
export function stringAt(address: Pointer): string {
  return koffi.decode.string(address);
}

/**
 * Calls `onReadable` on the event loop whenever the descriptor is readable, until disposed. The
 * caller keeps the returned object: once collected, the polling stops without a sign.
 */
export function watchReadable(descriptor: number, onReadable: () => void): Disposable {
  const handle = koffi.node.poll(descriptor, { readable: true }, onReadable);
  return { [Symbol.dispose]: () => handle.close() };
}
