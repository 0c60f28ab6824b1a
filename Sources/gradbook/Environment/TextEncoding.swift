import Foundation
import Tracking

/// Names that are not UTF-8, which the program would read as other names: two of them could become one file.
enum TextEncoding {
    /// What is wrong with an argument, the notebook's path in the environment, or the current folder; nil if all are UTF-8.
    static func flaw() -> String? {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = CommandLine.unsafeArgv[index], !isUTF8(argument) else { continue }
            return
                "the argument '\(escaped(argument))' is not UTF-8; give another name to the file or whatever it names, in UTF-8"
        }
        if let path = getenv("GRADBOOK_DB"), !isUTF8(path) {
            return "the environment's GRADBOOK_DB, '\(escaped(path))', is not UTF-8; give the file another name"
        }
        var folder = [CChar](repeating: 0, count: Int(PATH_MAX))
        if getcwd(&folder, folder.count) != nil, !folder.withUnsafeBufferPointer({ $0.baseAddress.map(isUTF8) ?? true })
        {
            return "the path of the current folder is not UTF-8; give the folder another name, or work in another one"
        }
        return nil
    }

    private static func isUTF8(_ text: UnsafePointer<CChar>) -> Bool {
        String(validatingCString: text) != nil
    }

    /// Bytes that are no plain text as `\xe9`.
    private static func escaped(_ text: UnsafePointer<CChar>) -> String {
        UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }.map { byte in
            (32..<127).contains(byte)
                ? String(UnicodeScalar(byte)) : "\\x" + Hexadecimal.text([byte])
        }.joined()
    }
}
