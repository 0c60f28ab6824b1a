import Foundation
import TextFormats
import Tracking

/// What is captured once of where a program runs.
enum RecordedSurroundings {
    /// Of the uncommitted changes; more are left out.
    private static let largestDiff = 1 << 20

    /// Names and texts; what is not known is not there.
    static func captured(command: [String], withDiff: Bool) -> [String: String] {
        var facts: [String: String] = [:]
        let folder = FileManager.default.currentDirectoryPath
        facts["folder"] = folder
        facts["host"] = ProcessInfo.processInfo.hostName
        if !command.isEmpty, let json = try? JSONEncoder.forPrograms().encode(command) {
            facts["argv"] = String(decoding: json, as: UTF8.self)
        }
        facts["git_commit"] = GitCommit.checkedOut(in: folder)
        if facts["git_commit"] != nil {
            facts["git_branch"] = git("rev-parse", "--abbrev-ref", "HEAD")?.trimmingCharacters(in: .newlines)
            // Filters and helpers that a repository names are not run.
            let diff = withDiff ? git("diff", "--no-ext-diff", "--no-textconv", "--no-color", "HEAD") : nil
            if let diff, !diff.isEmpty {
                facts["git_diff"] =
                    diff.utf8.count <= largestDiff ? diff : "(\(diff.utf8.count) bytes, which are not kept)"
            }
        }
        facts["processor"] = line(of: "/proc/cpuinfo", beginning: "model name")
        facts["processors"] = "\(ProcessInfo.processInfo.activeProcessorCount)"
        facts["memory"] = "\(ProcessInfo.processInfo.physicalMemory)"
        facts["system"] = ProcessInfo.processInfo.operatingSystemVersionString
        let cards = "/proc/driver/nvidia/gpus"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: cards)) ?? []).sorted().compactMap {
            line(of: "\(cards)/\($0)/information", beginning: "Model:")
        }
        if !names.isEmpty { facts["gpus"] = names.joined(separator: ", ") }
        for (name, value) in ProcessInfo.processInfo.environment where isKept(name) {
            facts["env.\(name)"] = value
        }
        return facts
    }

    /// Never others: they hold secrets.
    private static func isKept(_ name: String) -> Bool {
        ["CUDA_VISIBLE_DEVICES", "PYTHONHASHSEED"].contains(name) || name.hasPrefix("OMP_")
            || name.hasPrefix("SLURM_") && !name.contains("JWT") && !name.contains("TOKEN")
    }

    private static func line(of path: String, beginning: String) -> String? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.hasPrefix(beginning) }
        return line?.split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }

    /// What git prints; nil where it is not there, fails, or says more than anybody keeps.
    private static func git(_ arguments: String...) -> String? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments =
            ["git", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }
}

/// This process's place in a job of several.
enum Rank {
    static var current: Int {
        for name in ["RANK", "SLURM_PROCID"] {
            if let text = ProcessInfo.processInfo.environment[name], !text.isEmpty { return Int(text) ?? -1 }
        }
        return 0
    }

    /// Becomes the command, without a recorder.
    static func runUnrecorded(_ command: [String]) throws {
        var arguments: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) }
        arguments.append(nil)
        execvp(command[0], arguments)
        throw FileError("'\(command[0])' cannot be started: \(String(cString: strerror(errno)))")
    }
}

/// Files that belong to a run when it has ended.
enum KeptFiles {
    /// The paths that match patterns as a shell's, in order and each once.
    static func matching(_ patterns: [String]) -> [String] {
        var paths: [String] = []
        for pattern in patterns {
            var found = glob_t()
            defer { globfree(&found) }
            guard glob(pattern, 0, nil, &found) == 0 else { continue }
            for index in 0..<Int(found.gl_pathc) {
                if let path = found.gl_pathv[index].map({ String(cString: $0) }), !paths.contains(path) {
                    paths.append(path)
                }
            }
        }
        return paths
    }
}
