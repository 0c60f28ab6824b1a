import Foundation
import TestSupport
import Testing

/// The program's commands, as it describes them itself.
struct CommandTree: Decodable {
    /// A command with everything below it.
    struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let name: String
            }

            let preferredName: Name?
            let shouldDisplay: Bool
            let allValues: [String]?
            let defaultValue: String?
        }

        let commandName: String
        let abstract: String?
        let discussion: String?
        let arguments: [Argument]?
        let shouldDisplay: Bool
        let subcommands: [Command]?

        /// The formats it prints in, the default one first; empty where there is no choice.
        var formats: [String] {
            guard let format = arguments?.first(where: { $0.preferredName?.name == "format" }),
                let values = format.allValues
            else { return [] }
            return values.filter { $0 == format.defaultValue } + values.filter { $0 != format.defaultValue }
        }

        /// The command lines at the end of its help.
        var examples: [String] {
            guard let examples = discussion?.components(separatedBy: "Examples:\n").dropFirst().last else { return [] }
            return examples.replacing("\\\n", with: "").split(separator: "\n")
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// A command by the words that call it; none for the program itself.
    struct Entry {
        let path: [String]
        let command: Command

        var isGroup: Bool { !(command.subcommands ?? []).isEmpty }
        /// The name of its snapshots.
        var name: String { path.isEmpty ? "gradbook" : path.joined(separator: "-") }
    }

    let command: Command

    /// Every command and group of commands, but not `help`, which the parser adds.
    static let entries = Result { () throws -> [Entry] in
        let output = try Scratch().gradbook("--experimental-dump-help").output
        let tree = try JSONDecoder().decode(CommandTree.self, from: Data(output.utf8))
        return below([], tree.command)
    }

    private static func below(_ path: [String], _ command: Command) -> [Entry] {
        [Entry(path: path, command: command)]
            + (command.subcommands ?? []).filter { $0.shouldDisplay && $0.commandName != "help" }
            .flatMap { below(path + [$0.commandName], $0) }
    }
}
