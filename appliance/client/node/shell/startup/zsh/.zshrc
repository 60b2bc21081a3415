# File: .zshrc
# Purpose: reads the user's own .zshrc, then marks where each command line begins (S), in which
# directory (D) and with which code it ended (X). The nonce tells these marks from anything that a
# program may print.

if [[ -n $__handrail_user_folder ]]; then
  ZDOTDIR=$__handrail_user_folder
else
  unset ZDOTDIR
fi
# A system's start-up files may have taken our folder for the user's.
if [[ ${HISTFILE-} == $__handrail_folder/* ]]; then
  HISTFILE=${ZDOTDIR:-$HOME}/.zsh_history
fi
unset __handrail_folder __handrail_user_folder

typeset -g __handrail_nonce=${HANDRAIL_MARK-}
unset HANDRAIL_MARK

if [[ -r ${ZDOTDIR:-$HOME}/.zshrc ]]; then
  . "${ZDOTDIR:-$HOME}/.zshrc"
fi

# Controls would end a mark too early, and a command line is told in one line.
__handrail_mark() {
  emulate -L zsh
  builtin printf '\e]6973;%s;%s;%s\a' "$__handrail_nonce" "$1" "${2//[[:cntrl:]]/ }"
}

__handrail_began() {
  emulate -L zsh
  __handrail_mark D "$PWD"
  __handrail_mark S "${${1:-${3-}}[1,4000]}"
}

__handrail_prompt() {
  __handrail_mark X "$?"
}

typeset -ga preexec_functions precmd_functions
preexec_functions=(__handrail_began $preexec_functions)
precmd_functions=(__handrail_prompt $precmd_functions)
