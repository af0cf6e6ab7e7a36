# Completion of hardcore for fish: hardcore completion fish > ~/.config/fish/completions/hardcore.fish
function __hardcore_words
  set -l typed (commandline -opc)
  set -l word (commandline -ct | string unescape; or commandline -ct)
  $typed[1] completion -- $typed[2..-1] "$word" 2> /dev/null
end
complete -c hardcore -f -a '(__hardcore_words)'
