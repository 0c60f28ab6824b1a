import Foundation
import TestSupport
import Testing

@testable import Recording

/// Logs that the real packages wrote, and what is in them; `Fixtures/write-logs` writes both.
struct LogFixtures {
    static let committed = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/logs")

    let folder: URL
    let expected: Expected

    init(_ folder: URL = LogFixtures.committed) throws {
        self.folder = folder
        expected = try JSONDecoder().decode(
            Expected.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
    }

    func path(_ name: String) -> String { folder.appending(path: name).path }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name))) }

    static let eventFiles = [
        "restart/events.out.tfevents.0.fixture", "restart/events.out.tfevents.1.fixture",
        "restart/events.out.tfevents.2.fixture", "restart/validation/a/events.out.tfevents.0.fixture",
        "tensors/events.out.tfevents.0.fixture",
    ]

    // MARK: - What is in them

    struct Expected: Decodable {
        let restart: Events
        let tensors: Events
        let wandb: Wandb
    }

    struct Events: Decodable {
        let lines: [Line]
        let superseded: Int
        let media: Int
        let refused: Int?
        let precision: [String: String]
    }

    struct Line: Decodable, Hashable {
        let key: String
        let step: Int64
        let value: LoggedValue

        init(_ key: String, _ step: Int64, _ value: LoggedValue) {
            (self.key, self.step, self.value) = (key, step, value)
        }

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            key = try list.decode(String.self)
            step = try list.decode(Int64.self)
            value = try list.decode(Value.self).value
        }
    }

    struct Wandb: Decodable {
        let lines: [Row]
        let media: Int
        let run: [String: String]
        let config: [String: String]
        let summary: [String: Value]
        let exit: Int
    }

    struct Row: Decodable {
        let step: Int64
        let time: UInt64?
        let values: [String: Value]

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            step = try list.decode(Int64.self)
            time = UInt64(try list.decode(String.self), radix: 16)
            values = try list.decode([String: Value].self)
        }
    }

    /// The bits of a double in hexadecimal, a whole number, or an object with a text.
    struct Value: Decodable {
        let value: LoggedValue

        private enum Key: CodingKey { case text }

        init(from decoder: any Decoder) throws {
            if let object = try? decoder.container(keyedBy: Key.self) {
                value = .text(try object.decode(String.self, forKey: .text))
            } else if let integer = try? decoder.singleValueContainer().decode(Int64.self) {
                value = .integer(integer)
            } else {
                let text = try decoder.singleValueContainer().decode(String.self)
                value = .real(Double(bitPattern: try #require(UInt64(text, radix: 16))))
            }
        }
    }
}
