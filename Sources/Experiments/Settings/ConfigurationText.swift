import Foundation
import TextFormats
import Tracking

/// A JSON file that was given as `config`, of which the form is known, but not yet whether its values can be used.
struct ConfigurationText {
    let path: String
    let text: String
    /// What stands at the top of its object.
    let members: [JSONValue.Member]

    /// Whether it is a whole configuration as a run stores it, and no settings by the names of flags: it has fields that no
    /// flag is called.
    var isOfRun: Bool {
        members.contains { Self.fieldsOfRuns.contains($0.name) }
    }

    private static let fieldsOfRuns = ["numerics", "initialization", "clipping", "stopping", "randomness", "fork"]

    /// Reads no more of a file than the longest configuration has.
    init(path: String) throws(ExperimentError) {
        let fix: MessageText =
            "give settings such as {\"lr\": 0.1}, or a file that gradbook sweep best \(option: "export") wrote"
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try InputFile.read(path, upTo: JSONText.largestSize + 1, fix: fix)
        } catch {
            throw ExperimentError(
                .unusableFile, about: "\(option: "config")", error.message, advice: error.advice, underlying: error)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ExperimentError(.unusableFile, about: "\(option: "config")", "'\(path)' is not UTF-8 text")
        }
        let json: JSONText
        do throws(JSONError) {
            json = try JSONText(bytes)
        } catch {
            throw Self.unreadable(path, error.description, fix: fix)
        }
        guard case .object(let members) = json.value else {
            throw Self.unreadable(path, "it is no object", fix: fix)
        }
        self.members = members
        (self.path, self.text) = (path, text)
    }

    private static func unreadable(_ path: String, _ reason: String, fix: MessageText) -> ExperimentError {
        ExperimentError(
            .unusableFile, about: "\(option: "config")", "'\(path)' cannot be read: \(reason)", advice: fix)
    }
}
