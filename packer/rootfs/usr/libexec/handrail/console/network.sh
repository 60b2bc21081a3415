# File: /usr/libexec/handrail/console/network.sh
# Purpose: asks for the settings of the machine, which `handrail` checks, writes down and sets.
# shellcheck shell=bash disable=SC2154

set_network() {
  local each
  local -a words
  ask_line "${text[ask_address]}"
  read -r -a words <<<"${typed,,}"
  [ "${#words[@]}" -gt 0 ] || return
  if [ "${words[0]}" != dhcp ]; then
    ask_line "${text[ask_gateway]}"
    for each in ${typed,,}; do words+=("--gateway=$each"); done
    ask_line "${text[ask_servers]}"
    for each in ${typed,,}; do words+=("--name-server=$each"); done
    ask_line "${text[ask_vlan]}"
    [ -z "$typed" ] || words+=("--vlan=$typed")
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
  local each
  local -a words=()
  ask_line "${text[ask_zone]}"
  # Zones are written in capitals and small letters.
  [ -z "$typed" ] || words+=("--zone=$typed")
  ask_line "${text[ask_time_servers]}"
  for each in ${typed,,}; do words+=("--server=${each#debian}"); done
  [ "${#words[@]}" -gt 0 ] || return
  operate time set "${words[@]}" && sentence "${text[done]}"
  wait_for_key
}

set_proxy() {
  ask_line "${text[ask_proxy]}"
  case ${typed,,} in
    "") return ;;
    none) operate proxy off ;;
    *) operate proxy set "${typed,,}" ;;
  esac && sentence "${text[done]}"
  wait_for_key
}
