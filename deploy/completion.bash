# bash completion for mailwijzer. It asks the program itself, so it knows what that knows.

_mailwijzer()
{
    local program=$1 word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} help choices
    COMPREPLY=()

    # --format=dot comes as three words.
    if [ "$word" = = ]; then word=
    elif [ "$before" = = ]; then before=${COMP_WORDS[COMP_CWORD - 2]}; fi

    if [ "$COMP_CWORD" -eq 1 ]; then
        choices="$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p') --help --version"
    else
        help=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null) || return
        case $before in
        --*)
            # "[--format dot|mermaid]": its values; "[--name NAME]": one that only its writer knows.
            choices=$(sed -n "/^\$/q;s/.*$before \([^][ ]*\).*/\1/p" <<<"$help" | head -n 1)
            case $choices in
            *'|'*) choices=${choices//'|'/ } ;;
            '') choices=all ;;
            *) return ;;
            esac ;;
        *) choices=all ;;
        esac
        [ "$choices" = all ] && choices="$(grep -oE -- '--[a-z][a-z-]+' <<<"$help" | sort -u) --help"
    fi
    mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word")
}

complete -F _mailwijzer mailwijzer
