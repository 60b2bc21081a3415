# File: bash.sh
# Purpose: what bash reads in place of ~/.bashrc when it runs for a representative. It reads that
# file, then marks where each command line begins (S), in which directory (D) and with which code it
# ended (X). The nonce tells these marks from anything that a program may print.

__handrail_nonce=${HANDRAIL_MARK-}
unset HANDRAIL_MARK

if [[ -r ~/.bashrc ]]; then
  . ~/.bashrc
fi

# Controls would end a mark too early, and a command line is told in one line.
__handrail_mark() {
  builtin printf '\e]6973;%s;%s;%s\a' "$__handrail_nonce" "$1" "${2//[[:cntrl:]]/ }"
}

# Runs in a subshell, when a command line has been read and before anything of it is done.
__handrail_began() {
  builtin set +xu
  local line='' HISTTIMEFORMAT=''
  if [[ -o history ]]; then
    line=$(builtin history 1)
    line=${line#*[0-9][* ] }
  fi
  __handrail_mark D "$PWD"
  __handrail_mark S "${line:0:4000}"
}

# Every line goes into the history, to be read from there; what the user did not want in it is taken
# out again as soon as it has been done.
__handrail_forget_line() {
  local line number HISTTIMEFORMAT='' pattern ignored=''
  line=$(builtin history 1)
  [[ $line =~ ^\ *([0-9]+)[*\ ]\  ]] || return 0
  number=${BASH_REMATCH[1]}
  line=${line#*[0-9][* ] }
  [[ $number != "$__handrail_number" ]] || return 0
  case :$__handrail_control: in
    *:ignorespace:* | *:ignoreboth:*) [[ $line != ' '* ]] || ignored=1 ;;
  esac
  case :$__handrail_control: in
    *:ignoredups:* | *:ignoreboth:*) [[ $line != "$__handrail_line" ]] || ignored=1 ;;
  esac
  local IFS=:
  local -
  builtin set -f
  for pattern in $__handrail_ignore; do
    # shellcheck disable=SC2053 # It is a pattern.
    [[ $line != ${pattern//&/"$__handrail_line"} ]] || ignored=1
  done
  if [[ $ignored ]]; then
    builtin history -d "$number"
  else
    __handrail_number=$number
    __handrail_line=$line
  fi
}

__handrail_prompt() {
  local status=$?
  __handrail_mark X "$status"
  if [[ -n ${HISTCONTROL-} || -n ${HISTIGNORE-} ]]; then
    __handrail_control=${HISTCONTROL-}
    __handrail_ignore=${HISTIGNORE-}
    HISTCONTROL=
    HISTIGNORE=
  fi
  __handrail_forget_line
  # shellcheck disable=SC2016 # Expanded at each prompt.
  if [[ ${PS0-} != *__handrail_began* ]]; then
    PS0='$(__handrail_began)'${PS0-}
  fi
  return "$status"
}

__handrail_number=
__handrail_line=
__handrail_control=
__handrail_ignore=
PROMPT_COMMAND=__handrail_prompt${PROMPT_COMMAND:+$'\n'$PROMPT_COMMAND}
