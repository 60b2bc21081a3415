# File: /usr/libexec/handrail/console/diagnosis.sh
# Purpose: says what works of the network and what does not, and gives out a support bundle.
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

# A server that runs gives it to administrators; in the place of one that does not it is offered here,
# to whoever reads the code. One that only starts is left alone, as in the middle of an update.
offer_bundle() {
  local address code="" waited=0 answer=""
  if [ -n "$print" ]; then
    answer=${text[bundle_at_login]}
  elif [ ! -e "$jumpoint" ] && [ -d "$data/config" ] && [ "$(server_state)" = starting ]; then
    answer=${text[no_bundle_yet]}
  fi
  if [ -n "$answer" ]; then
    sentence "$answer"
    wait_for_key
    return
  fi
  sentence "${text[wait_bundle]}"
  : >"$asked/bundle"
  systemctl start handrail-support.service
  while [ $((waited++)) -lt 300 ] && systemctl is-active --quiet handrail-support.service; do
    code=$(<"$asked/bundle")
    if [ -n "$code" ]; then break; fi
    sleep 1
  done
  if [[ $code =~ ^[A-Z0-9-]{19}$ ]]; then
    look_at_certificate
    printf '\n'
    for address in $(addresses); do line "${text[address]}" "$(url_of "$address")/$code"; done
    line "${text[fingerprint]}" "${print:0:47}"
    line "" "${print:48}"
    sentence "${text[bundle_is_offered]}"
    read -r -s -n 1 -t 900
  else
    sentence "${text[no_bundle]} $(tail -n 3 "$asked/answer")"
    wait_for_key
  fi
  systemctl stop handrail-support.service
}
