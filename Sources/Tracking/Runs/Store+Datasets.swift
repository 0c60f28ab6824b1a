import Foundation
import GRDB

extension Store {
    /// Stores the data set unless one with its content hash is there, and returns its id.
    package func addDataset(_ dataset: Dataset) throws(TrackingError) -> Int64 {
        try write { try $0.datasetID(of: dataset, now: now()) }
    }

    /// The data set with this id, as it was given to ``addDataset(_:)``, bit for bit.
    package func dataset(id: Int64) throws(TrackingError) -> Dataset {
        try read { database in
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: """
                        SELECT content_hash, kind, source, x_column, y_column, bits, x_divisor, y_divisor, y_offset,
                            optimum_w, optimum_b, optimum_loss, hessian_ww, hessian_wb, hessian_bb
                        FROM datasets WHERE id = ?
                        """,
                    arguments: [id])
            else { throw TrackingError(.notFound, "there is no data set \(id) in '\(path)'") }
            let samples = try Row.fetchAll(
                database, sql: "SELECT x, y, bits FROM dataset_rows WHERE dataset_id = ? ORDER BY position",
                arguments: [id]
            ).map { (row: Row) -> [Double] in
                if let bits = row[2] as Data?, let exact = ExactReals.decode(bits, count: 2) { return exact }
                return [row[0] as Double? ?? .nan, row[1] as Double? ?? .nan]
            }
            return try Dataset(RowReader(row), x: samples.map { $0[0] }, y: samples.map { $0[1] })
        }
    }

    /// The data set of some run whose configuration has this `data`, as JSON with sorted keys; nil if there is none.
    package func datasetID(ofRunsWith data: String) throws(TrackingError) -> Int64? {
        try read {
            try Int64.fetchOne(
                $0, sql: "SELECT dataset_id FROM runs WHERE json_extract(config, '$.data') = ? LIMIT 1",
                arguments: [data])
        }
    }
}

extension Database {
    /// The id of the data set, which is stored unless one with its content hash is there.
    func datasetID(of dataset: Dataset, now: String) throws -> Int64 {
        try Int64.fetchOne(
            self, sql: "SELECT id FROM datasets WHERE content_hash = ?", arguments: [dataset.contentHash])
            ?? insert(dataset, now: now)
    }

    private func insert(_ dataset: Dataset, now: String) throws -> Int64 {
        let scalars = dataset.scalars
        for case let value? in scalars {
            precondition(value.isFinite, "the description of a data set is finite, but one of its numbers is \(value)")
        }
        // A NaN in `bits` stands for an optimum that does not exist.
        let bits = ExactReals.needsBits(in: scalars) ? ExactReals.encode(scalars.map { $0 ?? .nan }) : nil
        try execute(
            sql: """
                INSERT INTO datasets (content_hash, kind, source, x_column, y_column, samples, created_at, bits,
                    x_divisor, y_divisor, y_offset, optimum_w, optimum_b, optimum_loss,
                    hessian_ww, hessian_wb, hessian_bb)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                dataset.contentHash, dataset.kind, dataset.source, dataset.xColumn, dataset.yColumn,
                dataset.x.count, now, bits,
            ] + StatementArguments(scalars))
        let id = lastInsertedRowID
        let statement = try makeStatement(
            sql: """
                INSERT INTO dataset_rows (dataset_id, position, x, y, bits, x_check, y_check)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """)
        for (position, (x, y)) in zip(dataset.x, dataset.y).enumerated() {
            try statement.execute(arguments: [
                id, position, x, y, ExactReals.bits(of: [x, y]), SampleCheck.of(x, at: position),
                SampleCheck.of(y, at: position),
            ])
        }
        return id
    }
}

extension ExactReals {
    fileprivate static func needsBits(in values: [Double?]) -> Bool {
        values.contains { $0.map(needsBits) ?? false }
    }
}

extension Dataset {
    /// In the order of the table's REAL columns.
    fileprivate var scalars: [Double?] {
        [
            xDivisor, yDivisor, yOffset, optimum?.w, optimum?.b, optimum?.loss, hessian.ww, hessian.wb, hessian.bb,
        ]
    }

    fileprivate init(_ reader: RowReader, x: [Double], y: [Double]) throws {
        var reader = reader
        let (contentHash, kind, source): (String, String, String) = try (reader.next(), reader.next(), reader.next())
        let (xColumn, yColumn): (String?, String?) = try (reader.nextIfPresent(), reader.nextIfPresent())
        let bits: Data? = try reader.nextIfPresent()
        let scalars =
            try bits.flatMap { ExactReals.decode($0, count: 9) }
            ?? (0..<9).map { _ in try reader.nextIfPresent() ?? .nan }
        self.init(
            contentHash: contentHash, kind: kind, source: source, xColumn: xColumn, yColumn: yColumn, x: x, y: y,
            xDivisor: scalars[0], yDivisor: scalars[1], yOffset: scalars[2],
            optimum: scalars[3].isNaN ? nil : Optimum(w: scalars[3], b: scalars[4], loss: scalars[5]),
            hessian: Hessian(ww: scalars[6], wb: scalars[7], bb: scalars[8]))
    }
}
