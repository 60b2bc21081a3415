# File: /usr/libexec/handrail/console/diagnosis.sh
# Purpose: says what works of the network and what does not.
# shellcheck shell=bash disable=SC2154

# Says of WHAT, called LABEL, whether a command succeeds.
verdict() {
  local label=$1 what=$2 end=${text[bad]}
  if "${@:3}" </dev/null >/dev/null 2>&1; then end=${text[good]}; fi
  line "$label" "${what:+$what  }$end"
}

# The same of each word of standard input, which the command has as its last.
verdicts() {
  local each found=""
  while read -r each; do
    verdict "$1" "$each" "${@:2}" "$each"
    found=yes
  done
  [ -n "$found" ] || line "$1" "${text[none]}"
}

# An address of a single link, as IPv6 gateways have, says behind % which.
gateways() {
  ip route show default | awk '{ print $3 }'
  ip -6 route show default | awk '$2 == "via" { print ($3 ~ /^fe80:/) ? $3 "%" $5 : $3 }'
}

# Whether a name server answers, asked for those of the root (RFC 1035 section 4.1).
knows_names() {
  # shellcheck disable=SC2016
  timeout 5 bash -c 'exec 3<>"/dev/udp/$0/53" &&
    printf "HR\1\0\0\1\0\0\0\0\0\0\0\0\2\0\1" >&3 && [ "$(head -c 2 <&3)" = HR ]' "$1"
}

# shellcheck disable=SC2016
connects() { timeout 5 bash -c ': <"/dev/tcp/$0/$1"' "$1" "$2"; }

diagnose() {
  ip -brief address show up
  printf '\n'
  gateways | verdicts "${text[gateway]}" ping -c 1 -W 3
  resolvectl dns | sed 's/^[^:]*: *//' | xargs -r -n 1 | verdicts "${text[name_server]}" knows_names
  verdict "${text[clock]}" "" grep -q yes <(timedatectl show -p NTPSynchronized --value)
  line "${text[free]}" "$(df -h --output=avail "$data" | tail -n 1)"
  line "${text[failed_units]}" "$(systemctl --failed --plain --no-legend | awk '{ print $1 }' | xargs)"
  try_target
}

# A name or an address, of IPv6 in brackets, and a port that is tried where one was written.
try_target() {
  local name port
  local port_at_end='(:([0-9]{1,5}))?' ipv6='\[([0-9A-Fa-f:.]+(%[a-z0-9]+)?)\]'
  printf '\n'
  ask_line "${text[ask_target]}"
  if [ -z "$typed" ]; then return; fi
  if [[ $typed =~ ^([A-Za-z0-9][A-Za-z0-9.-]*)$port_at_end$ ]]; then
    name=${BASH_REMATCH[1]} port=${BASH_REMATCH[3]}
    [[ $name =~ ^[0-9.]+$ ]] || verdict "${text[resolved]}" "" resolvectl query "$name"
  elif [[ $typed =~ ^$ipv6$port_at_end$ ]]; then
    name=${BASH_REMATCH[1]} port=${BASH_REMATCH[4]}
  else
    sentence "${text[bad_target]}"
    wait_for_key
    return
  fi
  verdict "${text[answers]}" "" ping -c 1 -W 3 "$name"
  [ -z "$port" ] || verdict "${text[port]}" "$port" connects "$name" "$port"
  wait_for_key
}
