/// Why bytes are no line of the protocol, as the end of a sentence such as "a line was not recorded: …".
package struct LineError: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
