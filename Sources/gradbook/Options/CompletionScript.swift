/// The script that the parser writes for bash, changed where it takes names from the notebook.
///
/// `compgen -W` expands its words as the shell does, so that a name such as `$(...)` would be run at a press of TAB; and
/// what readline quotes of a file's name leaves `$`, backquotes and `~` as they are. Names are data: they are compared
/// with what is typed, and quoted here in the way it was begun.
enum CompletionScript {
    /// Any other text stays as it is.
    static func withoutExpansion(_ script: String) -> String {
        guard script.hasPrefix(shebang), script.contains(expanding) else { return script }
        return shebang + offering
            + script.dropFirst(shebang.count).replacing(expanding, with: "__gradbook_offer_names \"$(")
    }

    private static let shebang = "#!/bin/bash\n"
    private static let expanding = "__gradbook_add_completions -W \"$("

    // What is typed may hold backslashes before signs of the shell. In double quotes nothing quotes an exclamation mark.
    private static let offering = #"""

        __gradbook_offer_names() {
            local typed='' rest="${cur}" name
            while [[ "${rest}" == *\\?* ]]; do
                typed+="${rest%%\\*}"
                rest="${rest#*\\}"
                typed+="${rest:0:1}"
                rest="${rest:1}"
            done
            typed+="${rest}"
            local -r quote="${COMP_WORDS[${COMP_CWORD}]:0:1}"
            [[ "${quote}" == "'" ]] && typed="${cur#\'}"
            [[ "${quote}" == '"' ]] && typed="${typed#\"}"
            compopt +o filenames 2>/dev/null
            while IFS='' read -r name; do
                [[ -n "${name}" && "${name}" == "${typed}"* ]] || continue
                case "${quote}" in
                \')
                    name="${name//\'/\'\\\'\'}"
                    ;;
                \")
                    [[ "${name}" == *!* ]] && continue
                    name="${name//\\/\\\\}"
                    name="${name//\"/\\\"}"
                    name="${name//\$/\\\$}"
                    name="${name//\`/\\\`}"
                    ;;
                *)
                    printf -v name %q "${name}"
                    ;;
                esac
                COMPREPLY+=("${name}")
            done <<<"${1}"
        }

        """#
}
