import Foundation
import GRDB
import TextFormats
package import Theory

/// The data sets of a notebook.
package struct DatasetStore: Sendable {
    let file: DatabaseFile

    /// Stores the data set unless one with its content hash is there, and what is known of losses on it, and returns its
    /// id.
    package func add(_ dataset: Dataset) throws(TrackingError) -> Int64 {
        try file.write { try $0.datasetID(of: dataset, now: file.now()) }
    }

    /// The data set with this id, as it was given to ``add(_:)``, bit for bit.
    package func find(id: Int64) throws(TrackingError) -> Dataset {
        try file.read { database in
            let row = try self.row(ofID: id, in: database)
            let samples = try Row.fetchAll(
                database,
                sql: """
                    SELECT position, x, y, ieee_bytes, x_checksum, y_checksum FROM dataset_rows
                    WHERE dataset_id = ? ORDER BY position
                    """,
                arguments: [id]
            ).map { sample in
                let checksums: [DatabaseValue] = [sample[4], sample[5]]
                let sample = StoredRow(sample, of: "data set \(id): the sample", in: database)
                let values = try sample.exactReals(counts: 2) ?? [sample.real("x"), sample.real("y")]
                return (values, checksums)
            }
            var dataset = try Dataset(row, x: samples.map { $0.0[0] }, y: samples.map { $0.0[1] })
            dataset.changedPosition = samples.indices.first {
                !SampleChecksum.fit(samples[$0].0, samples[$0].1, at: $0)
            }
            dataset.lossSurfaces = try database.lossSurfaces(onDataset: id, sampleCount: samples.count)
            return dataset
        }
    }

    /// The same without its samples, which may be many.
    package func findWithoutSamples(id: Int64) throws(TrackingError) -> Dataset {
        try file.read { try Dataset(row(ofID: id, in: $0), x: [], y: []) }
    }

    /// The name of the file from which data of this content were first read; nil if there are none, or they were generated.
    package func fileName(contentHash: String) throws(TrackingError) -> String? {
        try file.read { database in
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM datasets WHERE content_hash = ?", arguments: [contentHash])
            return try id.flatMap { try Dataset(row(ofID: $0, in: database), x: [], y: []).fileName }
        }
    }

    /// The data set of some run whose configuration has this `data`, as JSON with sorted keys; nil if there is none.
    package func id(ofRunsWith data: String) throws(TrackingError) -> Int64? {
        try file.read {
            try Int64.fetchOne(
                $0, sql: "SELECT dataset_id FROM runs WHERE json_extract(config, '$.data') = ? LIMIT 1",
                arguments: [data])
        }
    }

    /// The data sets from files that a sweep's runs, hidden ones too, are on, each with their configurations' `data` as
    /// JSON.
    package func filesOfRuns(ofSweep sweep: Int64) throws(TrackingError) -> [(data: String, dataset: Int64)] {
        try file.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT DISTINCT json_extract(config, '$.data'), dataset_id FROM runs
                    WHERE sweep_id = ? AND json_extract(config, '$.data.kind') = 'csv'
                    """,
                arguments: [sweep]
            ).map { ($0[0], $0[1]) }
        }
    }

    // MARK: - Internals

    private func row(ofID id: Int64, in database: Database) throws -> StoredRow {
        guard
            let found = try Row.fetchOne(
                database, sql: "SELECT \(Dataset.columns) FROM datasets WHERE id = ?", arguments: [id])
        else { throw TrackingError(.notFound, "there is no data set \(id) in '\(file.path)'") }
        // What is wrong with the number of samples, whoever needs all of them says.
        return StoredRow(found, of: "data set", in: database, toleratingDamage: true)
    }
}

extension Database {
    /// The id of the data set, which is stored unless one with its content hash is there.
    func datasetID(of dataset: Dataset, now: String) throws -> Int64 {
        let id =
            try Int64.fetchOne(
                self, sql: "SELECT id FROM datasets WHERE content_hash = ?", arguments: [dataset.contentHash])
            ?? insert(dataset, now: now)
        for (model, surface) in dataset.lossSurfaces.sorted(by: { $0.key < $1.key }) {
            try insert(surface, ofModel: model, onDataset: id)
        }
        return id
    }

    private func insert(_ dataset: Dataset, now: String) throws -> Int64 {
        let scalars = dataset.scalars
        for value in scalars {
            precondition(value.isFinite, "the description of a data set is finite, but one of its numbers is \(value)")
        }
        try execute(
            sql: """
                INSERT INTO datasets (content_hash, kind, source, x_column, y_column, samples, created_at, ieee_bytes,
                    x_divisor, y_divisor, y_offset)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                dataset.contentHash, dataset.kind, dataset.source, dataset.xColumn, dataset.yColumn,
                dataset.x.count, now, ExactReals.bytes(of: scalars),
            ] + StatementArguments(scalars))
        let id = lastInsertedRowID
        let statement = try makeStatement(
            sql: """
                INSERT INTO dataset_rows (dataset_id, position, x, y, ieee_bytes, x_checksum, y_checksum)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, (x, y)) in zip(dataset.x, dataset.y).enumerated() {
            try statement.execute(arguments: [
                id, position, x, y, ExactReals.bytes(of: [x, y]), SampleChecksum.of(x, at: position),
                SampleChecksum.of(y, at: position),
            ])
        }
        return id
    }
}

// MARK: - What is known of losses

extension Database {
    fileprivate func insert(_ surface: LossSurface, ofModel model: String, onDataset id: Int64) throws {
        let known = try Bool.fetchOne(
            cachedStatement(sql: "SELECT TRUE FROM optima WHERE dataset_id = ? AND model = ? LIMIT 1"),
            arguments: [id, model])
        if known != nil { return }
        let statement = try cachedStatement(
            sql: """
                INSERT INTO optima (dataset_id, model, position, kind, name, other, value) VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, entry) in surface.entries.enumerated() {
            try statement.execute(arguments: [id, model, position, entry.kind, entry.name, entry.other, entry.value])
        }
    }

    fileprivate func lossSurfaces(onDataset id: Int64, sampleCount: Int) throws -> [String: LossSurface] {
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT model, kind, name, other, value FROM optima
                WHERE dataset_id = ? AND typeof(value) IN ('real', 'integer') ORDER BY model, position
                """,
            arguments: [id])
        // What was damaged is as good as unknown; verifying a run names it.
        let entries = try rows.map { row in
            let row = StoredRow(row, of: "data set \(id): the model", in: self)
            return (
                model: try row.value("model") as String,
                entry: LossSurface.Entry(
                    kind: try row.value("kind"), name: try row.value("name"), other: try row.value("other"),
                    value: try row.value("value"))
            )
        }
        return Dictionary(grouping: entries, by: \.model).compactMapValues { entries in
            LossSurface(entries.map(\.entry), sampleCount: sampleCount)
        }
    }
}

extension LossSurface {
    /// One row of `optima`.
    package struct Entry: Sendable, Equatable {
        package let kind: String
        package let name: String
        package let other: String
        package let value: Double
    }

    /// The rows of `optima`, in the order of positions: the parameters, the minimum, and the Hessian's upper triangle.
    package var entries: [Entry] {
        var entries: [Entry] = []
        if let optimum, let minimumLoss {
            entries += zip(parameters, optimum).map { Entry(kind: "parameter", name: $0, other: "", value: $1) }
            entries.append(Entry(kind: "minimum", name: "", other: "", value: minimumLoss))
        }
        for row in parameters.indices {
            entries += parameters.indices[row...].map {
                Entry(kind: "hessian", name: parameters[row], other: parameters[$0], value: hessian[row][$0])
            }
        }
        return entries
    }

    /// Nil where entries are missing, or there are others.
    fileprivate init?(_ entries: [Entry], sampleCount: Int) {
        let second = entries.filter { $0.kind == "hessian" }
        let parameters = second.filter { $0.name == $0.other }.map(\.name)
        guard !parameters.isEmpty, sampleCount > 0 else { return nil }
        var hessian = parameters.map { _ in parameters.map { _ in Double.nan } }
        for entry in second {
            guard let row = parameters.firstIndex(of: entry.name), let column = parameters.firstIndex(of: entry.other)
            else { return nil }
            hessian[row][column] = entry.value
            hessian[column][row] = entry.value
        }
        guard (hessian.joined() + entries.map(\.value)).allSatisfy(\.isFinite) else { return nil }
        let values = entries.filter { $0.kind == "parameter" }
        let minimum = entries.first { $0.kind == "minimum" }
        guard values.isEmpty == (minimum == nil), values.isEmpty || values.map(\.name) == parameters else { return nil }
        self.init(
            parameters: parameters, optimum: values.isEmpty ? nil : values.map(\.value), minimumLoss: minimum?.value,
            hessian: hessian, sampleCount: sampleCount)
        // A mean of squares has no negative curvature but by rounding.
        guard eigensystem.smallest >= -1e-9 * eigensystem.largest else { return nil }
    }
}

extension Dataset {
    /// In the order of the table's REAL columns.
    fileprivate var scalars: [Double] { [xDivisor, yDivisor, yOffset] }

    /// What is selected from `datasets`.
    fileprivate static let columns =
        "id, content_hash, kind, source, x_column, y_column, samples, ieee_bytes, x_divisor, y_divisor, y_offset"

    fileprivate init(_ row: StoredRow, x: [Double], y: [Double]) throws {
        let scalars =
            try row.exactReals(counts: 3) ?? [row.real("x_divisor"), row.real("y_divisor"), row.real("y_offset")]
        try self.init(
            contentHash: row.value("content_hash"), kind: row.value("kind"), source: row.value("source"),
            xColumn: row.optional("x_column"), yColumn: row.optional("y_column"), x: x, y: y, xDivisor: scalars[0],
            yDivisor: scalars[1], yOffset: scalars[2], declaredCount: row.count("samples"))
    }
}
