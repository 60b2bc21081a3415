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

# Has it made and offered, unless another console of the machine has. Making it takes a few minutes at
# most, part by part.
begin_offer() {
  local waited=0
  if is_offered; then return; fi
  sentence "${text[wait_bundle]}"
  systemctl start handrail-support.service 2>/dev/null
  while [ $((waited++)) -lt 480 ] && ! is_offered && systemctl is-active --quiet handrail-support.service; do
    sleep 1
  done
}

end_offer() {
  systemctl stop handrail-support.service
  : >"$asked/bundle"
}

# It is for whoever reads the code.
offer_bundle() {
  local code why
  look_at_server
  why=$(why_no_bundle)
  if [ -z "$why" ]; then
    begin_offer
    code=$(<"$asked/bundle")
    if [[ $code =~ ^[A-Z0-9-]{19}$ ]]; then
      show_offer "$code"
      # The other console may offer another one by now.
      if [ "$(<"$asked/bundle")" = "$code" ]; then end_offer; fi
      return
    fi
    why="${text[no_bundle]} $(tail -n 3 "$asked/why-no-bundle" 2>/dev/null)"
    end_offer
  fi
  sentence "$why"
  wait_for_key
}

show_offer() {
  local address code=$1
  learn_certificate
  printf '\n'
  for address in $(addresses); do line "${text[address]}" "$(url_of "$address")/$code"; done
  line "${text[fingerprint]}" "${print:0:47}"
  line "" "${print:48}"
  print=""
  forget_keys
  sentence "${text[bundle_is_offered]}"
  until read -r -s -n 1 -t 5 || ! is_offered; do :; done
}
