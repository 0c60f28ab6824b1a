package import Tracking

/// A stored value that is not what its run computes.
package struct Discrepancy: Sendable, Equatable {
    package let run: Int64
    /// Nil for what is stored once for the whole run.
    package let step: Int?
    /// A column of the steps or of `runs`; of another table with that table's name and row, as `dataset_rows[17].x`.
    package let column: String
    /// NULL, too, where a row is missing.
    package let stored: SQLValue
    /// NULL, too, where there should be no row; `lost` where it cannot be found again.
    package let computed: SQLValue
}

extension SQLValue {
    /// What stands for a value that was changed beyond recognition.
    package static let lost = SQLValue.text("lost")
}
