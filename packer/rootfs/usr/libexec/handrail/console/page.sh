# File: /usr/libexec/handrail/console/page.sh
# Purpose: puts together what the console shows above its menu.
# shellcheck shell=bash disable=SC2154

# The beginning of a file in the folder of the server, whose account may put anything in its place.
text_of() {
  if [ -f "$1" ] && [ ! -L "$1" ]; then timeout 2 head -c "$2" -- "$1" | tr -cd '[:print:]'; fi
}

# Shown only where it is a code.
set_up_code() { text_of "$data/set-up-code" 64 | tr -cd 'A-Z0-9-'; }

# Where people are told to go; nothing while nobody has said.
site() {
  local url='"publicUrl": *"(https://[][A-Za-z0-9.:-]+)"'
  if [[ $(text_of "$data/config/server.json" 65536) =~ $url ]]; then printf '%s' "${BASH_REMATCH[1]}"; fi
}

page() {
  local address all name refused
  # The kernel's is that of when this service started, which has a copy of its own.
  printf '%s %s   %s\n\n' "${text[title]}" "$(version)" "$(</etc/hostname)"
  # The first boot makes this folder, once the partition for data is there.
  if [ ! -d "$data/config" ] && ! is_offered; then
    sentence "${text[no_data]}"
    return
  fi
  all=$(addresses)
  if [ -z "$all" ]; then sentence "${text[no_address]}"; fi
  if [ -e "$jumpoint" ] && ! is_offered; then
    # No browser is answered there.
    for address in $all; do line "${text[menu_set_network]}" "$address"; done
    sentence "${text[is_jumpoint]}"
    return
  fi
  for address in $all; do line "${text[address]}" "$(url_of "$address")"; done
  refused=$releases/seed/refused-$language.txt
  if [ -r "$refused" ] && [ -r "$data/set-up-code" ]; then sentence "$(<"$refused")"; fi
  if [ -z "$print" ]; then
    sentence "${text["server_$(server_state)"]}"
    return
  fi
  name=$(site)
  if [ -n "$name" ]; then line "${text[site]}" "$name"; fi
  line "${text[fingerprint]}" "${print:0:47}"
  line "" "${print:48}"
  if [ -r "$data/set-up-code" ]; then
    line "${text[code]}" "$(set_up_code)"
    printf '\n'
    sentence "${text[how_to_begin]}"
  fi
}
