# File: /usr/libexec/handrail/console/entry.sh
# Purpose: lets administrators in: the first one, and one who has lost the password.
# shellcheck shell=bash disable=SC2154

new_code() {
  if [ ! -r "$data/set-up-code" ]; then
    sentence "${text[is_set_up]}"
  elif is_sure "${text[sure_new_code]}"; then
    systemctl start handrail-set-up-code.service || sentence "${text[server_failed]}"
    return
  fi
  wait_for_key
}

# Whoever is at the console could as well start the machine from another disk. It is for one sign-in,
# in the audit log, and leaves a second factor as it is.
new_password() {
  if [ -r "$data/set-up-code" ]; then
    sentence "${text[is_not_set_up]}"
    wait_for_key
    return
  fi
  ask_line "${text[ask_administrator]}"
  [ -n "$typed" ] || return
  if ask_handrail administrator-password "--name=$typed" &&
    [[ $printed =~ ^[A-Z0-9]{4}(-[A-Z0-9]{4}){5}$ ]]; then
    line "${text[password]}" "$printed"
    sentence "${text[password_is_made]}"
  else
    sentence "${text[no_password]} $said"
  fi
  printed=""
  wait_for_key
}
