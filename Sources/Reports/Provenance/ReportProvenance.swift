import Foundation
import Hashing
import TextFormats
import Tracking

/// `provenance.json`: what a report was made of and how, and the sums of its files.
struct ReportProvenance: Codable, Sendable, Equatable {
    static let fileName = "provenance.json"

    struct Subject: Codable, Sendable, Equatable {
        var sweep: String?
        var runs: [Int64]?
    }

    struct Options: Codable, Sendable, Equatable {
        /// Nil for as many as a picture can show.
        var every: Int?
        var reproducible: Bool
        var target: String?
        var baseline: String?
        var tuningSeeds: [Int64]?
        var select: String?
        var csvSafe: Bool
        var formats: [ReportOptions.Format]
        var plots: ReportOptions.Plots
        var brief: Bool
        var db: String?
    }

    struct Inputs: Codable, Sendable, Equatable {
        /// The content hashes of the data.
        var datasets: [String]
        var runs: Int
        /// SHA-256 over the trajectory sums of all runs, in their order.
        var trajectories: String
        /// The versions of the program that made the runs.
        var versions: [String]
        /// The commands that made the runs, in their order.
        var commands: [String]
    }

    let subject: Subject
    let options: Options
    let inputs: Inputs
    /// The SQL behind the tables, by id.
    let queries: [String: String]
    /// SHA-256 by file.
    let outputs: [String: String]

    init(_ findings: Findings, subject: ReportSubject, options: ReportOptions, outputs: [String: String]) {
        self.subject = subject.provenance
        self.options = Options(
            every: options.stride, reproducible: options.isReproducible, target: options.target?.text,
            baseline: options.baseline, tuningSeeds: options.tuningSeeds.list, select: options.selection,
            csvSafe: options.isSpreadsheetSafe,
            formats: ReportOptions.Format.allCases.filter(options.formats.contains), plots: options.plots,
            brief: options.isBrief, db: options.database)
        let data = findings.data
        let sums = data.runs.map { $0.trajectoryHash ?? "" }.joined(separator: "\n")
        inputs = Inputs(
            datasets: Set(data.runs.map(\.problem.dataset.contentHash)).sorted(), runs: data.runs.count,
            trajectories: Hexadecimal.text(SHA256.hash(sums.utf8)),
            versions: Set(data.runs.map(\.run.version)).sorted(), commands: data.commands)
        queries = Dictionary(uniqueKeysWithValues: findings.queries.all.map { ($0.id.rawValue, $0.sql) })
        self.outputs = outputs
    }

    /// Whether both say the same, whatever the sums of these files are.
    func equals(_ other: ReportProvenance, butForTheSumsOf names: [String]) -> Bool {
        var outputs = outputs
        for name in names { outputs[name] = other.outputs[name] }
        return subject == other.subject && options == other.options && inputs == other.inputs
            && queries == other.queries && outputs == other.outputs
    }

    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return Array((try encoder.text(self) + "\n").utf8)
    }

    /// That of the report in `folder`.
    static func read(from folder: URL) throws(ReportError) -> ReportProvenance {
        let file = folder.appending(path: fileName)
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(file.path, fix: "")
        } catch {
            throw ReportError(
                .noReport, "'\(folder.relativePath)' holds no report: there is no \(fileName) that can be read",
                underlying: error)
        }
        do {
            return try JSONDecoder().decode(ReportProvenance.self, from: Data(bytes))
        } catch {
            throw ReportError(
                .noReport, "'\(file.relativePath)' is not the provenance of a report of this version",
                underlying: error)
        }
    }

    var reportSubject: ReportSubject {
        if let sweep = subject.sweep { return .sweep(sweep) }
        return subject.runs.map { .runs($0) } ?? .all
    }

    func reportOptions() throws(ReportError) -> ReportOptions {
        var target: ReportTarget?
        if let text = options.target { target = try ReportTarget(text: text) }
        return ReportOptions(
            stride: options.every.map { max(1, $0) }, isReproducible: options.reproducible, target: target,
            baseline: options.baseline, tuningSeeds: TuningSeeds(list: options.tuningSeeds), selection: options.select,
            isSpreadsheetSafe: options.csvSafe,
            formats: Set(options.formats), plots: options.plots, isBrief: options.brief, database: options.db)
    }
}

extension ReportSubject {
    var provenance: ReportProvenance.Subject {
        switch self {
        case .sweep(let name): ReportProvenance.Subject(sweep: name)
        case .runs(let ids): ReportProvenance.Subject(runs: ids)
        case .all: ReportProvenance.Subject()
        }
    }
}
