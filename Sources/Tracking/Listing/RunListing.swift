/// Which runs to list, and how.
package struct RunListingRequest: Sendable, Equatable {
    package var filter = RunFilter.all
    /// Names to sort by, the first one first.
    ///
    /// With a `-` in front from the highest to the lowest. What has no value comes last. Without any, and among equals,
    /// runs come in the order of their ids.
    package var sort: [String] = []
    /// Names of columns; nil for those in which the runs differ.
    package var columns: [String]?
    /// The most rows; nil for all.
    package var limit: Int?
    /// Whether to list the runs that are deleted instead of the others.
    package var deleted = false

    package init() {}
}

/// Runs as a table.
package struct RunListing: Sendable, Equatable {
    /// The settings that all listed runs share, as far as no column shows them.
    package let constants: [Constant]
    package let columns: [String]
    package let rows: [[QueryValue]]

    /// A column that has one value in all rows, which is shown once.
    package struct Constant: Sendable, Equatable {
        package let name: String
        package let value: QueryValue
    }
}
