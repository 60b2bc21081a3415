# File: /usr/libexec/handrail/console/facts.sh
# Purpose: what the console shows of the machine: its language, release and addresses. It is found out
# every few seconds, and so starts as few programs as can be.
# shellcheck shell=bash disable=SC2034
data=/var/lib/handrail
releases=/opt/handrail
# As the seed has it, and else English.
if ! read -r language 2>/dev/null </etc/handrail/language; then language=en; fi
jumpoint=/etc/handrail/jumpoint
# What goes to and fro between the console and what the service manager starts for it.
asked=/run/handrail-console

declare -A text=()

# Reads the texts of the language, which one entry of the menu changes.
read_texts() {
  # shellcheck source=/dev/null
  . "/usr/share/handrail/console/$language.sh"
}

# A release lies in a folder with its version's name.
version() {
  cd -P "$releases/current" 2>/dev/null && printf '%s' "${PWD##*/}"
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

# A label and what it stands for; bash's own widths count bytes, not letters.
line() {
  local room=$((text[width] - ${#1}))
  printf '  %s%*s %s\n' "$1" "$((room > 0 ? room : 0))" "" "$2"
}

# A sentence, on as many lines as a screen of 80 columns takes. What programs say may quote what others
# have written: nothing that a screen obeys is shown (ECMA-48: C0, DEL, and C1 as UTF-8 has it).
sentence() {
  printf '%s\n' "$1" | tr -d '\000-\010\013-\037\177' | LC_ALL=C sed 's/\xc2[\x80-\x9f]//g' |
    fold -s -w 76 | sed 's/^/  /'
}
