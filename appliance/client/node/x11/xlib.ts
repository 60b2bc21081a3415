/**
 * Xlib, only what is used. Windows, atoms, keysyms and other XIDs are numbers (they fit into 29
 * bits), displays and images are pointers. See the Xlib manual for the functions themselves.
 */
import { Library, callback, memoryAt, type Pointer } from "../native.ts";

type OnDisplay<Result = number> = (display: Pointer) => Result;

/** An error answer of the X server. Source: X11 protocol, "Errors". */
export interface XError {
  code: number;
  request: number;
  minor: number;
}

function bindCore(x11: Library) {
  return {
    openDisplay: x11.bind<(name: string | null) => Pointer | null>(
      "void *XOpenDisplay(const char *name)",
    ),
    closeDisplay: x11.bind<OnDisplay>("int XCloseDisplay(void *display)"),
    connectionNumber: x11.bind<OnDisplay>("int XConnectionNumber(void *display)"),
    defaultScreen: x11.bind<OnDisplay>("int XDefaultScreen(void *display)"),
    rootWindow: x11.bind<(display: Pointer, screen: number) => number>(
      "ulong XRootWindow(void *display, int screen)",
    ),
    getGeometry: x11.bind<(display: Pointer, drawable: number, ...out: number[][]) => number>(
      "int XGetGeometry(void *display, ulong drawable, _Out_ ulong *root, _Out_ int *x, " +
        "_Out_ int *y, _Out_ uint *width, _Out_ uint *height, _Out_ uint *border, _Out_ uint *depth)",
    ),
    defaultVisual: x11.bind<(display: Pointer, screen: number) => Pointer>(
      "void *XDefaultVisual(void *display, int screen)",
    ),
    defaultDepth: x11.bind<(display: Pointer, screen: number) => number>(
      "int XDefaultDepth(void *display, int screen)",
    ),
    pending: x11.bind<OnDisplay>("int XPending(void *display)"),
    eventsQueued: x11.bind<(display: Pointer, mode: number) => number>(
      "int XEventsQueued(void *display, int mode)",
    ),
    nextEvent: x11.bind<(display: Pointer, event: Uint8Array) => number>(
      "int XNextEvent(void *display, void *event)",
    ),
    flush: x11.bind<OnDisplay>("int XFlush(void *display)"),
    sync: x11.bind<(display: Pointer, discard: number) => number>(
      "int XSync(void *display, int discard)",
    ),
    free: x11.bind<(memory: Pointer) => number>("int XFree(void *memory)"),
    selectInput: x11.bind<(display: Pointer, window: number, mask: number) => number>(
      "int XSelectInput(void *display, ulong window, long mask)",
    ),
    queryExtension: x11.bind<(display: Pointer, name: string, ...out: number[][]) => number>(
      "int XQueryExtension(void *display, const char *name, _Out_ int *op, _Out_ int *event, _Out_ int *error)",
    ),
    getAtomName: x11.bind<(display: Pointer, atom: number) => Pointer | null>(
      "void *XGetAtomName(void *display, ulong atom)",
    ),
    queryPointer: x11.bind<(...values: [Pointer, number, ...number[][]]) => number>(
      "int XQueryPointer(void *display, ulong window, _Out_ ulong *root, _Out_ ulong *child, " +
        "_Out_ int *rootX, _Out_ int *rootY, _Out_ int *x, _Out_ int *y, _Out_ uint *mask)",
    ),
    getImage: x11.bind<(display: Pointer, drawable: number, ...box: number[]) => Pointer | null>(
      "void *XGetImage(void *display, ulong drawable, int x, int y, uint width, uint height, " +
        "ulong planes, int format)",
    ),
    destroyImage: x11.bind<(image: Pointer) => number>("int XDestroyImage(void *image)"),
    setErrorHandler: x11.bind<(handler: Pointer) => Pointer | null>(
      "void *XSetErrorHandler(void *handler)",
    ),
    setIoErrorHandler: x11.bind<(handler: Pointer) => Pointer | null>(
      "void *XSetIOErrorHandler(void *handler)",
    ),
    /** libX11 1.7 and later; before that a lost connection ends the process. */
    setIoErrorExitHandler: x11.bindIfPresent<
      (display: Pointer, handler: Pointer, data: null) => void
    >("void XSetIOErrorExitHandler(void *display, void *handler, void *data)"),
  };
}

/** The bound functions. */
export type Xlib = ReturnType<typeof bindCore>;

let bound: Xlib | undefined;

/** Loads Xlib once. Throws MissingLibraryError. */
export function xlib(): Xlib {
  bound ??= bindCore(new Library("libX11.so.6", "libx11-6 (Debian, Ubuntu), libX11 (Fedora)"));
  return bound;
}

/** What a display's owner hears; called in the middle of an Xlib call, so it must only take notes. */
export interface DisplayErrors {
  refused(error: XError): void;
  lost(): void;
}

// Xlib has one pair of handlers per process. Its own print the error and end the process.
const owners = new Map<Pointer, DisplayErrors>();
let exitHandler: Pointer | undefined;

function refused(display: Pointer, event: Pointer): number {
  const bytes = new DataView(memoryAt(event, 40));
  owners.get(display)?.refused({
    code: bytes.getUint8(32),
    request: bytes.getUint8(33),
    minor: bytes.getUint8(34),
  });
  return 0;
}

function lost(display: Pointer): number {
  owners.get(display)?.lost();
  return 0;
}

/** Sends the errors of one display to its owner until the returned object is disposed. */
export function watchErrors(display: Pointer, owner: DisplayErrors): Disposable {
  const x = xlib();
  if (exitHandler === undefined) {
    x.setErrorHandler(callback("int XErrorHandler(void *display, void *event)", refused));
    x.setIoErrorHandler(callback("int XIOErrorHandler(void *display)", lost));
    // Without a function of its own here, Xlib calls exit() after the handler above returns.
    exitHandler = callback("void XIOErrorExitHandler(void *display, void *data)", lost);
  }
  x.setIoErrorExitHandler?.(display, exitHandler, null);
  owners.set(display, owner);
  return { [Symbol.dispose]: () => owners.delete(display) };
}
