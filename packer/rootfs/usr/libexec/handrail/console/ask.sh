# File: /usr/libexec/handrail/console/ask.sh
# Purpose: how the console asks people, and how it has `handrail` do what they want.
# shellcheck shell=bash disable=SC2034,SC2154

# What was typed before a question was asked is no answer to it.
forget_keys() {
  while read -r -s -n 1000 -t 0.05; do :; done
}

wait_for_key() {
  forget_keys
  printf '\n%s ' "${text[any_key]}"
  read -r -s -n 1 -t 120
}

# Yes is one letter in every language of ours; anything else, and silence, is no.
is_sure() {
  local answer=""
  forget_keys
  sentence "$1"
  read -r -n 1 -t "${2:-30}" answer
  printf '\n'
  [[ ${answer^^} == "${text[yes]}" ]]
}

# What somebody types, in small letters; nothing when nobody does.
asked_for() {
  local typed=""
  printf '  %s ' "$1" >&2
  read -r -t 120 typed
  printf '%s' "${typed,,}"
}

# Runs `handrail` as the account that owns the data: what it prints is in $printed then, and what it
# says to people in $said. One console after the other: what one was told is not the other's.
ask_handrail() {
  local lock failed=0
  exec {lock}>"$asked/lock"
  flock "$lock"
  printf '%s\n' "$language" "$@" >"$asked/request"
  systemctl start handrail-operate.service || failed=1
  printed=$(<"$asked/output")
  said=$(tail -n 5 "$asked/answer")
  : >"$asked/output"
  exec {lock}>&-
  return "$failed"
}

# The same; says why it has refused.
operate() {
  ask_handrail "$@" && return
  sentence "$said"
  return 1
}
