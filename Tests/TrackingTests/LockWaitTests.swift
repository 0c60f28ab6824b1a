import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing
import TextFormats

@testable import Tracking

/// Who is told what is waited for.
@Suite(.timeLimit(.minutes(5)))
struct LockWaitTests {
    private let notebook: Notebook

    init() throws {
        notebook = try Notebook()
        try notebook.open().close()
    }

    /// Lets another process hold the lock on the notebook while `body` runs.
    private func locked<Value>(_ body: (Process) throws -> Value) throws -> Value {
        let shell = try #require(Program.named("sqlite3"))
        let (input, output) = (Pipe(), Pipe())
        let process = try shell.start([notebook.path], input: input, output: output)
        defer {
            // Also ends one that is stopped, or that was started while signals were held back.
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        try input.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE; SELECT 'locked';\n".utf8))
        #expect(try output.fileHandleForReading.read(upToCount: 6) == Data("locked".utf8))
        return try body(process)
    }

    @Test
    func `who waits is told once which process has the file locked, and the error names it`() throws {
        let heard = Mutex<[String]>([])
        let wait = LockWait(path: notebook.path, limit: 0.2, patience: 0.05) { text in
            heard.withLock { $0.append(text.description) }
        }
        let store = Store(file: try DatabaseFile(at: notebook.path, waiting: wait, now: { "" }))

        try locked { process in
            let name = "process \(process.processIdentifier) ("
            for _ in 1...2 {
                let error = #expect(throws: TrackingError.self) { try store.startSampleRun() }
                #expect(error?.code == .busy)
                #expect(error?.description.contains("is locked by \(name)") == true, "\(String(describing: error))")
                #expect(error?.description.hasSuffix("; try again when it has finished writing") == true)
            }
            #expect(heard.withLock { $0.count } == 1)
            #expect(heard.withLock { $0.first }?.hasPrefix("waiting for \(name)") == true)
            #expect(heard.withLock { $0.first }?.hasSuffix("which has '\(notebook.path)' locked") == true)
        }
        #expect(wait.failedAfter.map { $0 >= .seconds(0.2) } == true)
    }

    @Test
    func `a process that was stopped keeps its lock, and the error says how it continues`() throws {
        let store = try notebook.open(busyTimeout: 0.05)

        try locked { process in
            kill(process.processIdentifier, SIGSTOP)
            let error = #expect(throws: TrackingError.self) { try store.startSampleRun() }
            let sentence = error?.description ?? ""
            #expect(sentence.contains("stopped by a signal)"), "\(sentence)")
            #expect(sentence.hasSuffix("`kill -CONT \(process.processIdentifier)` lets it continue"), "\(sentence)")
        }
    }

    @Test
    func `of a file that nobody has locked nobody is named`() throws {
        #expect(LockHolder(ofFileAt: notebook.path) == nil)
        #expect(LockHolder(ofFileAt: "/nowhere/at/all.db") == nil)
    }
}
