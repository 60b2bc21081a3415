# File: /usr/libexec/handrail/console/network.sh
# Purpose: asks how the appliance gets its address. The unit that it starts checks and writes it.
# shellcheck shell=bash disable=SC2154
request=/run/handrail-console/network

set_network() {
  local address="" gateway="" servers=""
  sentence "${text[ask_address]}"
  read -r -t 120 address
  [ -n "$address" ] || return
  if [ "${address,,}" != dhcp ]; then
    printf '  %s ' "${text[ask_gateway]}"
    read -r -t 120 gateway
    printf '  %s ' "${text[ask_servers]}"
    read -r -t 120 servers
  fi
  printf '%s\n' "${address,,}" "$gateway" "$servers" >"$request"
  if systemctl start handrail-network.service; then
    sentence "${text[network_is_set]}"
  else
    sentence "${text[bad_address]}"
  fi
  wait_for_key
}
