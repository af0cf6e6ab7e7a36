#compdef hardcore
# Completion of hardcore for zsh: eval "$(hardcore completion zsh)" in ~/.zshrc after compinit, or this file as
# _hardcore in a folder of $fpath
_hardcore() {
  local line word
  local -a values shown open
  for line in "${(@f)$("${(Q)words[1]}" completion -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2> /dev/null)}"; do
    [[ -n $line ]] || continue
    word="${line%%$'\t'*}"
    if [[ $word == */ ]]; then open+=("$word"); continue; fi
    values+=("$word")
    shown+=("$word  ${line#*$'\t'}")
  done
  (( $#values )) && compadd -l -d shown -a values
  (( $#open )) && compadd -S '' -a open
}
if [[ $funcstack[1] == _hardcore ]]; then _hardcore "$@"; else compdef _hardcore hardcore; fi
