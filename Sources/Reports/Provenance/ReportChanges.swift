package import Foundation
import TextFormats

/// Which claims of an older report the notebook no longer makes, and what happened to its runs.
package struct ReportChanges: Sendable, Equatable {
    /// A line each, claims first; empty if nothing changed.
    package let lines: [String]

    /// Compares the report that `report` would write now with the one in `folder`, which has its CSV files.
    package init(of report: Report, since folder: URL) throws {
        let claims = try Self.records("claims", in: folder)
        let runs = try Self.records("runs", in: folder)
        let findings = try report.findings()
        let files = Dictionary(uniqueKeysWithValues: findings.dataFiles.map { ($0.name, $0.bytes) })
        lines =
            try Self.changes(
                Self.byKey("id", claims), Self.byKey("id", Self.records("claims", files["claims"] ?? [])),
                names: "claim"
            ) { old, new in
                old["sentence"] == new["sentence"] ? nil : "was: \(old["sentence"] ?? "") now: \(new["sentence"] ?? "")"
            }
            + Self.changes(
                Self.byKey("run_id", runs), Self.byKey("run_id", Self.records("runs", files["runs"] ?? [])),
                names: "run"
            ) { old, new in
                let columns = ["state", "loss_final", "trajectory_sha256", "steps_done", "t_target", "role"]
                let changed = columns.filter { old[$0] != new[$0] }
                return changed.isEmpty
                    ? nil : changed.map { "\($0) \(old[$0] ?? "") -> \(new[$0] ?? "")" }.joined(separator: ", ")
            }
    }

    private typealias Record = [String: String]

    private static func records(_ name: String, in folder: URL) throws(ReportError) -> [Record] {
        let file = folder.appending(path: "data/\(name).csv")
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            throw ReportError(
                .noReport, "'\(folder.relativePath)' holds no report with data: '\(file.relativePath)' cannot be read",
                underlying: error)
        }
        return try records(name, [UInt8](bytes))
    }

    private static func records(_ name: String, _ bytes: [UInt8]) throws(ReportError) -> [Record] {
        do throws(CSVError) {
            return try CSVTable(reading: bytes, name: "\(name).csv").records
        } catch {
            throw ReportError(.noReport, error.message, advice: error.advice, underlying: error)
        }
    }

    private static func byKey(_ key: String, _ records: [Record]) -> [(key: String, record: Record)] {
        records.map { ($0[key] ?? "", $0) }
    }

    private static func changes(
        _ old: [(key: String, record: Record)], _ new: [(key: String, record: Record)], names: String,
        _ difference: (Record, Record) -> String?
    ) -> [String] {
        let before = Dictionary(old.map { ($0.key, $0.record) }) { first, _ in first }
        let after = Dictionary(new.map { ($0.key, $0.record) }) { first, _ in first }
        let text = { (record: Record) in record["sentence"] ?? record["state"] ?? "" }
        return old.compactMap { key, record in
            guard let now = after[key] else { return "\(names) \(key) is gone; it was: \(text(record))" }
            return difference(record, now).map { "\(names) \(key) \($0)" }
        }
            + new.compactMap { key, record in
                before[key] == nil ? "\(names) \(key) is new: \(text(record))" : nil
            }
    }
}
