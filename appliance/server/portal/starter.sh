#!/bin/sh
# File: handrail-support-*.sh
# Purpose: starts the program with which somebody can help you on this computer, for the one
# session that it was made for. It talks to @SITE@ alone and only if that has the key below. The
# program is kept in your cache folder and checked each time; nothing is installed.
set -eu

site='@SITE@'
pin='sha256//@PUBLIC_KEY_PIN@'
platform='linux-x64'
archive='@ARCHIVE_SHA256@'
contents='@CONTENTS_SHA256@'
ticket='@TICKET@'

# A terminal that is not set to UTF-8 would show more than ASCII as something else.
say() {
  case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
  *[Uu][Tt][Ff]8* | *[Uu][Tt][Ff]-8*) printf '%s\n' "$*" >&2 ;;
  *)
    printf '%s\n' "$*" | LC_ALL=C sed -e 's/ …/.../g' -e 's/à/a/g' -e 's/ç/c/g' \
      -e 's/é/e/g' -e 's/è/e/g' -e 's/ê/e/g' -e 's/É/E/g' -e "s/’/'/g" >&2
    ;;
  esac
}

fail() {
  say "$*"
  exit 1
}

check_computer() {
  [ "$(uname -s) $(uname -m)" = 'Linux x86_64' ] || fail '@TEXT_OTHER_SYSTEM@'
  for program in curl tar gzip sha256sum mktemp; do
    command -v "$program" >/dev/null 2>&1 || fail "@TEXT_MISSING_PROGRAM@ $program"
  done
}

# Whether the folder holds exactly the files that the site has published.
is_intact() {
  [ -f "$1/SHA256SUMS" ] &&
    printf '%s  %s\n' "$contents" "$1/SHA256SUMS" | sha256sum -c >/dev/null 2>&1 &&
    (cd "$1" && sha256sum -c SHA256SUMS >/dev/null 2>&1)
}

# Whether the site says so; when it cannot be reached, the program will see for itself.
is_over() {
  answer=$(printf 'data = "ticket=%s"\n' "$ticket" |
    curl -sSk --pinnedpubkey "$pin" --proto '=https' -K - -m 10 -o /dev/null \
      -w '%{http_code}' "$site/start/check" 2>/dev/null) || return 1
  [ "$answer" = 410 ]
}

download() {
  draft=$(mktemp -d "$cache/draft.XXXXXX")
  trap 'rm -rf "$draft"' EXIT
  trap 'exit 1' HUP INT TERM
  say '@TEXT_DOWNLOADING@'
  # The site is known by its key, not by what vouches for its name: so -k, with the pin.
  # `printf` is the shell's own, and curl reads the secret from its input: no list shows it.
  printf 'header = "handrail-ticket: %s"\n' "$ticket" |
    curl -fsSk --pinnedpubkey "$pin" --proto '=https' -K - -o "$draft/archive" \
      "$site/client/$platform/$archive.tar.gz" || fail '@TEXT_NOT_REACHED@'
  printf '%s  %s\n' "$archive" "$draft/archive" | sha256sum -c >/dev/null 2>&1 ||
    fail '@TEXT_TAMPERED@'
  mkdir "$draft/files"
  tar -xzf "$draft/archive" -C "$draft/files" || fail '@TEXT_NO_SPACE@'
  is_intact "$draft/files" || fail '@TEXT_TAMPERED@'
  rm -rf "$home"
  mv "$draft/files" "$home"
  rm -rf "$draft"
  trap - EXIT HUP INT TERM
}

main() {
  check_computer
  umask 077
  cache="${XDG_CACHE_HOME:-$HOME/.cache}/handrail"
  home="$cache/$archive"
  if ! is_intact "$home"; then
    # The program says it too, in a window; but nobody should have to download it for that.
    if is_over; then
      say '@TEXT_OVER@'
      exit
    fi
    mkdir -p "$cache" || fail '@TEXT_NO_SPACE@'
    download
  fi
  touch "$home"
  # What no session has used for a month makes room.
  find "$cache" -mindepth 1 -maxdepth 1 -type d -mtime +30 -exec rm -rf {} + || true
  say '@TEXT_STARTING@'
  # Its name, so that the program can say at the end what becomes of it.
  case "$0" in *.sh) export HANDRAIL_STARTER="$0" ;; esac
  exec "$home/node" "$home/app.mjs" --join - <<'HANDRAIL_END'
@JOIN@
HANDRAIL_END
}

main
exit
