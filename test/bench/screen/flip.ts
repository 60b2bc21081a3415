// A square that changes between red and blue whenever the left button is pressed on it: what a click
// must change.
// `node flip.ts X Y SIDE` on the display of the environment. Ends when its standard output closes.

import koffi from "koffi";

const x11 = koffi.load("libX11.so.6");
koffi.opaque("Display");
const openDisplay = x11.func("Display *XOpenDisplay(const char *name)");
const rootWindow = x11.func("ulong XDefaultRootWindow(Display *d)");
const createWindow = x11.func(
  "ulong XCreateSimpleWindow(Display *d, ulong parent, int x, int y, uint w, uint h, uint border, ulong borderColor, ulong color)",
);
const changeAttributes = x11.func(
  "int XChangeWindowAttributes(Display *d, ulong w, ulong mask, void *attributes)",
);
const selectInput = x11.func("int XSelectInput(Display *d, ulong w, long mask)");
const mapRaised = x11.func("int XMapRaised(Display *d, ulong w)");
const setBackground = x11.func("int XSetWindowBackground(Display *d, ulong w, ulong color)");
const clearWindow = x11.func("int XClearWindow(Display *d, ulong w)");
const flush = x11.func("int XFlush(Display *d)");
const nextEvent = x11.func("int XNextEvent(Display *d, void *event)");

const [x = 0, y = 0, side = 200] = process.argv.slice(2).map(Number);
const red = 0xff0000;
const blue = 0x0000ff;
const buttonPressMask = 4;
const buttonPress = 4;
const leftButton = 1;
/** Of `button` in XButtonEvent (Xlib.h, 64-bit). */
const buttonOffset = 84;
const overrideRedirect = { mask: 1 << 9, offsetBytes: 88, sizeBytes: 112 };

const display: unknown = openDisplay(null);
const window: unknown = createWindow(display, rootWindow(display), x, y, side, side, 0, 0, red);
// Without a window manager's say: it stays where it is, over everything.
const attributes = Buffer.alloc(overrideRedirect.sizeBytes);
attributes.writeInt32LE(1, overrideRedirect.offsetBytes);
changeAttributes(display, window, overrideRedirect.mask, attributes);
selectInput(display, window, buttonPressMask);
mapRaised(display, window);
flush(display);
process.stdout.write("shown\n");

let color = red;
const event = Buffer.alloc(192);
for (;;) {
  nextEvent(display, event);
  const isClick = event.readInt32LE(0) === buttonPress;
  if (!isClick || event.readUInt32LE(buttonOffset) !== leftButton) continue;
  color = color === red ? blue : red;
  setBackground(display, window, color);
  clearWindow(display, window);
  flush(display);
}
