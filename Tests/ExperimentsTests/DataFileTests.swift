import Foundation
import Learning
import Testing
import TextFormats

@testable import Experiments

/// Data files as settings ask for them, and as configurations name them.
final class DataFileTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "gradbook-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    private func configuration(_ text: String, _ fields: [RunSetting: String]) throws -> RunConfiguration {
        let path = folder.appending(path: "data.csv").path
        try Data(text.utf8).write(to: URL(filePath: path))
        var parser = SettingsParser()
        let own: [RunSetting: String] = [.data: path, .x: "x", .y: "y", .batchSize: "full"]
        return try parser.parse(RawSettings(fields: own.merging(fields) { $1 })).configuration
    }

    private func data(_ configuration: RunConfiguration) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(configuration.canonicalJSON().utf8)) as? [String: Any]
        return try #require(json?["data"] as? [String: Any])
    }

    @Test
    func `the configuration of a plain file has the fields that it always had`() throws {
        let configuration = try configuration("x,y\n1,2\n3,4\n", [:])

        #expect(Set(try data(configuration).keys) == ["kind", "content_hash", "x", "y", "scale"])
        #expect(try RunConfiguration(json: configuration.canonicalJSON()) == configuration)
    }

    @Test(arguments: [
        (RunSetting.delimiter, ";", "x;y\n1;2\n3;4\n", "delimiter", "semicolon"),
        (.delimiter, "tab", "x\ty\n1\t2\n3\t4\n", "delimiter", "tab"),
        (.decimal, "comma", "x,y\n\"1,250\",2\n3,4\n", "decimal", "comma"),
        (.encoding, "cp1252", "x,y\n1,2\n3,4\n", "encoding", "windows-1252"),
        (.noHeader, "true", "1,2\n3,4\n", "header", "0"),
        (.skipLines, "1", "#\"title\nx,y\n1,2\n3,4\n", "skip_lines", "1"),
        (.skipRows, "1", "x,y\nm,s\n1,2\n3,4\n", "skip_rows", "1"),
        (.skipMissing, "true", "x,y\n1,2\nNA,3\n3,4\n", "skip_missing", "1"),
    ])
    func `another reading of a file is another configuration, and reads back`(
        setting: RunSetting, text: String, file: String, field: String, value: String
    ) throws {
        var fields: [RunSetting: String] = [setting: text]
        if setting == .noHeader { fields.merge([.x: "1", .y: "2"]) { $1 } }

        let configuration = try configuration(file, fields)
        let format = try #require(try data(configuration)["format"] as? [String: Any])

        #expect(setting.path == "data.format.\(field)")
        #expect("\(format[field] ?? "nothing")" == value)
        #expect(try RunConfiguration(json: configuration.canonicalJSON()) == configuration)
    }

    @Test
    func `a field that no format has is refused with the nearest`() throws {
        let json = try configuration("x;y\n1;2\n", [:]).canonicalJSON()

        let error = #expect(throws: LearningError.self) {
            try RunConfiguration(json: json.replacing("\"delimiter\"", with: "\"delimitr\""))
        }
        #expect(error?.description.contains("did you mean 'delimiter'") == true, "\(error as Any)")
    }

    @Test(arguments: [
        (RunSetting.delimiter, "x", "delimiter: there is no 'x'; give one of comma, semicolon, tab, pipe"),
        (.decimal, "dot", "decimal: there is no 'dot'; give one of point, comma"),
        (.encoding, "utf", "encoding: there is no 'utf'"),
        (.skipLines, "-1", "skip-lines: '-1' is not a number of lines"),
        (.skipRows, "two", "skip-rows: 'two' is not a number of lines"),
    ])
    func `a value that no format has is refused with those there are`(
        setting: RunSetting, text: String, sentence: String
    ) {
        let error = #expect(throws: ExperimentError.self) { try configuration("x,y\n1,2\n", [setting: text]) }
        #expect(error?.description.hasPrefix(sentence) == true, "\(error as Any)")
    }

    @Test
    func `x too large for the model is refused in its words`() {
        let error = #expect(throws: ExperimentError.self) { try configuration("x,y\n1e300,2\n1,1\n", [:]) }
        #expect(
            error?.description.contains("x = 1e+300 is too large for the model quadratic, y = w*x^2 + b") == true,
            "\(error as Any)")
    }

    @Test(arguments: [
        ("1e100,2\n1,1\n", "none", "1e+100 in column 'x'", "try scale normalize"),
        // Only the sum of the squares is too large.
        ("1e77,5\n1.1e77,6\n", "none", "1.1e+77 in column 'x'", "try scale normalize"),
        ("1,2\n2,-1e200\n", "none", "-1e+200 in column 'y'", "divide the column by a power of ten"),
        ("1,2\n2,-1e200\n", "normalize", "a number in column 'y'", "divide the column by a power of ten"),
    ])
    func `a number with a square that is too large is named with its file and column`(
        rows: String, scale: String, part: String, advice: String
    ) {
        let error = #expect(throws: ExperimentError.self) { try configuration("x,y\n\(rows)", [.scale: scale]) }
        #expect(
            error?.description.hasPrefix("data.csv: \(part) is too large for the model quadratic") == true,
            "\(error as Any)")
        #expect(error?.description.hasSuffix("; \(advice)") == true, "\(error as Any)")
    }

    @Test
    func `one column is not fitted to itself`() {
        let error = #expect(throws: ExperimentError.self) { try configuration("x,y\n1,2\n", [.x: "y"]) }
        #expect(
            error?.description == "x and y are both the column 'y', which fits itself; name another column",
            "\(error as Any)")
    }

    @Test
    func `a flag for files is refused without a value that nobody typed`() {
        let error = #expect(throws: ExperimentError.self) {
            var parser = SettingsParser()
            _ = try parser.parse(RawSettings(fields: [.skipMissing: "true"]))
        }
        #expect(
            error?.description == "skip-missing is for data from a file; add data FILE.csv", "\(error as Any)")
    }
}
