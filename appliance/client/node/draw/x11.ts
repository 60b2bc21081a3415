/**
 * The calls of Xlib that windows over everything else are made of, and those of the SHAPE extension
 * that give them their form. Source: the Xlib manual; the X Nonrectangular Window Shape Extension.
 */
import { Library, type Pointer } from "../native.ts";
import type { ExtensionQuery } from "../x11/extensions.ts";

type OnWindow = (display: Pointer, window: number) => number;

function bind() {
  const x11 = new Library("libX11.so.6", "libx11-6 (Debian, Ubuntu), libX11 (Fedora)");
  const ext = new Library("libXext.so.6", "libxext6 (Debian, Ubuntu), libXext (Fedora)");
  return {
    createWindow: x11.bind<
      (
        display: Pointer,
        parent: number,
        ...rest: [number, number, number, number, number, number, number, null, number, Uint8Array]
      ) => number
    >(
      "ulong XCreateWindow(void *display, ulong parent, int x, int y, uint width, uint height, " +
        "uint border, int depth, uint kind, void *visual, ulong mask, void *attributes)",
    ),
    destroyWindow: x11.bind<OnWindow>("int XDestroyWindow(void *display, ulong window)"),
    mapRaised: x11.bind<OnWindow>("int XMapRaised(void *display, ulong window)"),
    clearWindow: x11.bind<OnWindow>("int XClearWindow(void *display, ulong window)"),
    moveWindow: x11.bind<(display: Pointer, window: number, x: number, y: number) => number>(
      "int XMoveWindow(void *display, ulong window, int x, int y)",
    ),
    setBackground: x11.bind<(display: Pointer, window: number, pixel: number) => number>(
      "int XSetWindowBackground(void *display, ulong window, ulong pixel)",
    ),
    createPixmap: x11.bind<
      (display: Pointer, drawable: number, ...rest: [number, number, number]) => number
    >("ulong XCreatePixmap(void *display, ulong drawable, uint width, uint height, uint depth)"),
    freePixmap: x11.bind<OnWindow>("int XFreePixmap(void *display, ulong pixmap)"),
    createContext: x11.bind<
      (display: Pointer, drawable: number, mask: number, values: null) => Pointer
    >("void *XCreateGC(void *display, ulong drawable, ulong mask, void *values)"),
    freeContext: x11.bind<(display: Pointer, context: Pointer) => number>(
      "int XFreeGC(void *display, void *context)",
    ),
    createImage: x11.bind<
      (
        display: Pointer,
        visual: Pointer,
        ...rest: [number, number, number, Pointer, number, number, number, number]
      ) => Pointer | null
    >(
      "void *XCreateImage(void *display, void *visual, uint depth, int format, int offset, " +
        "void *data, uint width, uint height, int pad, int bytesPerRow)",
    ),
    putImage: x11.bind<
      (
        display: Pointer,
        drawable: number,
        ...rest: [Pointer, Pointer, number, number, number, number, number, number]
      ) => number
    >(
      "int XPutImage(void *display, ulong drawable, void *context, void *image, int fromX, " +
        "int fromY, int x, int y, uint width, uint height)",
    ),
    shapeQuery: ext.bind<ExtensionQuery>(
      "int XShapeQueryExtension(void *display, _Out_ int *event, _Out_ int *error)",
    ),
    shapeRectangles: ext.bind<
      (
        display: Pointer,
        window: number,
        ...rest: [number, number, number, Uint8Array, number, number, number]
      ) => void
    >(
      "void XShapeCombineRectangles(void *display, ulong window, int kind, int x, int y, " +
        "void *rectangles, int count, int operation, int order)",
    ),
  };
}

/** The bound functions. */
export type OverlayCalls = ReturnType<typeof bind>;

let bound: OverlayCalls | undefined;

/** Loads the libraries at the first call. Throws MissingLibraryError. */
export function overlayCalls(): OverlayCalls {
  return (bound ??= bind());
}
