/**
 * What a program gets that is started for a special action. Source: environ(7), XDG Base Directory
 * and Desktop Entry Specification, D-Bus Specification.
 */
const kept = [
  /^(HOME|USER|LOGNAME|SHELL|PATH|TMPDIR|TZ)$/,
  /^(LANG|LANGUAGE|LC_[A-Z]+)$/,
  /^(DISPLAY|XAUTHORITY|WAYLAND_DISPLAY|XMODIFIERS|[A-Z0-9]+_IM_MODULE)$/,
  /^(DBUS_SESSION_BUS_ADDRESS|SESSION_MANAGER|DESKTOP_SESSION)$/,
  /^(XDG_[A-Z_]+|KDE_(FULL_SESSION|SESSION_VERSION|SESSION_UID))$/,
];

/** For a desktop that says nothing. */
const systemPath = "/usr/local/bin:/usr/bin:/bin";

/**
 * Of the client's environment that of the desktop: what a program needs to be found, to show itself
 * and to speak the person's language. Nothing of the client itself, nor of what it was started from,
 * such as keys in the environment of a terminal.
 */
export function desktopEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const entries = Object.entries(environment).filter(([name]) =>
    kept.some((pattern) => pattern.test(name)),
  );
  return { PATH: systemPath, ...Object.fromEntries(entries) };
}
