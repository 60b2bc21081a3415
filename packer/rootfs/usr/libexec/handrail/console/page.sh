# File: /usr/libexec/handrail/console/page.sh
# Purpose: puts together what the console shows above its menu.
# shellcheck shell=bash disable=SC2154

# The folder is the server's: what lies there is shown only where it is a code, and nothing else's.
set_up_code() {
  local file=$data/set-up-code
  if [ -f "$file" ] && [ ! -L "$file" ]; then
    timeout 2 head -c 64 -- "$file" | tr -cd 'A-Z0-9-'
  fi
}

# It is started for ever: what was started anew several times does not run.
server_state() {
  local name value state=failed restarts=0
  while IFS='=' read -r name value; do
    case $name in
      ActiveState) state=$value ;;
      NRestarts) restarts=$value ;;
    esac
  done < <(systemctl show --property=ActiveState,NRestarts handrail-server.service)
  if [ "$restarts" -lt 4 ] && [[ $state =~ ^(active|activating|deactivating|inactive)$ ]]; then
    printf starting
  else
    printf failed
  fi
}

page() {
  local address all name refused
  # The kernel's is that of when this service started, which has a copy of its own.
  printf '%s %s   %s\n\n' "${text[title]}" "$(version)" "$(</etc/hostname)"
  # The first boot makes this folder, once the partition for data is there.
  if [ ! -d "$data/config" ]; then
    sentence "${text[no_data]}"
    return
  fi
  all=$(addresses)
  if [ -z "$all" ]; then sentence "${text[no_address]}"; fi
  if [ -e "$jumpoint" ]; then
    # No browser is answered there.
    for address in $all; do line "${text[menu_set_network]}" "$address"; done
    sentence "${text[is_jumpoint]}"
    return
  fi
  for address in $all; do line "${text[address]}" "$(url_of "$address")"; done
  refused=/opt/handrail/seed/refused-$language.txt
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
