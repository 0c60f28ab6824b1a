import Foundation
import TestSupport
import Testing

/// A command at work, as a person would see it: what was typed, and what the program answered.
struct Transcript: CustomTestStringConvertible {
    /// One run of the program.
    struct Scene {
        let arguments: [String]
        let invocation: Invocation
        /// `help`, or the format that was asked for; nil where there is no choice.
        let format: String?
    }

    /// The file's name.
    let name: String
    let scenes: [Scene]

    var testDescription: String { name }

    /// The help of every command.
    static let helps = Result { () throws -> [Scene] in try CommandTree.entries.get().map { try help(of: $0) } }

    /// For every command its first page in all formats, and its other pages; for the program itself also its help.
    static let all = Result { () throws -> [Transcript] in
        try CommandTree.entries.get().compactMap { entry in
            let pages = TranscriptPage.all.filter { $0.command == entry.path }
            let formats = entry.command.formats
            let scenes = try pages.enumerated().flatMap { number, page in
                try play(page, in: number == 0 ? formats : Array(formats.prefix(1)))
            }
            if entry.path.isEmpty {
                return Transcript(name: "gradbook.txt", scenes: scenes + [try help(of: entry)])
            }
            return scenes.isEmpty ? nil : Transcript(name: "\(entry.name).txt", scenes: scenes)
        }
    }

    /// The scenes, with what is different on every machine and at every moment made constant.
    ///
    /// That is the program's version, durations and free space; ``TranscriptNotebook`` does the rest. Lines of standard error begin with `! `, and an exit code other than 0 stands
    /// below.
    var text: String {
        scenes.map { scene in
            let command = (["gradbook"] + scene.arguments).map(Self.quoted).joined(separator: " ")
            let notes = scene.invocation.error.split(separator: "\n").map { "! \($0)\n" }.joined()
            let code = scene.invocation.exitCode == 0 ? "" : "[exit code \(scene.invocation.exitCode)]\n"
            return "$ \(command)\n\(Self.constant(scene.invocation.output + notes))\(code)"
        }.joined(separator: "\n")
    }

    // MARK: - Internals

    private static let environment = ["COLUMNS": "80"]

    private static func help(of entry: CommandTree.Entry) throws -> Scene {
        let arguments = entry.path + ["--help"]
        return Scene(
            arguments: arguments, invocation: try Scratch().gradbook(arguments, environment: environment),
            format: "help")
    }

    /// Of the default format everything, of the others the last command.
    private static func play(_ page: TranscriptPage, in formats: [String]) throws -> [Scene] {
        let variants: [(format: String?, flag: [String])] =
            formats.isEmpty
            ? [(nil, [])] : [(formats[0], [])] + formats.dropFirst().map { ($0, ["--format", $0]) }
        return try variants.flatMap { format, flag in
            let scratch = try TranscriptNotebook.copy()
            if let change = page.change { try scratch.sqlite3(change) }
            let first = try page.before.map { arguments in
                Scene(
                    arguments: arguments, invocation: try scratch.gradbook(arguments, environment: environment),
                    format: nil)
            }
            let arguments = page.command + page.arguments + flag
            let scene = Scene(
                arguments: arguments, invocation: try scratch.gradbook(arguments, environment: environment),
                format: format)
            return flag.isEmpty ? first + [scene] : [scene]
        }
    }

    private static func constant(_ text: String) -> String {
        text.replacing(#/^\d+\.\d+\.\d+$/#.anchorsMatchLineEndings(), with: "1.0.0")
            .replacing(#/ in \d+(\.\d+)? s\b/#, with: " in 0.1 s")
            .replacing(#/about \S+ [kMG]?B( \(\d+ [kMGT]B free\))?/#, with: "about 1 MB (50 GB free)")
            .replacing(#/about [^\n]+ with/#, with: "about 1 s with")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isLetter || $0.isNumber || "-_.,:=/@%".contains($0) }
        return isPlain && !word.isEmpty ? word : "'\(word)'"
    }
}
