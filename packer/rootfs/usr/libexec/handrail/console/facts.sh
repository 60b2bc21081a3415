# File: /usr/libexec/handrail/console/facts.sh
# Purpose: what the console shows: where the appliance is reached, and how one knows that it is it.
# It is found out every few seconds, and so starts as few programs as can be.
# shellcheck shell=bash
data=/var/lib/handrail
# As the seed has it, and else English.
if ! read -r language 2>/dev/null </etc/handrail/language; then language=en; fi
# shellcheck disable=SC2034
jumpoint=/etc/handrail/jumpoint
# The certificate's fingerprint, and when it was asked for, in seconds since the console started.
print=""
asked_at=0

declare -A text=()

# Reads the texts of the language, which one entry of the menu changes.
read_texts() {
  # shellcheck source=/dev/null
  . "/usr/share/handrail/console/$language.sh"
}

# A release lies in a folder with its version's name.
version() {
  cd -P /opt/handrail/current 2>/dev/null && printf '%s' "${PWD##*/}"
}

# The machine's addresses that others can reach, one a line.
addresses() {
  local address
  while read -r _ _ _ address _; do
    printf '%s\n' "${address%/*}"
  done < <(ip -oneline address show scope global up)
}

# As browsers take it: an IPv6 address stands in brackets.
url_of() {
  case $1 in
    *:*) printf 'https://[%s]' "$1" ;;
    *) printf 'https://%s' "$1" ;;
  esac
}

# Whether something listens on port 443, as the kernel's tables have it.
is_served() {
  [[ $(</proc/net/tcp) == *:01BB\ *:0000\ 0A\ * || $(</proc/net/tcp6) == *:01BB\ *:0000\ 0A\ * ]]
}

# Learns the SHA-256 of the certificate that the server shows, which browsers and consoles show too.
look_at_certificate() {
  if ! is_served; then print="" && return; fi
  if [ -n "$print" ] && [ $((SECONDS - asked_at)) -lt 60 ]; then return; fi
  print=$(timeout 20 openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint -sha256 2>/dev/null)
  print=${print#*=}
  asked_at=$SECONDS
}

# Where people are told to go; nothing while nobody has said.
site() {
  if [[ $(<"$data/config/server.json") =~ \"publicUrl\":\ *\"([^\"]+)\" ]]; then
    printf '%s' "${BASH_REMATCH[1]}"
  fi
}

line() {
  printf '  %-*s %s\n' "${text[width]}" "$1" "$2"
}

# A sentence, on as many lines as a screen of 80 columns takes.
sentence() {
  printf '%s\n' "$1" | fold -s -w 76 | sed 's/^/  /'
}
