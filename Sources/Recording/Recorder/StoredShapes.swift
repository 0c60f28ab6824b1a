import Tracking

/// Where the lists of keys of open rows are among those of a batch.
struct StoredShapes {
    private var version = -1
    /// By the number of the list; -1 where it has no place yet.
    private var places: [Int] = []

    mutating func place(of row: GroupRow, in batch: inout MetricBatch) -> Int {
        if row.shapesVersion != version {
            version = row.shapesVersion
            places = []
        }
        while places.count <= row.shape { places.append(-1) }
        if places[row.shape] < 0 { places[row.shape] = batch.addShape(row.keys.map(\.name)) }
        return places[row.shape]
    }
}
