/**
 * A name as a picture, in whatever script it is written: by Pango and Cairo, which GTK, and so the
 * help window, cannot be without. Source: the manuals of Pango 1.50 and Cairo 1.16.
 */
import { addressOf, Library, type Pointer } from "../native.ts";

/** A picture of 32 bits per pixel, BGRX in little-endian order, rows from the top without gaps. */
export interface LabelPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** CAIRO_FORMAT_RGB24. */
const formatRgb = 1;
/** Pango's units in a pixel. */
const pangoScale = 1024;
/** A longer name is cut. */
const maxCharacters = 40;

type OnObject = (object: Pointer) => void;

function bind() {
  const packages = "libpango-1.0-0, libpangocairo-1.0-0 and libcairo2 (Debian), pango (Fedora)";
  const cairo = new Library("libcairo.so.2", packages);
  const pango = new Library("libpango-1.0.so.0", packages);
  const both = new Library("libpangocairo-1.0.so.0", packages);
  const objects = new Library("libgobject-2.0.so.0", packages);
  return {
    newSurface: cairo.bind<
      (pixels: Pointer, format: number, ...size: [number, number, number]) => Pointer
    >(
      "void *cairo_image_surface_create_for_data(void *data, int format, int width, int height, " +
        "int stride)",
    ),
    freeSurface: cairo.bind<OnObject>("void cairo_surface_destroy(void *surface)"),
    flush: cairo.bind<OnObject>("void cairo_surface_flush(void *surface)"),
    newContext: cairo.bind<(surface: Pointer) => Pointer>("void *cairo_create(void *surface)"),
    freeContext: cairo.bind<OnObject>("void cairo_destroy(void *context)"),
    setColour: cairo.bind<(context: Pointer, ...rgb: [number, number, number]) => void>(
      "void cairo_set_source_rgb(void *context, double red, double green, double blue)",
    ),
    paint: cairo.bind<OnObject>("void cairo_paint(void *context)"),
    moveTo: cairo.bind<(context: Pointer, x: number, y: number) => void>(
      "void cairo_move_to(void *context, double x, double y)",
    ),
    newLayout: both.bind<(context: Pointer) => Pointer>(
      "void *pango_cairo_create_layout(void *context)",
    ),
    show: both.bind<(context: Pointer, layout: Pointer) => void>(
      "void pango_cairo_show_layout(void *context, void *layout)",
    ),
    setText: pango.bind<(layout: Pointer, text: string, length: number) => void>(
      "void pango_layout_set_text(void *layout, const char *text, int length)",
    ),
    setFont: pango.bind<(layout: Pointer, font: Pointer) => void>(
      "void pango_layout_set_font_description(void *layout, void *font)",
    ),
    setOneLine: pango.bind<(layout: Pointer, isOn: number) => void>(
      "void pango_layout_set_single_paragraph_mode(void *layout, int on)",
    ),
    size: pango.bind<(layout: Pointer, width: number[], height: number[]) => void>(
      "void pango_layout_get_pixel_size(void *layout, _Out_ int *width, _Out_ int *height)",
    ),
    newFont: pango.bind<(description: string) => Pointer>(
      "void *pango_font_description_from_string(const char *description)",
    ),
    setFontSize: pango.bind<(font: Pointer, size: number) => void>(
      "void pango_font_description_set_absolute_size(void *font, double size)",
    ),
    freeFont: pango.bind<OnObject>("void pango_font_description_free(void *font)"),
    free: objects.bind<OnObject>("void g_object_unref(void *object)"),
  };
}

let bound: ReturnType<typeof bind> | undefined;

/** The name in white on a colour (`#rrggbb`). Throws MissingLibraryError. */
export function labelPicture(name: string, colour: string, fontPixels: number): LabelPicture {
  const calls = (bound ??= bind());
  const text = [...name].slice(0, maxCharacters).join("");
  const padding = Math.round(fontPixels / 3);
  const measured = drawText({ width: 1, height: 1, pixels: new Uint8Array(4) }, (context) =>
    withLayout(context, { text, fontPixels }, (layout) => {
      const [width, height] = [[0], [0]];
      calls.size(layout, width, height);
      return { width: width[0] ?? 0, height: height[0] ?? 0 };
    }),
  );
  const width = measured.width + 2 * padding;
  const height = measured.height + padding;
  const picture = { width, height, pixels: new Uint8Array(width * height * 4) };
  drawText(picture, (context) => {
    calls.setColour(context, ...parts(colour));
    calls.paint(context);
    calls.setColour(context, 1, 1, 1);
    calls.moveTo(context, padding, Math.round(padding / 2));
    withLayout(context, { text, fontPixels }, (layout) => calls.show(context, layout));
  });
  return picture;
}

function drawText<T>({ width, height, pixels }: LabelPicture, draw: (context: Pointer) => T): T {
  const calls = (bound ??= bind());
  const surface = calls.newSurface(addressOf(pixels), formatRgb, width, height, width * 4);
  const context = calls.newContext(surface);
  try {
    return draw(context);
  } finally {
    calls.freeContext(context);
    calls.flush(surface);
    calls.freeSurface(surface);
  }
}

function withLayout<T>(
  context: Pointer,
  { text, fontPixels }: { text: string; fontPixels: number },
  use: (layout: Pointer) => T,
): T {
  const calls = (bound ??= bind());
  const layout = calls.newLayout(context);
  const font = calls.newFont("sans bold");
  try {
    calls.setFontSize(font, fontPixels * pangoScale);
    calls.setFont(layout, font);
    calls.setOneLine(layout, 1);
    calls.setText(layout, text, -1);
    return use(layout);
  } finally {
    calls.freeFont(font);
    calls.free(layout);
  }
}

/** Red, green and blue of `#rrggbb`, from 0 to 1. */
function parts(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}
