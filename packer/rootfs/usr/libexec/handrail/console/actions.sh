# File: /usr/libexec/handrail/console/actions.sh
# Purpose: what the entries of the console's menu do.
# shellcheck shell=bash disable=SC2154

wait_for_key() {
  printf '\n%s ' "${text[any_key]}"
  read -r -s -n 1 -t 120
}

# Yes is one letter in every language of ours; anything else, and silence, is no.
is_sure() {
  local answer=""
  sentence "$1"
  read -r -n 1 -t 30 answer
  printf '\n'
  [[ ${answer^^} == "${text[yes]}" ]]
}

new_code() {
  if [ ! -r "$data/set-up-code" ]; then
    sentence "${text[is_set_up]}"
  elif is_sure "${text[sure_new_code]}"; then
    systemctl start handrail-set-up-code.service || sentence "${text[server_failed]}"
    return
  fi
  wait_for_key
}

restart() {
  is_sure "${text[sure_restart]}" || return
  systemctl reboot && sleep 60
}

power_off() {
  is_sure "${text[sure_power_off]}" || return
  systemctl poweroff && sleep 60
}

change_language() {
  if [ "$language" = en ]; then language=fr; else language=en; fi
  read_texts
}

verdict() {
  if "${@:2}" >/dev/null 2>&1; then line "$1" "${text[good]}"; else line "$1" "${text[bad]}"; fi
}

# A name or an address, and a port that is tried where one was written.
diagnose() {
  local gateway name server target port
  ip -brief address show up
  printf '\n'
  for gateway in $(ip route show default | awk '{ print $3 }'); do
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
