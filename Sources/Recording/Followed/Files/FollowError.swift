import Foundation
import TextFormats

/// Why a log cannot be followed, as a sentence.
package struct FollowError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ path: String, errorNumber: Int32) {
        self.init("\(path.visible) cannot be read: \(String(cString: strerror(errorNumber)))")
    }
}
