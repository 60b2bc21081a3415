# File: .zshenv
# Purpose: what zsh reads first when it runs for a representative: the user's own file of that name,
# as if it had been read alone. The folder of start-up files is ours again afterwards.

__handrail_folder=$ZDOTDIR
if [[ -n ${HANDRAIL_ZDOTDIR-} ]]; then
  ZDOTDIR=$HANDRAIL_ZDOTDIR
else
  unset ZDOTDIR
fi
unset HANDRAIL_ZDOTDIR
if [[ -r ${ZDOTDIR:-$HOME}/.zshenv ]]; then
  . "${ZDOTDIR:-$HOME}/.zshenv"
fi
__handrail_user_folder=${ZDOTDIR-}
ZDOTDIR=$__handrail_folder
