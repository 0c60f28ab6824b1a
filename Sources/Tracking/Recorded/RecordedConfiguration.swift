import Foundation
import Hashing
package import TextFormats

/// What a recorded run was asked to do: its command, its settings and its seed, all as far as they are known.
///
/// Runs that differ in nothing but the seed are replicates. So where the command's words name the seed, as `--seed 3`, `--seed=3` or
/// `seed=3` do, the configuration has `{seed}` in its place.
package struct RecordedConfiguration: Sendable, Equatable {
    /// Of the settings as JSON; more are refused.
    package static let largestSize = 256 << 10

    /// Empty where nobody knows.
    package private(set) var command: [String] = []
    /// Each name once.
    package private(set) var settings: [String: JSONValue] = [:]
    package private(set) var seed: Int64?

    package init(command: [String] = []) {
        let found = command.indices.compactMap { index in Self.seed(at: index, of: command) }
        // Which of several is the run's, nobody knows.
        guard let first = found.first, found.count == 1 else {
            self.command = command
            return
        }
        seed = first.seed
        // What stands there anyway is no place for a seed.
        self.command = command.map { $0.replacing("{seed}", with: "{{seed}}") }
        self.command[first.index] = first.template
    }

    /// A seed that a word names, itself or for the next one, and what stands in its place.
    private static func seed(at index: Int, of command: [String]) -> (index: Int, seed: Int64, template: String)? {
        let parts = command[index].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = parts[0].drop { $0 == "-" }
        guard name == "seed" else { return nil }
        if parts.count == 2 { return Int64(parts[1]).map { (index, $0, "\(parts[0])={seed}") } }
        guard name.count < parts[0].count, index + 1 < command.count else { return nil }
        return Int64(command[index + 1]).map { (index + 1, $0, "{seed}") }
    }

    /// As ``json`` has it; nil for another text.
    package init?(json: String) {
        guard let text = try? JSONText(Array(json.utf8)), case .object(let members) = text.value else { return nil }
        for member in members {
            switch (member.name, member.value) {
            case ("command", .list(let words)):
                command = words.compactMap { if case .string(let word) = $0 { word } else { nil } }
            case ("settings", .object(let settings)):
                for setting in settings { self.settings[setting.name] = setting.value }
            case ("seed", .number(let number)): seed = Int64(number)
            default: break
            }
        }
    }

    /// As ``json`` has it, and nothing else: nil for members, words or seeds that no recorded run has.
    init?(exactly text: String) {
        guard let json = try? JSONText(Array(text.utf8)), case .object(let members) = json.value else { return nil }
        for member in members {
            switch (member.name, member.value) {
            case ("command", .list(let words)):
                guard words.allSatisfy({ if case .string = $0 { true } else { false } }) else { return nil }
            case ("settings", .object): break
            case ("seed", .number(let number)) where Int64(number) != nil: break
            default: return nil
            }
        }
        self.init(json: text)
    }

    /// Sets these, each in place of what it was; a whole number `seed` is the run's.
    ///
    /// False, and nothing changes, where the settings would be larger than ``largestSize``.
    package mutating func set(_ members: [JSONValue.Member]) -> Bool {
        var changed = self
        for member in members {
            if member.name == "seed", case .number(let text) = member.value, let seed = Int64(text) {
                changed.seed = seed
            } else {
                changed.settings[member.name] = member.value
            }
        }
        guard changed.json.utf8.count <= Self.largestSize else { return false }
        self = changed
        return true
    }

    package mutating func removeCommand() {
        command = []
    }

    /// The same with the command of another one.
    func withCommand(of other: RecordedConfiguration) -> RecordedConfiguration {
        var changed = self
        changed.command = other.command
        return changed
    }

    // MARK: - As the notebook has it

    /// Canonical: the same configurations have the same text.
    package var json: String { object(withSeed: true).canonicalText }

    package var hash: String { Hexadecimal.text(SHA256.hash(json.utf8)) }

    /// Of all but the seed.
    package var groupID: String {
        String(Hexadecimal.text(SHA256.hash(object(withSeed: false).canonicalText.utf8)).prefix(12))
    }

    private func object(withSeed: Bool) -> JSONValue {
        var members = [
            JSONValue.Member(name: "settings", value: .object(settings.map { .init(name: $0.key, value: $0.value) }))
        ]
        if !command.isEmpty { members.append(.init(name: "command", value: .list(command.map { .string($0) }))) }
        if withSeed, let seed { members.append(.init(name: "seed", value: .number("\(seed)"))) }
        return .object(members)
    }
}

extension JSONValue {
    /// A text that is the same for the same value: names in the order of their bytes, numbers in their shortest form.
    fileprivate var canonicalText: String {
        switch self {
        case .word(let word): return word
        case .string(let text): return Self.quoted(text)
        case .number(let text):
            if let integer = Int64(text) { return "\(integer)" }
            return Double(text).map { NumberText.json($0) } ?? text
        case .list(let values): return "[" + values.map(\.canonicalText).joined(separator: ",") + "]"
        case .object(let members):
            let sorted = members.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            let texts = sorted.map { "\(Self.quoted($0.name)):\($0.value.canonicalText)" }
            return "{" + texts.joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }
}
