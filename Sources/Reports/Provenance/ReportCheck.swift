package import Foundation
package import TextFormats
package import Tracking

/// Whether a report still is what the notebook gives.
package struct ReportCheck: Sendable, Equatable {
    /// One sentence per file that differs, which names the first place, or is one too many; empty if none is.
    package let differences: [String]

    /// Makes the report in `folder` again, on the same subject with the same options, and compares all bytes.
    ///
    /// `defaults`, `spelling` and `isAlive` are those that the report was made with; they do not stand in its provenance.
    /// The folder is only read. Throws a ``ReportError`` if it holds no report.
    package init(
        of folder: URL, in store: Store, defaults: DefaultSettings = DefaultSettings(optimizers: [:]),
        spelling: @escaping OptionSpelling = { $0 }, isAlive: @escaping (ProcessIdentity) -> Bool?
    ) throws {
        guard UnfinishedReport(in: folder) == nil else {
            differences = [
                "the report in '\(folder.relativePath)' is not finished: who wrote it was ended early, or is still at work; write it again"
            ]
            return
        }
        let provenance = try ReportProvenance.read(from: folder)
        var options = try provenance.reportOptions()
        options.defaults = defaults
        let temporary = FileManager.default.temporaryDirectory
        let work = try WorkFolder(in: temporary, for: temporary.path)
        defer { work.remove() }
        let again = work.file("report")
        do {
            try Report(of: provenance.reportSubject, in: store, options: options, spelling: spelling, isAlive: isAlive)
                .write(to: again)
        } catch let error as ReportError where error.code == .cannotWrite {
            throw ReportError(
                .cannotWrite,
                "the report cannot be made again for comparison, because the temporary files in '\(temporary.path)' cannot be "
                    + "written",
                advice: "make room there, or set TMPDIR to a folder on another disk", underlying: error)
        }
        let made = try ReportProvenance.read(from: again)
        let names =
            Set(provenance.outputs.keys.filter(ReportPath.isPart(ofReport:))).union(made.outputs.keys).sorted() + [
                ReportProvenance.fileName
            ]
        // The CSV files whose lines end with CR LF in the folder and with LF now, and whose cells are the same.
        var oldEnds: [String] = []
        var others: [String] = []
        for name in names {
            guard let standing = try? InputFile.read(folder.appending(path: name).path, fix: "") else {
                others.append("\(name) is missing")
                continue
            }
            guard let expected = try? InputFile.read(again.appending(path: name).path, fix: "") else {
                others.append("\(name) is no part of the report any more")
                continue
            }
            if standing == expected { continue }
            if name.hasSuffix(".csv"), Self.withLineFeeds(standing) == Self.withLineFeeds(expected) {
                oldEnds.append(name)
                continue
            }
            // It comes last, after all files whose sums it has.
            let isProvenance = name == ReportProvenance.fileName
            if isProvenance, !oldEnds.isEmpty, provenance.equals(made, butForTheSumsOf: oldEnds) { continue }
            others.append(Self.difference(name, standing, expected))
        }
        differences =
            Self.sentence(onLineEnds: oldEnds) + others
            + Self.strangers(in: folder, besides: Set(names)).map { "\($0) stands there, but is no part of the report" }
    }

    private static func withLineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        zip(bytes, bytes.dropFirst() + [0]).filter { $0 != 0x0D || $1 != 0x0A }.map(\.0)
    }

    private static func sentence(onLineEnds names: [String]) -> [String] {
        guard let first = names.first else { return [] }
        let subject =
            names.count == 1 ? "\(first) ends its" : "\(first) and \((names.count - 1).counted("other file")) end their"
        return [
            "\(subject) lines with CR LF, as reports before this release did, and LF is written now; the cells are the same, and "
                + "writing the report again makes it match"
        ]
    }

    /// Files that look like parts of the report, such as those of another one that was written into the same folder.
    private static func strangers(in folder: URL, besides names: Set<String>) -> [String] {
        ReportFolder.visibleFiles(in: folder).filter { ReportPath.isPart(ofReport: $0) && !names.contains($0) }.sorted()
    }

    /// The first cell of a table, or the first line of another file.
    private static func difference(_ name: String, _ standing: [UInt8], _ expected: [UInt8]) -> String {
        guard name.hasSuffix(".csv"), let old = try? CSVTable(reading: standing, name: name),
            let new = try? CSVTable(reading: expected, name: name)
        else {
            let lines = { (bytes: [UInt8]) in
                String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            }
            let (old, new) = (lines(standing), lines(expected))
            let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
            return "\(name), line \(line + 1): '\(shortened(old, line))' stands there, but the notebook gives "
                + "'\(shortened(new, line))'"
        }
        for (row, (mine, theirs)) in zip(old.rows, new.rows).enumerated() where mine != theirs {
            let column = zip(mine, theirs).enumerated().first { $1.0 != $1.1 }?.offset ?? min(mine.count, theirs.count)
            let title = column < new.columns.count ? new.columns[column] : "\(column + 1)"
            return "\(name), row \(row + 1) (\(new.columns.first ?? "") \(theirs.first ?? "")), column \(title): "
                + "'\(shortened(mine, column))' stands there, but the notebook gives '\(shortened(theirs, column))'"
        }
        return old.rows.count == new.rows.count
            ? "\(name) differs in its columns or line ends"
            : "\(name) has \(old.rows.count.counted("row")), but the notebook gives \(new.rows.count)"
    }

    private static func shortened(_ parts: [some StringProtocol], _ index: Int) -> String {
        guard index < parts.count else { return "" }
        return parts[index].count <= 120 ? String(parts[index]) : parts[index].prefix(119) + "…"
    }
}

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
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(file.path, fix: "")
        } catch {
            throw ReportError(
                .noReport, "'\(folder.relativePath)' holds no report with data: '\(file.relativePath)' cannot be read",
                underlying: error)
        }
        return try records(name, bytes)
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
