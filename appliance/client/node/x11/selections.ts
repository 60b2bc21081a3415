/**
 * The calls of Xlib that selections are made of, and XFixes' notices about them. Source: the Xlib
 * manual; ICCCM 2.0, section 2; the XFixes protocol, section 3.
 */
import { Library, type Pointer } from "../native.ts";
import type { ExtensionQuery } from "./extensions.ts";

function bind() {
  const x11 = new Library("libX11.so.6", "libx11-6 (Debian, Ubuntu), libX11 (Fedora)");
  const fixes = new Library("libXfixes.so.3", "libxfixes3 (Debian, Ubuntu), libXfixes (Fedora)");
  return {
    internAtom: x11.bind<(display: Pointer, name: string, onlyIfExists: number) => number>(
      "ulong XInternAtom(void *display, const char *name, int onlyIfExists)",
    ),
    createWindow: x11.bind<(display: Pointer, parent: number, ...box: number[]) => number>(
      "ulong XCreateSimpleWindow(void *display, ulong parent, int x, int y, uint width, " +
        "uint height, uint border, ulong borderColour, ulong background)",
    ),
    destroyWindow: x11.bind<(display: Pointer, window: number) => number>(
      "int XDestroyWindow(void *display, ulong window)",
    ),
    setOwner: x11.bind<(display: Pointer, ...values: [number, number, number]) => number>(
      "int XSetSelectionOwner(void *display, ulong selection, ulong owner, ulong time)",
    ),
    getOwner: x11.bind<(display: Pointer, selection: number) => number>(
      "ulong XGetSelectionOwner(void *display, ulong selection)",
    ),
    convert: x11.bind<
      (display: Pointer, ...values: [number, number, number, number, number]) => number
    >(
      "int XConvertSelection(void *display, ulong selection, ulong target, ulong property, " +
        "ulong requestor, ulong time)",
    ),
    getProperty: x11.bind<
      (
        display: Pointer,
        window: number,
        property: number,
        ...rest: [number, number, number, number, number[], number[], number[], number[], Pointer[]]
      ) => number
    >(
      "int XGetWindowProperty(void *display, ulong window, ulong property, long offset, " +
        "long length, int remove, ulong wanted, _Out_ ulong *type, _Out_ int *format, " +
        "_Out_ ulong *items, _Out_ ulong *left, _Out_ void **value)",
    ),
    changeProperty: x11.bind<
      (
        display: Pointer,
        window: number,
        property: number,
        ...rest: [number, number, number, Uint8Array, number]
      ) => number
    >(
      "int XChangeProperty(void *display, ulong window, ulong property, ulong type, int format, " +
        "int mode, void *value, int items)",
    ),
    deleteProperty: x11.bind<(display: Pointer, window: number, property: number) => number>(
      "int XDeleteProperty(void *display, ulong window, ulong property)",
    ),
    sendEvent: x11.bind<
      (display: Pointer, window: number, ...rest: [number, number, Uint8Array]) => number
    >("int XSendEvent(void *display, ulong window, int propagate, long mask, void *event)"),
    fixesQuery: fixes.bind<ExtensionQuery>(
      "int XFixesQueryExtension(void *display, _Out_ int *event, _Out_ int *error)",
    ),
    fixesSelect: fixes.bind<
      (display: Pointer, window: number, selection: number, mask: number) => void
    >("void XFixesSelectSelectionInput(void *display, ulong window, ulong selection, ulong mask)"),
  };
}

/** The bound functions. */
export type SelectionCalls = ReturnType<typeof bind>;

let bound: SelectionCalls | undefined;

/** Loads the libraries at the first call. Throws MissingLibraryError. */
export function selectionCalls(): SelectionCalls {
  return (bound ??= bind());
}
