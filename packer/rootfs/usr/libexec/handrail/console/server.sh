# File: /usr/libexec/handrail/console/server.sh
# Purpose: what the console knows of the server: whether it runs, and how one knows that it is it.
# shellcheck shell=bash disable=SC2154

# The certificate's fingerprint, and when it was asked for, in seconds since the console started.
print=""
asked_at=0
# How often the server had been started anew when it was last seen to serve for a minute.
restarts_before=0

# Whether something listens on port 443, as the kernel's tables have it.
is_served() {
  [[ $(</proc/net/tcp) == *:01BB\ *:0000\ 0A\ * || $(</proc/net/tcp6) == *:01BB\ *:0000\ 0A\ * ]]
}

# Whether the support bundle is offered in the server's place, by this console or another one.
is_offered() { [ -s "$asked/bundle" ] && systemctl is-active --quiet handrail-support.service; }

# Learns the SHA-256 of the certificate that is shown, which browsers and consoles show too.
learn_certificate() {
  print=$(timeout 20 openssl s_client -connect 127.0.0.1:443 </dev/null 2>/dev/null |
    openssl x509 -noout -fingerprint -sha256 2>/dev/null)
  print=${print#*=}
  asked_at=$SECONDS
}

restarts() { systemctl show --property=NRestarts --value handrail-server.service; }

look_at_server() {
  if ! is_served || is_offered; then
    print=""
    # Somebody has stopped it: they are counted anew.
    if [ "$restarts_before" -gt 0 ] && [ "$(restarts)" -lt "$restarts_before" ]; then restarts_before=0; fi
    return
  fi
  if [ -n "$print" ]; then
    if [ $((SECONDS - asked_at)) -lt 60 ]; then return; fi
    restarts_before=$(restarts)
  fi
  learn_certificate
}

# Its journal has every stage of an update. One that nothing has touched for so long stands still.
is_updating() {
  [ -n "$(find "$releases/update/journal.json" -mmin -30 ! -newermt now 2>/dev/null)" ]
}

# It is started for ever: what was started anew several times, and has not served since, does not run.
server_state() {
  local name value state=failed restarts=0 job=""
  while IFS='=' read -r name value; do
    case $name in
      ActiveState) state=$value ;;
      NRestarts) restarts=$value ;;
      Job) job=$value ;;
    esac
  done < <(systemctl show --property=ActiveState,NRestarts,Job handrail-server.service)
  if is_offered; then
    printf offered
  elif is_updating; then
    printf starting
  elif [ "$state" = failed ] || { [ "$state" = inactive ] && [ "${job:-0}" = 0 ]; }; then
    printf failed
  elif [ $((restarts - restarts_before)) -lt 4 ]; then
    printf starting
  else
    printf failed
  fi
}
