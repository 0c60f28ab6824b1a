import Foundation

/// Where a case keeps its files; goes away with the program.
final class BenchmarkFolder {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "bench-\(UUID().uuidString)")

    init() {
        attempt { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func url(_ name: String) -> URL { folder.appending(path: name) }
    func path(_ name: String) -> String { url(name).path }

    /// Removes a database with what SQLite keeps beside it.
    func removeDatabase(_ name: String) {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(at: url(name + suffix)) }
    }
}

/// What is made when it is first asked for: a case that is not run costs nothing.
final class Deferred<Value> {
    private let make: () -> Value
    private(set) lazy var value = make()

    init(_ make: @escaping () -> Value) {
        self.make = make
    }
}

/// What fails here is a mistake in the benchmark.
func attempt<Result>(_ body: () throws -> Result) -> Result {
    do {
        return try body()
    } catch {
        preconditionFailure("\(error)")
    }
}
