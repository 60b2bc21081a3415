# File: /usr/libexec/handrail/console/facts.sh
# Purpose: what the console shows: where the appliance is reached, and how one knows that it is it.
# shellcheck shell=bash
data=/var/lib/handrail
language=en

declare -A text=()

# Reads the texts of the language, which one entry of the menu changes.
read_texts() {
  # shellcheck source=/dev/null
  . "/usr/share/handrail/console/$language.sh"
}

# A release lies in a folder with its version's name.
version() {
  basename "$(readlink /opt/handrail/current)"
}

# The machine's addresses that others can reach, one a line.
addresses() {
  ip -oneline address show scope global up | awk '{ print $4 }' | sed 's|/.*||'
}

# As browsers take it: an IPv6 address stands in brackets.
url_of() {
  case $1 in
    *:*) echo "https://[$1]" ;;
    *) echo "https://$1" ;;
  esac
}

# SHA-256 of the certificate that the server shows, the same that browsers and consoles show.
fingerprint() {
  timeout 20 openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint -sha256 2>/dev/null | sed 's/.*=//'
}

# Where people are told to go; nothing while nobody has said.
site() {
  sed -nE 's/^ *"publicUrl": *"([^"]+)".*/\1/p' "$data/config/server.json"
}

line() {
  printf '  %-*s %s\n' "${text[width]}" "$1" "$2"
}

# A sentence, on as many lines as a screen of 80 columns takes.
sentence() {
  printf '%s\n' "$1" | fold -s -w 76 | sed 's/^/  /'
}

facts() {
  local address print
  printf '%s %s   %s\n\n' "${text[title]}" "$(version)" "$(hostname)"
  if ! mountpoint -q "$data"; then
    sentence "${text[no_data]}"
    return
  fi
  if [ -z "$(addresses)" ]; then sentence "${text[no_address]}"; fi
  for address in $(addresses); do line "${text[address]}" "$(url_of "$address")"; done
  print=$(fingerprint)
  if [ -z "$print" ]; then
    sentence "${text["server_$(systemctl is-active handrail-server)"]:-${text[server_failed]}}"
    return
  fi
  if [ -n "$(site)" ]; then line "${text[site]}" "$(site)"; fi
  line "${text[fingerprint]}" "${print:0:47}"
  line "" "${print:48}"
  if [ -r "$data/set-up-code" ]; then
    line "${text[code]}" "$(<"$data/set-up-code")"
    echo
    sentence "${text[how_to_begin]}"
  fi
}
