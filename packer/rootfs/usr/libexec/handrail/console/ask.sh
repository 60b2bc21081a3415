# File: /usr/libexec/handrail/console/ask.sh
# Purpose: how the console asks people, and how it has `handrail` do what they want.
# shellcheck shell=bash disable=SC2034,SC2154

# What was typed before a question was asked is no answer to it. A line that never stops is left.
forget_keys() {
  local -i round=0
  while ((round++ < 20)) && read -r -s -n 1000 -t 0.05; do :; done
}

# Asks for a line, which is in $typed then; nothing where nobody ends it: half an answer is none.
ask_line() {
  typed=""
  forget_keys
  sentence "$1"
  read -r -t "${2:-120}" typed || typed=""
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

# Runs `handrail` as the account that owns the data: what it prints is in $printed then, and what it
# says to people in $said. One console after the other: what one was told is not the other's.
ask_handrail() {
  local lock failed=0
  exec {lock}>"$asked/lock"
  flock "$lock"
  printf '%s\n' "$language" "$@" >"$asked/request"
  : >"$asked/answer"
  systemctl start handrail-operate.service 2>/dev/null || failed=1
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
