/**
 * GTK 3, only what the help window uses. Widgets are pointers. Loaded in the window's own process
 * alone: its main loop holds the thread.
 */
import { Library, callback, type Pointer } from "../native.ts";

type OnWidget = (widget: Pointer) => void;
type WithText = (widget: Pointer, text: string) => void;
type WithFlag = (widget: Pointer, flag: number) => void;

const PACKAGES = "libgtk-3-0 (Debian 12, Ubuntu 22.04), libgtk-3-0t64 (newer), gtk3 (Fedora, Arch)";

function bindWidgets(gtk: Library) {
  return {
    setVisible: gtk.bind<WithFlag>("void gtk_widget_set_visible(void *widget, int visible)"),
    setSensitive: gtk.bind<WithFlag>("void gtk_widget_set_sensitive(void *widget, int sensitive)"),
    show: gtk.bind<OnWidget>("void gtk_widget_show(void *widget)"),
    realize: gtk.bind<OnWidget>("void gtk_widget_realize(void *widget)"),
    grabFocus: gtk.bind<OnWidget>("void gtk_widget_grab_focus(void *widget)"),
    isFocus: gtk.bind<(widget: Pointer) => number>("int gtk_widget_is_focus(void *widget)"),
    grabDefault: gtk.bind<OnWidget>("void gtk_widget_grab_default(void *widget)"),
    setAlignment: gtk.bind<WithFlag>("void gtk_widget_set_halign(void *widget, int align)"),
    gdkWindow: gtk.bind<(widget: Pointer) => Pointer>("void *gtk_widget_get_window(void *widget)"),
    accessible: gtk.bind<(widget: Pointer) => Pointer>(
      "void *gtk_widget_get_accessible(void *widget)",
    ),
    styleContext: gtk.bind<(widget: Pointer) => Pointer>(
      "void *gtk_widget_get_style_context(void *widget)",
    ),
    addClass: gtk.bind<WithText>(
      "void gtk_style_context_add_class(void *context, const char *name)",
    ),
    add: gtk.bind<(container: Pointer, widget: Pointer) => void>(
      "void gtk_container_add(void *container, void *widget)",
    ),
    showPage: gtk.bind<WithText>(
      "void gtk_stack_set_visible_child_name(void *stack, const char *name)",
    ),
    adjustment: gtk.bind<(scrolled: Pointer) => Pointer>(
      "void *gtk_scrolled_window_get_vadjustment(void *scrolled)",
    ),
    adjustmentEnd: gtk.bind<(adjustment: Pointer) => number>(
      "double gtk_adjustment_get_upper(void *adjustment)",
    ),
    scrollTo: gtk.bind<(adjustment: Pointer, value: number) => void>(
      "void gtk_adjustment_set_value(void *adjustment, double value)",
    ),
  };
}

function bindTexts(gtk: Library) {
  return {
    setScrolling: gtk.bind<(scrolled: Pointer, horizontal: number, vertical: number) => void>(
      "void gtk_scrolled_window_set_policy(void *scrolled, int horizontal, int vertical)",
    ),
    setMinHeight: gtk.bind<WithFlag>(
      "void gtk_scrolled_window_set_min_content_height(void *scrolled, int height)",
    ),
    newEntry: gtk.bind<() => Pointer>("void *gtk_entry_new()"),
    setMaxLength: gtk.bind<WithFlag>("void gtk_entry_set_max_length(void *entry, int max)"),
    newBox: gtk.bind<(orientation: number, spacing: number) => Pointer>(
      "void *gtk_box_new(int orientation, int spacing)",
    ),
    newRadio: gtk.bind<(group: Pointer | null, label: string) => Pointer>(
      "void *gtk_radio_button_new_with_label_from_widget(void *group, const char *label)",
    ),
    isChosen: gtk.bind<(button: Pointer) => number>(
      "int gtk_toggle_button_get_active(void *button)",
    ),
    newLabel: gtk.bind<(text: string) => Pointer>("void *gtk_label_new(const char *text)"),
    newButton: gtk.bind<(label: string) => Pointer>(
      "void *gtk_button_new_with_mnemonic(const char *label)",
    ),
    chosenFile: gtk.bind<(chooser: Pointer) => string | null>(
      "const char *gtk_file_chooser_get_filename(void *chooser)",
    ),
    newLink: gtk.bind<(address: string, label: string) => Pointer>(
      "void *gtk_link_button_new_with_label(const char *uri, const char *label)",
    ),
    child: gtk.bind<(bin: Pointer) => Pointer>("void *gtk_bin_get_child(void *bin)"),
    setLabel: gtk.bind<WithText>("void gtk_label_set_text(void *label, const char *text)"),
    setWrap: gtk.bind<WithFlag>("void gtk_label_set_line_wrap(void *label, int wrap)"),
    setWrapMode: gtk.bind<WithFlag>("void gtk_label_set_line_wrap_mode(void *label, int mode)"),
    setStart: gtk.bind<WithFlag>("void gtk_label_set_xalign(void *label, float align)"),
    setMaxWidth: gtk.bind<WithFlag>("void gtk_label_set_max_width_chars(void *label, int count)"),
    setSelectable: gtk.bind<WithFlag>("void gtk_label_set_selectable(void *label, int flag)"),
    setButton: gtk.bind<WithText>("void gtk_button_set_label(void *button, const char *text)"),
    entryText: gtk.bind<(entry: Pointer) => string>("const char *gtk_entry_get_text(void *entry)"),
    setEntry: gtk.bind<WithText>("void gtk_entry_set_text(void *entry, const char *text)"),
    focusEntry: gtk.bind<OnWidget>("void gtk_entry_grab_focus_without_selecting(void *entry)"),
    setCaret: gtk.bind<WithFlag>("void gtk_editable_set_position(void *entry, int position)"),
    setHint: gtk.bind<WithText>(
      "void gtk_entry_set_placeholder_text(void *entry, const char *text)",
    ),
  };
}

function bindWindow(gtk: Library, gdk: Library) {
  return {
    setTitle: gtk.bind<WithText>("void gtk_window_set_title(void *window, const char *title)"),
    keepAbove: gtk.bind<WithFlag>("void gtk_window_set_keep_above(void *window, int flag)"),
    stick: gtk.bind<OnWidget>("void gtk_window_stick(void *window)"),
    present: gtk.bind<OnWidget>("void gtk_window_present(void *window)"),
    presentAt: gtk.bind<WithFlag>(
      "void gtk_window_present_with_time(void *window, uint serverTimeMs)",
    ),
    serverTimeMs: gdk.bind<(gdkWindow: Pointer) => number>(
      "uint gdk_x11_get_server_time(void *gdkWindow)",
    ),
    isActive: gtk.bind<(window: Pointer) => number>("int gtk_window_is_active(void *window)"),
    beep: gdk.bind<(display: Pointer) => void>("void gdk_display_beep(void *display)"),
    deiconify: gtk.bind<OnWidget>("void gtk_window_deiconify(void *window)"),
    setUrgent: gtk.bind<WithFlag>("void gtk_window_set_urgency_hint(void *window, int flag)"),
    move: gtk.bind<(window: Pointer, x: number, y: number) => void>(
      "void gtk_window_move(void *window, int x, int y)",
    ),
    setParent: gtk.bind<(window: Pointer, parent: Pointer) => void>(
      "void gtk_window_set_transient_for(void *window, void *parent)",
    ),
    position: gtk.bind<(window: Pointer, x: number[], y: number[]) => void>(
      "void gtk_window_get_position(void *window, _Out_ int *x, _Out_ int *y)",
    ),
    size: gtk.bind<(window: Pointer, width: number[], height: number[]) => void>(
      "void gtk_window_get_size(void *window, _Out_ int *width, _Out_ int *height)",
    ),
    resize: gtk.bind<(window: Pointer, width: number, height: number) => void>(
      "void gtk_window_resize(void *window, int width, int height)",
    ),
    gdkDisplay: gdk.bind<() => Pointer>("void *gdk_display_get_default()"),
    gdkScreen: gdk.bind<() => Pointer>("void *gdk_screen_get_default()"),
    primaryMonitor: gdk.bind<(display: Pointer) => Pointer | null>(
      "void *gdk_display_get_primary_monitor(void *display)",
    ),
    workArea: gdk.bind<(monitor: Pointer, area: Uint8Array) => void>(
      "void gdk_monitor_get_workarea(void *monitor, void *area)",
    ),
    setFunctions: gdk.bind<WithFlag>("void gdk_window_set_functions(void *window, int functions)"),
  };
}

function bindProgram(gtk: Library) {
  return {
    init: gtk.bind<(count: null, values: null) => number>(
      "int gtk_init_check(void *count, void *values)",
    ),
    main: gtk.bind<() => void>("void gtk_main()"),
    quit: gtk.bind<() => void>("void gtk_main_quit()"),
    newBuilder: gtk.bind<() => Pointer>("void *gtk_builder_new()"),
    build: gtk.bind<(builder: Pointer, text: string, length: number, error: null) => number>(
      "uint gtk_builder_add_from_string(void *builder, const char *text, long length, void *error)",
    ),
    object: gtk.bind<(builder: Pointer, name: string) => Pointer | null>(
      "void *gtk_builder_get_object(void *builder, const char *name)",
    ),
    newStyle: gtk.bind<() => Pointer>("void *gtk_css_provider_new()"),
    loadStyle: gtk.bind<(style: Pointer, text: string, length: number, error: null) => number>(
      "int gtk_css_provider_load_from_data(void *style, const char *text, long length, void *error)",
    ),
    useStyle: gtk.bind<(screen: Pointer, style: Pointer, priority: number) => void>(
      "void gtk_style_context_add_provider_for_screen(void *screen, void *style, uint priority)",
    ),
  };
}

function bindGlib(glib: Library, gobject: Library, atk: Library) {
  return {
    connect: gobject.bind<
      (object: Pointer, signal: string, handler: Pointer, ...rest: [null, null, number]) => number
    >(
      "ulong g_signal_connect_data(void *object, const char *signal, void *handler, void *data, " +
        "void *destroy, int flags)",
    ),
    everySeconds: glib.bind<(seconds: number, handler: Pointer, data: null) => number>(
      "uint g_timeout_add_seconds(uint seconds, void *handler, void *data)",
    ),
    removeSource: glib.bind<(source: number) => number>("int g_source_remove(uint source)"),
    watchDescriptor: glib.bind<
      (descriptor: number, condition: number, handler: Pointer, data: null) => number
    >("uint g_unix_fd_add(int descriptor, int condition, void *handler, void *data)"),
    setAccessibleName: atk.bind<WithText>(
      "void atk_object_set_name(void *object, const char *name)",
    ),
    setAccessibleRole: atk.bind<WithFlag>("void atk_object_set_role(void *object, int role)"),
    accessibleRole: atk.bind<(name: string) => number>("int atk_role_for_name(const char *name)"),
  };
}

/** Loads GTK. Throws MissingLibraryError. */
export function loadGtk() {
  const load = (name: string): Library => new Library(`lib${name}.so.0`, PACKAGES);
  const gtk = load("gtk-3");
  return {
    ...bindProgram(gtk),
    ...bindWindow(gtk, load("gdk-3")),
    ...bindWidgets(gtk),
    ...bindTexts(gtk),
    ...bindGlib(load("glib-2.0"), load("gobject-2.0"), load("atk-1.0")),
  };
}

/** The bound functions. */
export type Gtk = ReturnType<typeof loadGtk>;

/**
 * Handlers for GTK's and GLib's callbacks of the shapes in use. To be made before the main loop
 * runs: koffi never calls one that is registered inside another callback.
 */
export const handlers = {
  /** A signal without values, such as "clicked". */
  signal: (run: (object: Pointer) => void): Pointer =>
    callback("void OnSignal(void *object, void *data)", run),
  /** The answer to a dialog. */
  response: (run: (dialog: Pointer, response: number) => void): Pointer =>
    callback("void OnResponse(void *dialog, int response, void *data)", run),
  /** A signal with an event; answers 1 when the event goes no further. */
  event: (run: (widget: Pointer, event: Pointer) => number): Pointer =>
    callback("int OnEvent(void *widget, void *event, void *data)", run),
  /** A GLib source; answers 1 to be called again. */
  source: (run: () => number): Pointer => callback("int OnSource(void *data)", run),
  /** A watched file descriptor; answers 1 to be called again. */
  descriptor: (run: () => number): Pointer =>
    callback("int OnDescriptor(int descriptor, int condition, void *data)", run),
};
