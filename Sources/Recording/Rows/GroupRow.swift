package import Tracking

/// The values of one group of keys at one step.
///
/// Most rows have the keys of the row before. So a row names the list of its keys by a small number, and whoever stores rows looks
/// the keys up once for each list.
package struct GroupRow: Sendable, Equatable {
    package let step: Int64
    /// The first that came.
    package let time: Double?
    /// Which of ``OpenRows/shapes`` its ``keys`` are.
    package let shape: Int
    /// Another one says that shapes are numbered from 0 again; see ``OpenRows/shapes``.
    package let shapesVersion: Int
    /// Those of the numbers, each once, in the order in which they came.
    package let keys: [LoggedKey]
    /// One for each key.
    package internal(set) var numbers: [MetricValue]
    /// What is no number, under keys that are not among ``keys``.
    package let texts: [LoggedText]

    package var group: String { (keys.first ?? texts.first?.key)?.group ?? "" }
}

/// A text that was recorded under a key; equal to another if key and bytes are.
package struct LoggedText: Sendable, Equatable {
    package let key: LoggedKey
    package let text: String

    var value: LoggedValue { .text(text) }

    package static func == (first: Self, second: Self) -> Bool {
        first.key == second.key && first.value == second.value
    }
}
