# Completion of hardcore for bash: eval "$(hardcore completion bash)" in ~/.bashrc, or this file in
# ~/.local/share/bash-completion/completions/hardcore
_hardcore() {
  local line="${COMP_LINE:0:COMP_POINT}" word
  # bash splits words at : and =; what it leaves of the word before the cursor is not repeated
  local whole="${line##*[[:space:]]}" cur="${COMP_WORDS[COMP_CWORD]}"
  [[ $cur == [:=] ]] && cur=
  local before="${whole%"$cur"}"
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    if [[ $whole == *[:=]* ]]; then word="${word#"$before"}"; fi
    [[ $word == */ ]] && compopt -o nospace
    if [[ $whole == [\"\']* ]]; then COMPREPLY+=("$word"); else COMPREPLY+=("$(printf %q "$word")"); fi
  done < <("${COMP_WORDS[0]}" completion --line "$line" 2> /dev/null)
}
complete -F _hardcore hardcore
