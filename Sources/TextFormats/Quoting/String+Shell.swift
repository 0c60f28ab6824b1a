extension String {
    /// The argument as bash and its like must be given it to pass it on unchanged: one line, on which all can be seen.
    ///
    /// Plain words stay as they are, others are in single quotes, hidden characters between them as bytes: `'a'$'\x0A''b'`.
    package var quotedForShell: String {
        let plain = !isEmpty && utf8.allSatisfy { Self.plainInShells.contains($0) }
        if plain { return self }
        var text = "'"
        // Character by character a quote with an accent would be another one.
        for scalar in unicodeScalars {
            if scalar == "'" {
                text += #"'\''"#
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        text += "'"
        return text.visibleInShellQuotes
    }

    private static let plainInShells = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%".utf8)
}
