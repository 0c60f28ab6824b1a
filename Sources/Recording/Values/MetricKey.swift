/// The name under which values are recorded, such as `train/loss`.
///
/// Names are bytes: é in one scalar is another key than é in two.
package struct MetricKey: Sendable, Hashable {
    /// In UTF-8; a longer name is refused.
    package static let largestSize = 1000

    package let name: String
    /// What stands before the first `/`, or nothing: values of one group are counted together where no step is given.
    package let group: String
    /// Whether equal texts are equal bytes.
    private let isASCII: Bool

    package init(_ name: String) {
        self.name = name
        isASCII = name.utf8.allSatisfy { $0 < 0x80 }
        group = name.utf8.firstIndex(of: UInt8(ascii: "/")).map { String(name[..<$0]) } ?? ""
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.name.utf8.count == second.name.utf8.count && first.name == second.name
            && (first.isASCII || first.name.utf8.elementsEqual(second.name.utf8))
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

/// A key and its value.
package struct LoggedEntry: Sendable, Hashable {
    package let key: MetricKey
    package let value: LoggedValue

    package init(_ key: MetricKey, _ value: LoggedValue) {
        (self.key, self.value) = (key, value)
    }

    package init(_ name: String, _ value: LoggedValue) {
        self.init(MetricKey(name), value)
    }
}
