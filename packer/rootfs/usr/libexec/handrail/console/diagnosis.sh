# File: /usr/libexec/handrail/console/diagnosis.sh
# Purpose: says what works of the network and what does not.
# shellcheck shell=bash disable=SC2154

verdict() {
  if "${@:2}" >/dev/null 2>&1; then line "$1" "${text[good]}"; else line "$1" "${text[bad]}"; fi
}

# A name or an address, and a port that is tried where one was written.
diagnose() {
  local gateways gateway name server target port
  ip -brief address show up
  printf '\n'
  gateways=$(ip route show default | awk '{ print $3 }')
  [ -n "$gateways" ] || line "${text[gateway]}" "${text[none]}"
  for gateway in $gateways; do
    verdict "${text[gateway]} $gateway" ping -c 1 -W 3 "$gateway"
  done
  server=$(resolvectl dns | sed 's/^[^:]*: *//' | xargs)
  line "${text[name_servers]}" "${server:-${text[none]}}"
  verdict "${text[clock]}" grep -q yes <(timedatectl show -p NTPSynchronized --value)
  line "${text[free]}" "$(df -h --output=avail "$data" | tail -n 1)"
  line "${text[failed_units]}" "$(systemctl --failed --plain --no-legend | awk '{ print $1 }' | xargs)"
  printf '\n%s ' "${text[ask_target]}"
  read -r -t 60 target
  [[ $target =~ ^([A-Za-z0-9.-]+)(:([0-9]{1,5}))?$ ]] || return
  name=${BASH_REMATCH[1]} port=${BASH_REMATCH[3]}
  verdict "${text[resolved]}" resolvectl query "$name"
  verdict "${text[answers]}" ping -c 1 -W 3 "$name"
  # shellcheck disable=SC2016
  [ -z "$port" ] || verdict "${text[port]} $port" timeout 5 bash -c ': <"/dev/tcp/$0/$1"' "$name" "$port"
  wait_for_key
}
