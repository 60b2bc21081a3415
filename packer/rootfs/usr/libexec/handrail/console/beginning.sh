# File: /usr/libexec/handrail/console/beginning.sh
# Purpose: what is decided once: what this machine is, and that it becomes a new one.
# shellcheck shell=bash disable=SC2154

# Only before there is an administrator: nobody loses a site by a key.
change_role() {
  local role=jumpoint
  if [ -e "$jumpoint" ]; then
    role=appliance
  elif [ ! -r "$data/set-up-code" ]; then
    sentence "${text[has_role]}"
    wait_for_key
    return
  fi
  is_sure "${text[sure_$role]}" || return
  systemctl start "handrail-role@$role.service" || { sentence "${text[not_done]}"; wait_for_key; }
}

factory_reset() {
  ask_line "${text[sure_reset]}"
  if [ "$typed" != RESET ]; then
    sentence "${text[nothing_changed]}"
  elif systemctl start handrail-reset-mark.service; then
    sleep 60
    return
  else
    sentence "${text[not_done]}"
  fi
  wait_for_key
}
