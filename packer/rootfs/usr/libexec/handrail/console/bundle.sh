# File: /usr/libexec/handrail/console/bundle.sh
# Purpose: gives out a support bundle where the server, which gives it to administrators, does not run.
# shellcheck shell=bash disable=SC2154

# Why there is none, or it is not needed: a server that runs gives it, and one that only starts is left
# alone, as in the middle of an update.
why_no_bundle() {
  if [ -n "$print" ]; then
    printf '%s' "${text[bundle_at_login]}"
  elif [ ! -e "$jumpoint" ] && [ -d "$data/config" ] && [ "$(server_state)" = starting ]; then
    printf '%s' "${text[no_bundle_yet]}"
  fi
}

# Starts what makes and offers it, unless another console of the machine has.
begin_offer() {
  local waited=0
  if is_offered; then return; fi
  sentence "${text[wait_bundle]}"
  : >"$asked/bundle"
  systemctl start handrail-support.service
  while [ $((waited++)) -lt 300 ] && ! is_offered && systemctl is-active --quiet handrail-support.service; do
    sleep 1
  done
}

# It is for whoever reads the code.
offer_bundle() {
  local address code why
  why=$(why_no_bundle)
  if [ -n "$why" ]; then
    sentence "$why"
    wait_for_key
    return
  fi
  begin_offer
  code=$(<"$asked/bundle")
  if [[ $code =~ ^[A-Z0-9-]{19}$ ]]; then
    learn_certificate
    printf '\n'
    for address in $(addresses); do line "${text[address]}" "$(url_of "$address")/$code"; done
    line "${text[fingerprint]}" "${print:0:47}"
    line "" "${print:48}"
    print=""
    forget_keys
    sentence "${text[bundle_is_offered]}"
    until read -r -s -n 1 -t 5 || ! is_offered; do :; done
    # The other console may offer another one by now.
    if [ "$(<"$asked/bundle")" != "$code" ]; then return; fi
  else
    sentence "${text[no_bundle]} $(tail -n 3 "$asked/answer")"
    wait_for_key
  fi
  systemctl stop handrail-support.service
  : >"$asked/bundle"
}
