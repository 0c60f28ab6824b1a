import Foundation
import Hashing
import TextFormats
import Tracking

/// The folder a report is written into: its files appear together at the end, or the folder stays as it was.
///
/// Until all are complete they stand in a ``WorkFolder``. Then each takes its name, the provenance with the sums of all
/// others last, while an ``UnfinishedReport`` says so: a report whose writer was killed between two of them is known for
/// what it is. Two reports into one folder are written one after the other, from a look at what is there to the last name.
struct ReportFolder {
    private let folder: URL
    /// Nil when nothing is to be written any more.
    private var work: WorkFolder?
    private var names: [String] = []
    /// Of the report that this one replaces; what is not written again goes.
    private var former: Set<String> = []
    private var byteCount = 0
    /// The SHA-256 of each file so far, by its name.
    private(set) var sums: [String: String] = [:]
    /// The folders that were made for this report, each before those in it.
    private var made: [URL] = []

    /// Lets `body` add files, then shows them all under their names, in place of those that `former` finds, and returns how
    /// many bytes they have.
    ///
    /// While another process writes into the folder, it waits before it calls `former`.
    @discardableResult
    static func write(
        to folder: URL, replacing former: () throws -> Set<String> = { [] },
        _ body: (inout ReportFolder) throws -> Void
    ) throws -> Int {
        var files = ReportFolder(folder)
        do {
            try files.open()
            files.former = try former()
            try body(&files)
            try files.publish()
            files.work = nil
            return files.byteCount
        } catch {
            files.discard()
            throw (error as? FileError).map { ReportError($0) } ?? error
        }
    }

    mutating func add(_ name: String, _ bytes: [UInt8]) throws {
        try add(name) { write in try write(bytes) }
    }

    /// Adds a file whose bytes `body` hands out piece by piece; its name may have one folder in front.
    mutating func add<Result>(_ name: String, _ body: (@escaping ([UInt8]) throws -> Void) throws -> Result) throws
        -> Result
    {
        guard let work else { preconditionFailure("'\(name)' is added to a report that is not being written") }
        let place = ReportPath(name)
        try work.check(place.file, in: place.folder)
        names.append(name)
        let hash = FileHash()
        defer {
            sums[name] = hash.text
            byteCount += hash.byteCount
        }
        return try work.write(Self.workName(names.count - 1), for: folder.appending(path: name).relativePath) { write in
            try body { bytes in
                hash.update(bytes)
                try write(bytes)
            }
        }
    }

    /// The paths of all files, but those whose names, or whose folders' names, begin with a point.
    ///
    /// Folders are read one by one: the work folder of another process may be gone in the middle of it, and Foundation's list of a whole
    /// tree would be none then.
    static func visibleFiles(in folder: URL, below path: String = "") -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.flatMap { name in
            let file = folder.appending(path: name)
            // What a symbolic link leads to is not in the folder.
            let type = try? FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
            return type == .typeDirectory ? visibleFiles(in: file, below: path + name + "/") : [path + name]
        }
    }

    // MARK: - Internals

    private init(_ folder: URL) {
        self.folder = folder
    }

    private mutating func open() throws {
        try makeFolder(folder)
        let work = try WorkFolder(in: folder, for: folder.relativePath)
        work.reserveParent()
        self.work = work
    }

    private static func workName(_ index: Int) -> String { "file-\(index)" }

    /// Makes `folder` and those above it, unless they are there.
    private mutating func makeFolder(_ folder: URL) throws {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: folder.path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw ReportError(
                    .cannotWrite,
                    "'\(folder.relativePath)' is a file, but a report is a folder",
                    advice: "name another with \(option: "out")")
            }
            return
        }
        let parent = folder.absoluteURL.standardizedFileURL.deletingLastPathComponent()
        if parent.path != folder.path { try makeFolder(parent) }
        guard mkdir(folder.path, 0o777) == 0 || errno == EEXIST else {
            let reason = String(cString: strerror(errno))
            throw ReportError(
                .cannotWrite, "the folder '\(folder.relativePath)' cannot be made: \(reason)",
                advice: "name another with \(option: "out")")
        }
        made.append(folder)
    }

    private mutating func publish() throws {
        guard let work else { return }
        let places = names.map { ReportPath($0) }
        // All are looked at and on the disk before the first is replaced.
        for (index, place) in places.enumerated() {
            try work.check(place.file, in: place.folder)
            try work.sync(Self.workName(index), for: folder.appending(path: names[index]).relativePath)
        }
        for subfolder in Set(places.compactMap(\.folder)).sorted() { try makeFolder(folder.appending(path: subfolder)) }
        let stale = former.subtracting(names)
        let mark = UnfinishedReport(names: stale.union(names).union(UnfinishedReport(in: folder)?.names ?? []))
        try work.write("mark", for: folder.appending(path: UnfinishedReport.fileName).relativePath) { write in
            try write(mark.bytes)
        }
        try work.publish("mark", as: UnfinishedReport.fileName, replaces: true)
        for (index, place) in places.enumerated() {
            try work.publish(Self.workName(index), as: place.file, in: place.folder, replaces: true)
        }
        for name in stale { try? FileManager.default.removeItem(at: folder.appending(path: name)) }
        // Those that are not empty stay.
        for name in Set(stale.map { folder.appending(path: $0).deletingLastPathComponent().path }) { rmdir(name) }
        work.removeBeside(UnfinishedReport.fileName)
    }

    private mutating func discard() {
        work = nil
        // One that is not empty holds other files by now, and stays.
        for folder in made.reversed() { rmdir(folder.path) }
    }
}

/// A report's file, which stands in the report's folder or in one folder of it.
struct ReportPath {
    let folder: String?
    let file: String

    init(_ name: String) {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        (folder, file) = parts.count == 2 ? (parts[0], parts[1]) : (nil, name)
    }

    /// Whether this program gives files such names: nothing else in a folder is taken for a part of a report.
    static func isPart(ofReport name: String) -> Bool {
        let path = ReportPath(name)
        let isPlain = path.file.utf8.allSatisfy { $0 != 0x2F && $0 >= 0x20 } && !path.file.hasPrefix(".")
        return switch path.folder {
        case nil:
            path.file == ReportProvenance.fileName
                || ["md", "html", "tex", "json", "txt"].contains { path.file == "report.\($0)" }
        case "data": isPlain && path.file.hasSuffix(".csv")
        case "fig": isPlain && path.file.hasSuffix(".svg")
        default: false
        }
    }
}

/// The mark in a folder whose report is being put in place, or never was put in place wholly.
struct UnfinishedReport {
    static let fileName = ".gradbook-unfinished-report"

    /// Of the files of both the old and the new report.
    let names: Set<String>

    init(names: Set<String>) { self.names = names }

    /// That of `folder`; nil where there is none.
    init?(in folder: URL) {
        let file = folder.appending(path: Self.fileName)
        let kind = try? FileManager.default.attributesOfItem(atPath: file.path)[.type] as? FileAttributeType
        guard kind == .typeRegular, let bytes = try? InputFile.read(file.path, fix: "") else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        names = Set(lines.filter(ReportPath.isPart(ofReport:)))
    }

    var bytes: [UInt8] { Array(names.sorted().map { $0 + "\n" }.joined().utf8) }
}

extension ReportError {
    init(_ error: FileError) {
        self.init(
            .cannotWrite, error.message, advice: error.advice ?? "name another folder with \(option: "out")",
            underlying: error)
    }
}

/// The sum of what was written so far, shared with the closure that writes.
private final class FileHash {
    private var hash = SHA256()
    private(set) var byteCount = 0

    func update(_ bytes: [UInt8]) {
        byteCount += bytes.count
        hash.update(bytes)
    }

    var text: String { Hexadecimal.text(hash.digest) }
}
