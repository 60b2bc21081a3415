import { describe, expect, test } from "vitest";
import { Library, MissingLibraryError } from "../../../../appliance/client/node/native.ts";

describe("a native library", () => {
  test("that is missing names the package to install", () => {
    const load = (): Library => new Library("libnowhere.so.9", "libnowhere9 (Debian)");
    expect(load).toThrow(MissingLibraryError);
    expect(load).toThrow("libnowhere.so.9 cannot be loaded; install libnowhere9 (Debian)");
  });

  test("binds its functions, and answers undefined for one it may lack", () => {
    const libc = new Library("libc.so.6", "glibc");
    const length = libc.bind<(text: string) => number>("size_t strlen(const char *text)");
    expect(length("é!")).toBe(3);
    expect(libc.bindIfPresent("int no_such_function(void)")).toBeUndefined();
  });
});
