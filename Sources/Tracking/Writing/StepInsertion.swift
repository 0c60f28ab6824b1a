import Foundation
import GRDB
import GRDBSQLite
import TextFormats

/// Inserts rows of one step table inside one transaction.
struct StepInsertion {
    /// The statements about one table, which are the same in every transaction.
    struct Text {
        fileprivate let single: String
        fileprivate let group: String
        fileprivate let groupSize: Int

        init(_ schema: StepSchema) {
            groupSize = RowInsertion.groupSize(boundCount: schema.boundCount)
            single = schema.insertion(rowCount: 1)
            group = schema.insertion(rowCount: groupSize)
        }
    }

    private let database: Database
    private let schema: StepSchema
    private let single: SQLiteStatement
    private let group: SQLiteStatement
    private let groupSize: Int
    /// Rows that wait for their group to be whole, each as its batch and its place there.
    private var waiting: [(batch: Int, row: Int)] = []

    init(_ schema: StepSchema, text: Text, in database: Database) throws {
        self.schema = schema
        self.database = database
        groupSize = text.groupSize
        single = try database.cachedStatement(sql: text.single).sqliteStatement
        group = try database.cachedStatement(sql: text.group).sqliteStatement
        waiting.reserveCapacity(groupSize)
    }

    /// Inserts those rows of these batches, all of this table, whose step satisfies the condition.
    mutating func insert(_ batches: [StepBatch], at indices: [Int], where isIncluded: (Int) -> Bool) throws {
        for index in indices {
            for (row, header) in batches[index].headers.enumerated() where isIncluded(header.step) {
                waiting.append((index, row))
                if waiting.count == groupSize { try insertGroup(of: batches) }
            }
        }
    }

    /// Inserts what waits; rows that are stored already must be stored with the same numbers.
    mutating func finish(_ batches: [StepBatch]) throws {
        for (batch, row) in waiting {
            bind(row, of: batches[batch], to: single, after: 0)
            guard let failure = RowInsertion.run(single, in: database) else { continue }
            guard RowInsertion.isOfStoredRow(failure) else { throw failure }
            try mustEqualStored(row, of: batches[batch])
        }
        waiting.removeAll(keepingCapacity: true)
    }

    // MARK: - Internals

    private mutating func insertGroup(of batches: [StepBatch]) throws {
        for (position, (batch, row)) in waiting.enumerated() {
            bind(row, of: batches[batch], to: group, after: CInt(position * schema.boundCount))
        }
        if let failure = RowInsertion.run(group, in: database) {
            guard RowInsertion.isOfStoredRow(failure) else { throw failure }
            try finish(batches)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// In the order of ``StepSchema/allColumns``, behind the run's id.
    private func bind(_ row: Int, of batch: StepBatch, to statement: SQLiteStatement, after first: CInt) {
        let header = batch.headers[row]
        sqlite3_bind_int64(statement, first + 1, batch.attempt.run)
        sqlite3_bind_int64(statement, first + 2, Int64(header.step))
        sqlite3_bind_int64(statement, first + 3, Int64(header.epoch))
        var index = first + 4
        var needsBytes = false
        let count = schema.columns.count
        batch.values.withUnsafeBufferPointer { values in
            for place in row * count..<(row + 1) * count {
                needsBytes = needsBytes || ExactReals.needsBytes(values[place])
                sqlite3_bind_double(statement, index, values[place])
                index += 1
            }
        }
        sqlite3_bind_int64(statement, index, Int64(header.elapsedNanoseconds))
        guard needsBytes else {
            sqlite3_bind_null(statement, index + 1)
            return
        }
        RowInsertion.bind(ExactReals.encode(batch.values(ofRow: row)), to: statement, at: index + 1)
    }

    private func mustEqualStored(_ row: Int, of batch: StepBatch) throws {
        let (header, run) = (batch.headers[row], batch.attempt.run)
        try database.forEachStep(ofRun: run, as: schema, in: header.step..<header.step + 1, every: 1) { stored in
            let differing = zip(schema.columns, zip(batch.values(ofRow: row), stored.values)).first {
                $0.1.0.bitPattern != $0.1.1.bitPattern
            }
            guard let column = header.epoch != stored.epoch ? "epoch" : differing?.0.name else { return }
            throw TrackingError(
                .conflict,
                "step \(header.step) of run \(run) is stored with another \(column) than the one computed now; nothing was "
                    + "overwritten")
        }
    }
}
