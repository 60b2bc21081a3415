/**
 * The window that asks the customer for a password, as sudo's askpass program: what is typed leaves on
 * standard output, which sudo reads, and nowhere else. Ends with 1 when nobody types one.
 */
import { writeSync } from "node:fs";
import { z } from "zod";
import { leaveNoCoreDump } from "../core-dump.ts";
import type { Pointer } from "../native.ts";
import { type Gtk, handlers, loadGtk } from "../window/gtk.ts";

const STDOUT = 1;
/** A click or key that was on its way to something else is none of this window's, ms. */
const settleMs = 500;

const wordsShape = z.object({
  title: z.string(),
  body: z.string(),
  ok: z.string(),
  cancel: z.string(),
});

const label = `
  <property name="visible">True</property>
  <property name="wrap">True</property>
  <property name="xalign">0</property>
  <property name="max-width-chars">44</property>`;

const button = `
  <property name="visible">True</property>
  <property name="use-underline">True</property>
  <property name="can-default">True</property>`;

const layout = `
<interface>
  <object class="GtkDialog" id="window">
    <property name="resizable">False</property>
    <property name="window-position">center</property>
    <property name="urgency-hint">True</property>
    <property name="border-width">12</property>
    <child internal-child="vbox">
      <object class="GtkBox">
        <property name="orientation">vertical</property>
        <property name="spacing">12</property>
        <child><object class="GtkLabel" id="body">${label}</object></child>
        <child>
          <object class="GtkEntry" id="entry">
            <property name="visible">True</property>
            <property name="visibility">False</property>
            <property name="input-purpose">password</property>
            <property name="max-length">1000</property>
            <property name="activates-default">True</property>
          </object>
        </child>
        <child>
          <object class="GtkBox">
            <property name="visible">True</property>
            <property name="spacing">8</property>
            <property name="homogeneous">True</property>
            <child><object class="GtkButton" id="cancel">${button}</object>
              <packing><property name="expand">True</property></packing></child>
            <child><object class="GtkButton" id="ok">${button}</object>
              <packing><property name="expand">True</property></packing></child>
          </object>
        </child>
      </object>
    </child>
  </object>
</interface>`;

function run(gtk: Gtk, words: z.infer<typeof wordsShape>): void {
  const builder = gtk.newBuilder();
  if (!gtk.build(builder, layout, -1, null)) throw new Error("the layout is not valid");
  const widget = (name: string): Pointer => {
    const found = gtk.object(builder, name);
    if (found === null) throw new Error(`the layout has no ${name}`);
    return found;
  };
  const [window, entry] = [widget("window"), widget("entry")];
  gtk.setTitle(window, words.title);
  gtk.setLabel(widget("body"), words.body);
  gtk.setButton(widget("ok"), words.ok);
  gtk.setButton(widget("cancel"), words.cancel);
  gtk.setAccessibleName(gtk.accessible(entry), `${words.title}\n${words.body}`);
  const shownAt = performance.now();
  const answer = () => {
    const typed = gtk.entryText(entry);
    if (typed === "" || performance.now() - shownAt < settleMs) return;
    writeSync(STDOUT, `${typed}\n`);
    process.exit(0);
  };
  const on = (name: string, signal: string, handler: Pointer) =>
    gtk.connect(widget(name), signal, handler, null, null, 0);
  on("ok", "clicked", handlers.signal(answer));
  const cancel = () => process.exit(1);
  on("cancel", "clicked", handlers.signal(cancel));
  // Escape, and the window manager's button.
  on("window", "delete-event", handlers.event(cancel));
  gtk.grabDefault(widget("ok"));
  // The help window stays above the others, too.
  gtk.keepAbove(window, 1);
  gtk.focusEntry(entry);
  gtk.show(window);
  gtk.present(window);
  gtk.main();
}

try {
  leaveNoCoreDump();
  const words = wordsShape.parse(JSON.parse(process.env["HANDRAIL_ASKPASS_WORDS"] ?? ""));
  const gtk = loadGtk();
  if (!gtk.init(null, null)) throw new Error("the display cannot be opened");
  run(gtk, words);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
process.exit(1);
