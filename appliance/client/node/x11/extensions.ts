/**
 * The X extensions in use: MIT-SHM, DAMAGE, XFIXES and RANDR for the screen, XInput for the
 * pointer's movements, XTEST and XKB for input. Source: the extensions' manual pages and headers.
 */
import { Library, type Pointer } from "../native.ts";

/** How an extension tells the numbers of its first event and error; 0 when it is missing. */
export type ExtensionQuery = (display: Pointer, event: number[], error: number[]) => number;

function bindScreen() {
  const ext = new Library("libXext.so.6", "libxext6 (Debian, Ubuntu), libXext (Fedora)");
  const damage = new Library(
    "libXdamage.so.1",
    "libxdamage1 (Debian, Ubuntu), libXdamage (Fedora)",
  );
  const fixes = new Library("libXfixes.so.3", "libxfixes3 (Debian, Ubuntu), libXfixes (Fedora)");
  const randr = new Library("libXrandr.so.2", "libxrandr2 (Debian, Ubuntu), libXrandr (Fedora)");
  return {
    shmQuery: ext.bind<(display: Pointer) => number>("int XShmQueryExtension(void *display)"),
    shmCreateImage: ext.bind<
      (
        display: Pointer,
        visual: Pointer,
        depth: number,
        ...rest: [format: number, data: Pointer, segment: Uint8Array, width: number, height: number]
      ) => Pointer | null
    >(
      "void *XShmCreateImage(void *display, void *visual, uint depth, int format, void *data, " +
        "void *segment, uint width, uint height)",
    ),
    shmAttach: ext.bind<(display: Pointer, segment: Uint8Array) => number>(
      "int XShmAttach(void *display, void *segment)",
    ),
    shmDetach: ext.bind<(display: Pointer, segment: Uint8Array) => number>(
      "int XShmDetach(void *display, void *segment)",
    ),
    shmGetImage: ext.bind<
      (
        display: Pointer,
        drawable: number,
        image: Pointer,
        ...at: [number, number, number]
      ) => number
    >("int XShmGetImage(void *display, ulong drawable, void *image, int x, int y, ulong planes)"),
    damageQuery: damage.bind<ExtensionQuery>(
      "int XDamageQueryExtension(void *display, _Out_ int *event, _Out_ int *error)",
    ),
    damageCreate: damage.bind<(display: Pointer, drawable: number, level: number) => number>(
      "ulong XDamageCreate(void *display, ulong drawable, int level)",
    ),
    damageSubtract: damage.bind<
      (display: Pointer, damage: number, repair: number, parts: number) => void
    >("void XDamageSubtract(void *display, ulong damage, ulong repair, ulong parts)"),
    fixesQuery: fixes.bind<ExtensionQuery>(
      "int XFixesQueryExtension(void *display, _Out_ int *event, _Out_ int *error)",
    ),
    fixesCreateRegion: fixes.bind<(display: Pointer, rects: null, count: number) => number>(
      "ulong XFixesCreateRegion(void *display, void *rects, int count)",
    ),
    fixesFetchRegion: fixes.bind<
      (display: Pointer, region: number, count: number[]) => Pointer | null
    >("void *XFixesFetchRegion(void *display, ulong region, _Out_ int *count)"),
    fixesSelectCursor: fixes.bind<(display: Pointer, window: number, mask: number) => void>(
      "void XFixesSelectCursorInput(void *display, ulong window, ulong mask)",
    ),
    fixesGetCursor: fixes.bind<(display: Pointer) => Pointer | null>(
      "void *XFixesGetCursorImage(void *display)",
    ),
    randrQuery: randr.bind<ExtensionQuery>(
      "int XRRQueryExtension(void *display, _Out_ int *event, _Out_ int *error)",
    ),
    randrSelect: randr.bind<(display: Pointer, window: number, mask: number) => void>(
      "void XRRSelectInput(void *display, ulong window, int mask)",
    ),
    /** RandR 1.5; absent in older libraries. */
    randrGetMonitors: randr.bindIfPresent<
      (display: Pointer, window: number, active: number, count: number[]) => Pointer | null
    >("void *XRRGetMonitors(void *display, ulong window, int active, _Out_ int *count)"),
    randrFreeMonitors: randr.bindIfPresent<(monitors: Pointer) => void>(
      "void XRRFreeMonitors(void *monitors)",
    ),
  };
}

function bindXInput() {
  const xi = new Library("libXi.so.6", "libxi6 (Debian, Ubuntu), libXi (Fedora)");
  return {
    queryVersion: xi.bind<(display: Pointer, major: number[], minor: number[]) => number>(
      "int XIQueryVersion(void *display, _Inout_ int *major, _Inout_ int *minor)",
    ),
    selectEvents: xi.bind<
      (display: Pointer, window: number, masks: Uint8Array, count: number) => number
    >("int XISelectEvents(void *display, ulong window, void *masks, int count)"),
  };
}

function bindSegments() {
  const libc = new Library("libc.so.6", "glibc");
  return {
    shmget: libc.bind<(key: number, sizeBytes: number, flags: number) => number>(
      "int shmget(int key, size_t size, int flags)",
    ),
    shmat: libc.bind<(id: number, address: null, flags: number) => Pointer>(
      "void *shmat(int id, void *address, int flags)",
    ),
    shmdt: libc.bind<(address: Pointer) => number>("int shmdt(void *address)"),
    shmctl: libc.bind<(id: number, command: number, buffer: null) => number>(
      "int shmctl(int id, int command, void *buffer)",
    ),
  };
}

function bindInput() {
  const xtst = new Library("libXtst.so.6", "libxtst6 (Debian, Ubuntu), libXtst (Fedora)");
  const x11 = new Library("libX11.so.6", "libx11-6 (Debian, Ubuntu), libX11 (Fedora)");
  return {
    testQuery: xtst.bind<(display: Pointer, ...values: number[][]) => number>(
      "int XTestQueryExtension(void *display, _Out_ int *event, _Out_ int *error, " +
        "_Out_ int *major, _Out_ int *minor)",
    ),
    testGrabControl: xtst.bind<(display: Pointer, impervious: number) => number>(
      "int XTestGrabControl(void *display, int impervious)",
    ),
    testKey: xtst.bind<(display: Pointer, keycode: number, press: number, delay: number) => number>(
      "int XTestFakeKeyEvent(void *display, uint keycode, int press, ulong delay)",
    ),
    testButton: xtst.bind<
      (display: Pointer, button: number, press: number, delay: number) => number
    >("int XTestFakeButtonEvent(void *display, uint button, int press, ulong delay)"),
    testMotion: xtst.bind<
      (display: Pointer, screen: number, ...at: [number, number, number]) => number
    >("int XTestFakeMotionEvent(void *display, int screen, int x, int y, ulong delay)"),
    pointerMapping: x11.bind<(display: Pointer, map: Uint8Array, count: number) => number>(
      "int XGetPointerMapping(void *display, void *map, int count)",
    ),
    queryKeymap: x11.bind<(display: Pointer, keys: Uint8Array) => number>(
      "int XQueryKeymap(void *display, void *keys)",
    ),
    refreshMapping: x11.bind<(event: Uint8Array) => number>(
      "int XRefreshKeyboardMapping(void *event)",
    ),
    changeMapping: x11.bind<
      (display: Pointer, first: number, perKey: number, ...rest: [number[], number]) => number
    >(
      "int XChangeKeyboardMapping(void *display, int first, int perKey, ulong *keysyms, int count)",
    ),
    keyboardControl: x11.bind<(display: Pointer, state: Uint8Array) => number>(
      "int XGetKeyboardControl(void *display, void *state)",
    ),
    changeControl: x11.bind<(display: Pointer, mask: number, values: Uint8Array) => number>(
      "int XChangeKeyboardControl(void *display, ulong mask, void *values)",
    ),
    xkbState: x11.bind<(display: Pointer, device: number, state: Uint8Array) => number>(
      "int XkbGetState(void *display, uint device, void *state)",
    ),
    xkbLockModifiers: x11.bind<
      (display: Pointer, device: number, affect: number, values: number) => number
    >("int XkbLockModifiers(void *display, uint device, uint affect, uint values)"),
    xkbKeysym: x11.bind<
      (display: Pointer, keycode: number, state: number, ...out: number[][]) => number
    >(
      "int XkbLookupKeySym(void *display, uint8_t keycode, uint state, _Out_ uint *consumed, " +
        "_Out_ ulong *keysym)",
    ),
    xkbModifiersOf: x11.bind<(display: Pointer, keysym: number) => number>(
      "uint XkbKeysymToModifiers(void *display, ulong keysym)",
    ),
  };
}

/** The bound functions, by what needs them. */
export type ScreenExtensions = ReturnType<typeof bindScreen>;
export type InputExtensions = ReturnType<typeof bindInput>;
export type SharedSegments = ReturnType<typeof bindSegments>;

function once<Bound>(bind: () => Bound): () => Bound {
  let bound: Bound | undefined;
  return () => (bound ??= bind());
}

/** Each loads its libraries at the first call. Throws MissingLibraryError. */
export const screenExtensions = once(bindScreen);
export const inputExtensions = once(bindInput);
export const sharedSegments = once(bindSegments);

/** XInput, where the computer has it; only the pointer's movements depend on it. */
export const xinput = once(() => {
  try {
    return bindXInput();
  } catch {
    return undefined;
  }
});

/**
 * The keysym of a code point, an older one where there is one (EuroSign, not U20AC), because that is
 * what keyboard layouts are written in. Undefined where libxkbcommon is missing.
 */
export const keysymOfCodePoint = once(() => {
  try {
    const xkb = new Library("libxkbcommon.so.0", "libxkbcommon0 (Debian, Ubuntu), libxkbcommon");
    return xkb.bind<(codePoint: number) => number>("uint xkb_utf32_to_keysym(uint codePoint)");
  } catch {
    return undefined;
  }
});
