import Foundation
import Synchronization
import TextFormats

/// The waiting for a file's lock: how long at most, and who is told of it.
final class LockWait: Sendable {
    /// Who is told what is waited for, as a sentence.
    typealias Listener = @Sendable (MessageText) -> Void

    private let path: String
    /// Seconds after which a call fails.
    let limit: TimeInterval
    /// Seconds after which somebody who looks on wants to know.
    private let patience: TimeInterval
    private let listener: Listener?
    private let wasTold = Mutex(false)
    private let longest = Mutex<Duration?>(nil)

    init(path: String, limit: TimeInterval, patience: TimeInterval = 2, listener: Listener? = nil) {
        self.path = path
        self.limit = limit
        self.patience = patience
        self.listener = listener
    }

    /// The same for another file.
    func of(_ other: String) -> LockWait {
        LockWait(path: other, limit: limit, patience: patience, listener: listener)
    }

    /// How long the call waited that failed last; nil where none has failed.
    var failedAfter: Duration? { longest.withLock { $0 } }

    /// Takes how long a call waits by now; whether it may wait on.
    fileprivate func mayContinue(after waited: Duration) -> Bool {
        guard waited < .seconds(limit) else {
            longest.withLock { $0 = waited }
            return false
        }
        if waited >= .seconds(patience) { tellOnce() }
        return true
    }

    private func tellOnce() {
        guard let listener else { return }
        let isNew = wasTold.withLock { wasTold in
            defer { wasTold = true }
            return !wasTold
        }
        guard isNew else { return }
        let holder = LockHolder(ofFileAt: path)?.description ?? "another process"
        listener("waiting for \(holder), which has '\(path)' locked")
    }
}

/// One call's waiting for another program's lock, which ends after so much time of the world: short pauses take much longer
/// than they should on a busy machine, so counting them would not do.
final class BusyRetry: Sendable {
    private static let pause = 0.0005
    private let wait: LockWait
    private let began = Mutex(ContinuousClock.now)

    init(_ wait: LockWait) {
        self.wait = wait
    }

    /// Pauses before another try, of which there were `tries` already; false when the time is over.
    func pause(after tries: Int) -> Bool {
        if tries == 0 { began.withLock { $0 = .now } }
        Thread.sleep(forTimeInterval: Self.pause)
        return wait.mayContinue(after: began.withLock { ContinuousClock.now - $0 })
    }
}

/// The process that has a notebook locked, as far as Linux says.
struct LockHolder {
    let pid: Int
    /// As it was called, for a shell; empty where that cannot be read.
    let command: String
    /// Whether it was stopped by a signal, such as Ctrl-Z, and keeps its locks.
    let isStopped: Bool

    /// `process 12 (sqlite3 gradbook.db)`.
    var description: String {
        let facts = [command, isStopped ? "stopped by a signal" : ""].filter { !$0.isEmpty }
        return "process \(pid)" + (facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))")
    }

    /// Looks for a lock to write on the file's `-shm`, where SQLite keeps those of a file in write-ahead mode, or on the file;
    /// nil where none is another process's of this machine, or none is seen from here (proc_locks(5)).
    ///
    /// The bytes are those of <https://www.sqlite.org/walformat.html>, under "Locks".
    init?(ofFileAt path: String) {
        let file = URL(filePath: path).resolvingSymlinksInPath().path
        guard let table = try? String(contentsOfFile: "/proc/locks", encoding: .utf8) else { return nil }
        let locks = table.split(separator: "\n").compactMap(Lock.init)
        let writing = Self.writerBytes
        let onLog = locks.filter {
            $0.isOn(file + "-shm") && $0.first <= writing.upperBound && $0.last >= writing.lowerBound
        }
        guard let pid = (onLog + locks.filter { $0.isOn(file) }).first?.pid else { return nil }
        self.pid = pid
        let words = (try? Data(contentsOf: URL(filePath: "/proc/\(pid)/cmdline"))) ?? Data()
        let command = words.split(separator: 0).map { String(decoding: $0, as: UTF8.self).quotedForShell }
            .joined(separator: " ")
        self.command = command.count > Self.longestCommand ? command.prefix(Self.longestCommand) + "…" : command
        let status = (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)) ?? ""
        let state = status.lastIndex(of: ")").map { status[$0...].dropFirst(2).first } ?? nil
        isStopped = state == "T" || state == "t"
    }

    /// Of writing, of a checkpoint and of a recovery.
    private static let writerBytes = 120...122
    private static let longestCommand = 100

    /// A line of `/proc/locks`: `1: POSIX  ADVISORY  WRITE 4711 fd:01:131 120 120`.
    private struct Lock {
        let pid: Int
        let first: Int
        let last: Int
        private let place: String

        /// Nil for a lock to read, one of this process, and one that somebody waits for.
        init?(_ line: Substring) {
            let words = line.split(separator: " ").map(String.init)
            guard words.count == 8, words[1] == "POSIX", words[3] == "WRITE", let pid = Int(words[4]), pid > 0,
                pid != Int(getpid()), let first = Int(words[6])
            else { return nil }
            self.pid = pid
            self.first = first
            last = Int(words[7]) ?? .max
            place = words[5]
        }

        /// The number of a file is one of its file system's, whose number is not that of the file everywhere (Btrfs, overlays):
        /// there the process is asked which files it has open.
        func isOn(_ path: String) -> Bool {
            var status = stat()
            guard stat(path, &status) == 0, place.hasSuffix(":\(status.st_ino)") else { return false }
            // As makedev(3) puts the two numbers together.
            let device = UInt64(truncatingIfNeeded: status.st_dev)
            let (major, minor) = (device >> 8 & 0xFFF | device >> 32 & ~0xFFF, device & 0xFF | device >> 12 & ~0xFF)
            if place == String(format: "%02lx:%02lx:%lu", Int(major), Int(minor), Int(status.st_ino)) { return true }
            let folder = "/proc/\(pid)/fd"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            return names.contains {
                (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
            }
        }
    }
}
