/// A format of files that people have where a table of text is expected, recognized by the first bytes.
enum ForeignFormat {
    case zip, oldExcel, gzip, json

    /// Only what no text begins with.
    init?(of bytes: [UInt8]) {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .zip
        } else if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            self = .oldExcel
        } else if bytes.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else {
            return nil
        }
    }

    /// Whether UTF-8 begins as an array or an object of JSON does.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        let blanks = Array(" \t\r\n".utf8)
        let text = bytes.lazy.filter { !blanks.contains($0) }.prefix(2)
        guard let first = text.first, let second = text.dropFirst().first else { return false }
        switch first {
        case UInt8(ascii: "{"): return Array("\"}".utf8).contains(second)
        case UInt8(ascii: "["): return Array("[{\"]-0123456789".utf8).contains(second)
        default: return false
        }
    }

    /// What to do about it.
    func error(in name: String) -> CSVError {
        switch self {
        case .zip:
            CSVError(
                .unusable, "\(name) is an Excel workbook or another zip archive",
                advice: "save the sheet as CSV, or unzip the archive")
        case .oldExcel: CSVError(.unusable, "\(name) is a workbook of an old Excel", advice: "save the sheet as CSV")
        case .gzip: CSVError(.unusable, "\(name) is compressed by gzip", advice: "decompress it with gunzip first")
        case .json:
            CSVError(
                .unusable, "\(name) is JSON", advice: "write it as CSV, with a header row and a row for each sample")
        }
    }
}
