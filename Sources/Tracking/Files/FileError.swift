import Foundation
package import TextFormats

/// Why a file cannot be read or written: its sentence has the file's name and what the system says.
package struct FileError: MessageError {
    package let message: MessageText
    package let advice: MessageText?
    /// As `errno` has it; 0 where the system refused nothing.
    package let number: Int32

    package init(_ message: MessageText, advice: MessageText? = nil) {
        (self.message, self.advice, number) = (message, advice, 0)
    }

    /// What the system said of a writing, by default just now.
    static func cannotWrite(_ path: String, _ number: Int32 = errno) -> FileError {
        FileError("'\(path)' cannot be written: \(reason(number))", number: number)
    }

    static func cannotRead(_ path: String, _ number: Int32 = errno) -> FileError {
        FileError("'\(path)' cannot be read: \(reason(number))", number: number)
    }

    private init(_ message: MessageText, advice: MessageText? = nil, number: Int32) {
        (self.message, self.advice, self.number) = (message, advice, number)
    }

    /// The same with what to do about it.
    func advising(_ advice: MessageText) -> FileError {
        FileError(message, advice: advice, number: number)
    }

    /// What the system says, as a part of a sentence.
    static func systemText(_ number: Int32) -> String {
        String(cString: strerror(number)).lowercasedFirst
    }

    /// As a part of a sentence about a file to be read or written.
    private static func reason(_ number: Int32) -> String {
        switch number {
        case ENOSPC: "the disk is full"
        case EDQUOT: "the disk quota is used up"
        case EFBIG: "it would be larger than the limit on file sizes"
        case ELOOP: "a symbolic link is in its place"
        default: systemText(number)
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String {
        // A name such as RFS stays.
        dropFirst().first?.isUppercase ?? true ? self : prefix(1).lowercased() + dropFirst()
    }
}
