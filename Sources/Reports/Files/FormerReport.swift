import Foundation
import TextFormats
import Tracking

/// What a folder holds before a report is written into it: nothing, or a report on the same runs, whose files are
/// replaced.
struct FormerReport {
    /// Their paths in the folder.
    let files: Set<String>

    /// Throws if the folder holds a report on something else, or a file that is no part of one, unless `force` is set.
    ///
    /// Files whose names begin with a point are nobody's business here.
    init(in folder: URL, subject: ReportSubject, options: ReportOptions, force: Bool) throws(ReportError) {
        let found = ReportFolder.visibleFiles(in: folder)
        let record = Self.record(in: folder)
        // What a provenance from somebody else calls a part of the report is not removed for that alone.
        let own = Set((record?.outputs.keys.map { $0 } ?? []).filter(ReportPath.isPart(ofReport:)))
            .union(record == nil ? [] : [ReportProvenance.fileName]).union(UnfinishedReport(in: folder)?.names ?? [])
        files = own.intersection(found)
        guard !force else { return }
        if let record, !record.isOn(subject, options.selection) {
            throw ReportError(
                .folderTaken, "'\(folder.relativePath)' holds the report on \(record.title)",
                advice: "name another folder with \(option: "out"), or replace it with \(option: "force")")
        }
        if let foreign = found.sorted().first(where: { !own.contains($0) && !Self.isPart(ofUnfinishedReport: $0) }) {
            throw ReportError(
                .folderTaken, "'\(folder.relativePath)' holds a file that is no part of a report: '\(foreign)'",
                advice: "name another folder with \(option: "out"), or write beside it with \(option: "force")")
        }
    }

    // MARK: - Internals

    /// So much of a provenance that every version has it.
    private struct Record: Decodable {
        struct Options: Decodable { let select: String? }

        let subject: ReportProvenance.Subject
        let options: Options
        let outputs: [String: String]

        /// As a sentence has it; two of a kind may read the same.
        var title: String { FormerReport.title(subject, options.select) }

        func isOn(_ other: ReportSubject, _ selection: String?) -> Bool {
            let other = other.provenance
            // Two ways to write an accented letter are two names.
            return subject.sweep.map { Array($0.utf8) } == other.sweep.map { Array($0.utf8) }
                && subject.runs == other.runs && options.select == selection
        }
    }

    private static func record(in folder: URL) -> Record? {
        let file = folder.appending(path: ReportProvenance.fileName)
        guard let bytes = try? InputFile.read(file.path, fix: "") else { return nil }
        return try? JSONDecoder().decode(Record.self, from: Data(bytes))
    }

    private static func title(_ subject: ReportProvenance.Subject, _ selection: String?) -> String {
        let name =
            subject.sweep.map { "the sweep '\($0)'" }
            ?? subject.runs.map { "the runs \($0.map(String.init).joined(separator: ", "))" } ?? "all runs"
        return selection.map { "\(name) with \($0)" } ?? name
    }

    /// Left behind by a process of an older version that was killed while it wrote.
    private static func isPart(ofUnfinishedReport path: String) -> Bool {
        path.hasSuffix(".partial")
    }
}
