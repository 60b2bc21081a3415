# File: /usr/libexec/handrail/console/actions.sh
# Purpose: what the entries of the console's menu do.
# shellcheck shell=bash disable=SC2154

# The name goes as the instance of a unit: letters, digits, dots and dashes need no escaping there.
set_site() {
  ask_line "${text[ask_site]}"
  [ -n "$typed" ] || return
  if [[ ! $typed =~ ^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$ ]]; then
    sentence "${text[bad_name]}"
  elif systemctl start "handrail-site-address@$typed.service"; then
    sentence "${text[site_is_set]}"
    systemctl restart handrail-server.service
  else
    sentence "${text[bad_name]}"
  fi
  wait_for_key
}

restart() {
  is_sure "${text[sure_restart]}" || return
  # Everyone who works is told before, where there is a server that can.
  { operate restart || systemctl reboot; } && sleep 60
}

power_off() {
  is_sure "${text[sure_power_off]}" || return
  { operate power-off || systemctl poweroff; } && sleep 60
}

change_language() {
  if [ "$language" = en ]; then language=fr; else language=en; fi
  read_texts
}
