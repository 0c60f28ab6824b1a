import Foundation
package import TextFormats
import Tracking

/// A command that runs below this process, in its group, so that Ctrl-C reaches both.
///
/// Foundation's `Process` closes all descriptors but three in the program; here those that are wanted stay.
struct ChildProcess: Sendable {
    let id: pid_t

    /// Starts `words`; `descriptors` are those of the program, each with the one of ours that it is a copy of.
    ///
    /// - Throws: a `ProcessError` with the shell's exit code for a command that cannot be started, 126 or 127.
    init(_ words: [String], environment: [String: String], descriptors: [(theirs: Int32, ours: Int32)])
        throws(ProcessError)
    {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (theirs, ours) in descriptors { posix_spawn_file_actions_adddup2(&actions, ours, theirs) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this program ignores, the other one need not.
        var defaults = sigset_t()
        sigemptyset(&defaults)
        for number in [SIGPIPE, SIGXFSZ] { sigaddset(&defaults, number) }
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigdefault(&attributes, &defaults)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        var id = pid_t()
        let code = Self.withCStrings(words) { arguments in
            Self.withCStrings(environment.map { "\($0)=\($1)" }) { variables in
                posix_spawnp(&id, words[0], &actions, &attributes, arguments, variables)
            }
        }
        guard code == 0 else { throw ProcessError(command: words[0], code: code) }
        self.id = id
    }

    /// Waits for its end.
    func wait() -> ProcessUsage {
        var status: Int32 = 0
        var usage = rusage()
        while wait4(id, &status, 0, &usage) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return ProcessUsage(
            exitCode: signal == 0 ? status >> 8 & 0xFF : nil, signal: signal == 0 ? nil : signal,
            userSeconds: Self.seconds(usage.ru_utime), systemSeconds: Self.seconds(usage.ru_stime),
            peakMemory: Int64(usage.ru_maxrss) * 1024)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func withCStrings<Result>(
        _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = texts.map { strdup($0) }
        defer { copies.forEach { free($0) } }
        return body(copies + [nil])
    }
}

/// A command that could not be started.
package struct ProcessError: MessageError {
    package let message: MessageText
    package let advice: MessageText?
    package var underlying: (any Error)? { nil }
    /// That of a shell: 127 for a command that is not there, 126 for one that cannot be run.
    package let exitCode: Int32

    init(command: String, code: Int32) {
        exitCode = code == ENOENT ? 127 : 126
        message =
            code == ENOENT
            ? "there is no command '\(command)'" : "'\(command)' cannot be started: \(String(cString: strerror(code)))"
        advice = code == ENOENT ? "check its spelling and PATH" : nil
    }

    /// Refuses a command that cannot be found, before anything is written.
    package static func check(_ command: String) throws(ProcessError) {
        if command.isEmpty { throw ProcessError(command: command, code: ENOENT) }
        if command.contains("/") {
            guard access(command, F_OK) == 0 else { throw ProcessError(command: command, code: ENOENT) }
            var status = stat()
            guard stat(command, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(command, X_OK) == 0 else {
                throw ProcessError(command: command, code: EACCES)
            }
            return
        }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders = path.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
        guard folders.contains(where: { access("\($0)/\(command)", X_OK) == 0 }) else {
            throw ProcessError(command: command, code: ENOENT)
        }
    }
}
