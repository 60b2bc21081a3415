# File: /usr/libexec/handrail/console/network.sh
# Purpose: asks for the settings of the machine, which `handrail` checks, writes down and sets.
# shellcheck shell=bash disable=SC2154

set_network() {
  local each vlan
  local -a words
  sentence "${text[ask_address]}"
  read -r -a words -t 120
  [ "${#words[@]}" -gt 0 ] || return
  words=("${words[@],,}")
  if [ "${words[0]}" != dhcp ]; then
    for each in $(asked_for "${text[ask_gateway]}"); do words+=("--gateway=$each"); done
    for each in $(asked_for "${text[ask_servers]}"); do words+=("--name-server=$each"); done
    vlan=$(asked_for "${text[ask_vlan]}")
    [ -z "$vlan" ] || words+=("--vlan=$vlan")
  fi
  sentence "${text[wait]}"
  if operate network set "${words[@]}"; then
    page
    if is_sure "${text[sure_network]}" 75 && operate network keep; then
      sentence "${text[done]}"
    else
      operate network undo
      sentence "${text[network_is_back]}"
    fi
  fi
  wait_for_key
}

set_time() {
  local zone each
  local -a words=()
  zone=""
  sentence "${text[ask_zone]}"
  # Zones are written in capitals and small letters.
  read -r -t 120 zone
  [ -z "$zone" ] || words+=("--zone=$zone")
  for each in $(asked_for "${text[ask_time_servers]}"); do words+=("--server=${each#debian}"); done
  [ "${#words[@]}" -gt 0 ] || return
  operate time set "${words[@]}" && sentence "${text[done]}"
  wait_for_key
}

set_proxy() {
  local address
  address=$(asked_for "${text[ask_proxy]}")
  case $address in
    "") return ;;
    none) operate proxy off ;;
    *) operate proxy set "$address" ;;
  esac && sentence "${text[done]}"
  wait_for_key
}
