extension String {
    /// The argument as a shell must be given it to pass it on unchanged.
    package var quotedForShell: String {
        let plain = !isEmpty && utf8.allSatisfy { Self.plainInShells.contains($0) }
        return plain
            ? self : "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private static let plainInShells = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%".utf8)
}
