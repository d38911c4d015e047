# foureyes.bash - completion of foureyes for bash.
#
# What there is is asked of the program itself, so it is never out of date.

_foureyes() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local command='' i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--config) ((i++)) ;;
		-*) ;;
		*)
			command=${COMP_WORDS[i]}
			break
			;;
		esac
	done
	if [[ $before == --config ]]; then
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
	elif [[ -z $command || $command == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W "--config --version help \
		    $(foureyes help 2>/dev/null |
		        sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p')" -- "$word")
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(
			foureyes help "$command" 2>/dev/null |
			    grep -o -- '--[a-z][a-z-]*' | sort -u
		)" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
	fi
}
complete -o filenames -F _foureyes foureyes
