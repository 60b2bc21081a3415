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

look_at_server() {
  if ! is_served || is_offered; then print="" && return; fi
  if [ -n "$print" ]; then
    if [ $((SECONDS - asked_at)) -lt 60 ]; then return; fi
    restarts_before=$(systemctl show --property=NRestarts --value handrail-server.service)
  fi
  learn_certificate
}

# Its journal has every stage of an update. One that nothing has touched for so long stands still.
is_updating() {
  [ -n "$(find "$releases/update/journal.json" -mmin -30 2>/dev/null)" ]
}

# It is started for ever: what was started anew several times, and has not served since, does not run.
server_state() {
  local name value state=failed restarts=0 job="" before=${restarts_before:-0}
  while IFS='=' read -r name value; do
    case $name in
      ActiveState) state=$value ;;
      NRestarts) restarts=$value ;;
      Job) job=$value ;;
    esac
  done < <(systemctl show --property=ActiveState,NRestarts,Job handrail-server.service)
  # They are counted anew where somebody has stopped it.
  if [ "$restarts" -lt "$before" ]; then before=0; fi
  if is_offered; then
    printf offered
  elif is_updating; then
    printf starting
  elif [ "$state" = failed ] || { [ "$state" = inactive ] && [ "${job:-0}" = 0 ]; }; then
    printf failed
  elif [ $((restarts - before)) -lt 4 ]; then
    printf starting
  else
    printf failed
  fi
}

# The beginning of a file in the folder of the server, whose account may put anything in its place.
text_of() {
  if [ -f "$1" ] && [ ! -L "$1" ]; then timeout 2 head -c "$2" -- "$1" | tr -cd '[:print:]'; fi
}

# Shown only where it is a code.
set_up_code() { text_of "$data/set-up-code" 64 | tr -cd 'A-Z0-9-'; }

# Where people are told to go; nothing while nobody has said.
site() {
  local url='"publicUrl": *"(https://[][A-Za-z0-9.:-]+)"'
  if [[ $(text_of "$data/config/server.json" 65536) =~ $url ]]; then printf '%s' "${BASH_REMATCH[1]}"; fi
}
