/// How what comes in is called where its name is taken.
package struct MergeRenaming: Sendable {
    package let prefix: String
    /// Whether a run or a sweep can be called so.
    private let isName: @Sendable (String) -> Bool

    package init(prefix: String, isName: @escaping @Sendable (String) -> Bool) {
        self.prefix = prefix
        self.isName = isName
    }

    func name(_ theirs: String) -> String { prefix + theirs }

    func isValid(_ name: String) -> Bool { isName(name) }
}
