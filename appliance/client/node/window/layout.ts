/**
 * What the help window looks like: a GtkBuilder description and its style. Colours come from the
 * customer's theme, so that the window is light or dark as everything else. No texts: they arrive
 * in the customer's language.
 */

/** Text that may be long: wraps, starts at the left. */
const wrapped = `
  <property name="visible">True</property>
  <property name="wrap">True</property>
  <property name="wrap-mode">word-char</property>
  <property name="xalign">0</property>
  <property name="max-width-chars">40</property>`;

const button = `
  <property name="visible">True</property>
  <property name="use-underline">True</property>
  <property name="can-default">True</property>`;

function styled(...classes: string[]): string {
  return `<style>${classes.map((name) => `<class name="${name}"/>`).join("")}</style>`;
}

const prompt = `
<object class="GtkBox" id="prompt">
  <property name="orientation">vertical</property>
  <property name="spacing">8</property>
  ${styled("prompt")}
  <child><object class="GtkLabel" id="prompt-title">${wrapped}${styled("strong")}</object></child>
  <child><object class="GtkLabel" id="prompt-body">${wrapped}</object></child>
  <child><object class="GtkLabel" id="prompt-seconds">${wrapped}${styled("dim")}</object></child>
  <child>
    <object class="GtkBox">
      <property name="visible">True</property>
      <property name="spacing">8</property>
      <property name="homogeneous">True</property>
      <child><object class="GtkButton" id="prompt-refuse">${button}</object>
        <packing><property name="expand">True</property></packing></child>
      <child><object class="GtkButton" id="prompt-allow">${button}</object>
        <packing><property name="expand">True</property></packing></child>
    </object>
  </child>
</object>`;

const heading = `
<object class="GtkBox">
  <property name="visible">True</property>
  <property name="orientation">vertical</property>
  <property name="spacing">3</property>
  ${styled("summary")}
  <child><object class="GtkLabel" id="end-title">${wrapped}${styled("large")}</object></child>
  <child><object class="GtkLabel" id="end-body">${wrapped}</object></child>
  <child><object class="GtkLabel" id="end-note">${wrapped}${styled("dim", "gap")}</object></child>
  <child><object class="GtkLabel" id="representatives-title">${wrapped}${styled("dim")}</object></child>
  <child><object class="GtkLabel" id="representatives">${wrapped}${styled("large")}</object></child>
  <child><object class="GtkLabel" id="status">${wrapped}</object></child>
  <child>
    <object class="GtkBox" id="recording">
      <property name="spacing">6</property>
      <child><object class="GtkLabel">
        <property name="visible">True</property>
        <property name="label">●</property>
        ${styled("dot")}
      </object></child>
      <child><object class="GtkLabel" id="recording-text">${wrapped}</object></child>
    </object>
  </child>
  <child><object class="GtkLabel" id="warning">${wrapped}${styled("warning-line")}</object></child>
  <child><object class="GtkLabel" id="allowed-title">${wrapped}${styled("dim", "gap")}</object></child>
  <child>
    <object class="GtkScrolledWindow" id="allowed-scroll">
      <property name="hscrollbar-policy">never</property>
      <property name="overlay-scrolling">False</property>
      <child>
        <object class="GtkViewport">
          <property name="visible">True</property>
          <property name="shadow-type">none</property>
          <child><object class="GtkLabel" id="allowed">${wrapped}</object></child>
        </object>
      </child>
    </object>
  </child>
  <child>
    <object class="GtkButton" id="take-back">
      <property name="use-underline">True</property>
      <property name="halign">start</property>
    </object>
  </child>
</object>`;

/** Questions of the last page; they scroll where there are many. */
const survey = `
<object class="GtkBox" id="survey">
  <property name="orientation">vertical</property>
  <property name="spacing">8</property>
  ${styled("survey")}
  <child><object class="GtkLabel" id="survey-title">${wrapped}${styled("strong")}</object></child>
  <child>
    <object class="GtkScrolledWindow" id="survey-scroll">
      <property name="visible">True</property>
      <property name="hscrollbar-policy">never</property>
      <child><object class="GtkBox" id="survey-questions">
        <property name="visible">True</property>
        <property name="orientation">vertical</property>
        <property name="spacing">4</property>
      </object></child>
    </object>
  </child>
  <child><object class="GtkButton" id="survey-send">${button}</object></child>
</object>`;

const chat = `
<object class="GtkBox" id="chat">
  <property name="visible">True</property>
  <property name="orientation">vertical</property>
  ${styled("chat")}
  <child><object class="GtkLabel" id="nudge">${wrapped}${styled("nudge", "strong")}</object></child>
  <child>
    <object class="GtkScrolledWindow" id="chat-scroll">
      <property name="visible">True</property>
      <property name="hscrollbar-policy">never</property>
      <property name="min-content-height">90</property>
      <child>
        <object class="GtkViewport">
          <property name="visible">True</property>
          <property name="shadow-type">none</property>
          <child>
            <object class="GtkBox" id="chat-log">
              <property name="visible">True</property>
              <property name="orientation">vertical</property>
              <property name="spacing">2</property>
              <property name="valign">end</property>
              <property name="margin">10</property>
            </object>
          </child>
        </object>
      </child>
    </object>
    <packing><property name="expand">True</property></packing>
  </child>
  <child><object class="GtkLabel" id="typing">${wrapped}${styled("dim", "typing")}</object></child>
  <child>
    <object class="GtkBox" id="compose">
      <property name="visible">True</property>
      <property name="spacing">6</property>
      ${styled("compose")}
      <child>
        <object class="GtkEntry" id="chat-entry">
          <property name="visible">True</property>
          <property name="max-length">4000</property>
          <property name="width-chars">8</property>
        </object>
        <packing><property name="expand">True</property></packing>
      </child>
      <child><object class="GtkButton" id="chat-send">${button}</object></child>
      <child><object class="GtkButton" id="chat-file">
        <property name="use-underline">True</property>
      </object></child>
    </object>
  </child>
</object>`;

const session = `
<object class="GtkBox">
  <property name="visible">True</property>
  <property name="orientation">vertical</property>
  <child>${heading}</child>
  <child>${survey}</child>
  <child><object class="GtkLabel" id="survey-result">${wrapped}${styled("survey", "strong")}</object></child>
  <child>${chat}<packing><property name="expand">True</property></packing></child>
  <child>
    <object class="GtkBox">
      <property name="visible">True</property>
      ${styled("foot")}
      <child><object class="GtkButton" id="stop">${button}${styled("destructive-action", "stop")}</object>
        <packing><property name="expand">True</property></packing></child>
      <child><object class="GtkButton" id="close">
        <property name="use-underline">True</property>
        <property name="can-default">True</property>
        ${styled("suggested-action", "stop")}
      </object><packing><property name="expand">True</property></packing></child>
    </object>
  </child>
</object>`;

const key = `
<object class="GtkBox">
  <property name="visible">True</property>
  <property name="orientation">vertical</property>
  <property name="spacing">12</property>
  <property name="valign">center</property>
  ${styled("key")}
  <child><object class="GtkLabel" id="key-title">${wrapped}${styled("large")}</object></child>
  <child><object class="GtkLabel" id="key-body">${wrapped}</object></child>
  <child>
    <object class="GtkEntry" id="key-entry">
      <property name="visible">True</property>
      <property name="max-length">20</property>
      <property name="width-chars">9</property>
      <property name="xalign">0.5</property>
      <property name="input-purpose">digits</property>
      ${styled("key-entry")}
    </object>
  </child>
  <child><object class="GtkLabel" id="key-error">${wrapped}${styled("error-line")}</object></child>
  <child>
    <object class="GtkBox">
      <property name="visible">True</property>
      <property name="spacing">8</property>
      <property name="homogeneous">True</property>
      <child><object class="GtkButton" id="key-cancel">${button}</object>
        <packing><property name="expand">True</property></packing></child>
      <child><object class="GtkButton" id="key-ok">${button}${styled("suggested-action")}</object>
        <packing><property name="expand">True</property></packing></child>
    </object>
  </child>
</object>`;

/** The window, for gtk_builder_add_from_string. */
export const layout = `<interface>
<object class="GtkWindow" id="window">
  <property name="width-request">340</property>
  <property name="default-width">400</property>
  <property name="default-height">440</property>
  <property name="icon-name">help-browser</property>
  <child>
    <object class="GtkBox">
      <property name="visible">True</property>
      <property name="orientation">vertical</property>
      <child>${prompt}</child>
      <child>
        <object class="GtkStack" id="pages">
          <property name="visible">True</property>
          <property name="vhomogeneous">False</property>
          <child>${session}<packing><property name="name">session</property></packing></child>
          <child>${key}<packing><property name="name">key</property></packing></child>
        </object>
        <packing><property name="expand">True</property></packing>
      </child>
    </object>
  </child>
</object>
</interface>`;

/** The dialog for a file, which leaves the help window as it is to use: Stop must be within reach. */
export const chooserLayout = `<interface>
<object class="GtkFileChooserDialog" id="chooser">
  <property name="action">open</property>
  <property name="modal">False</property>
  <property name="type-hint">dialog</property>
  <child type="action"><object class="GtkButton" id="chooser-cancel">${button}</object></child>
  <child type="action"><object class="GtkButton" id="chooser-send">${button}</object></child>
  <action-widgets>
    <action-widget response="cancel">chooser-cancel</action-widget>
    <action-widget response="accept" default="true">chooser-send</action-widget>
  </action-widgets>
</object>
</interface>`;

/** Its style, for a GtkCssProvider. */
export const style = `
.prompt { padding: 14px; border-bottom: 1px solid @borders;
  background-color: mix(@theme_bg_color, @theme_selected_bg_color, 0.2); }
.prompt button { padding: 8px; }
.summary { padding: 14px 14px 10px 14px; }
.strong { font-weight: bold; font-size: 110%; }
.large { font-weight: bold; font-size: 130%; }
.dim { opacity: 0.75; }
.gap { margin-top: 8px; }
.dot { color: #e01b24; }
.warning-line { margin-top: 6px; padding: 6px 8px; border-radius: 5px; background-color: alpha(#f5c211, 0.35); }
.error-line { padding: 6px 8px; border-radius: 5px; background-color: alpha(#e01b24, 0.22); }
.chat { border-top: 1px solid @borders; background-color: @theme_base_color; }
.address { padding: 2px 6px; }
.survey { padding: 10px 14px; }
.nudge { padding: 8px 12px; background-color: alpha(#f5c211, 0.35); }
.typing { padding: 0 12px 4px 12px; }
.compose { padding: 8px 12px; border-top: 1px solid @borders; }
.sender { font-size: 85%; opacity: 0.75; margin-top: 6px; }
.bubble { padding: 6px 10px; border-radius: 10px;
  background-color: mix(@theme_base_color, @theme_fg_color, 0.09); }
.bubble.mine { background-color: mix(@theme_base_color, @theme_selected_bg_color, 0.3); }
.foot { padding: 10px 12px; border-top: 1px solid @borders; }
.stop { padding: 10px; font-weight: bold; font-size: 120%; }
.key { padding: 24px; }
.key-entry { font-size: 200%; padding: 8px; }
`;
