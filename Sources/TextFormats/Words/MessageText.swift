/// How an option is typed, such as `--trials` for `trials`: the program knows, and hands it to whoever writes a text.
package typealias OptionSpelling = @Sendable (String) -> String

/// A text for people that refers to options and commands of the command line without spelling them.
///
/// Libraries write `"give \(option: "trials") 32"` and `"\(command: "sweep retry", name) tries again"`; the program spells the
/// option `--trials` and the command with the notebook that was given, and whoever prints the text as it is sees bare names.
package struct MessageText: Sendable, Equatable {
    fileprivate enum Part: Sendable, Equatable {
        case text(String)
        case option(String)
        case command(CommandText)
    }

    private var parts: [Part]

    /// Anybody's text, of which all will be seen.
    package init(_ text: String) {
        parts = [.text(text.visible)]
    }

    /// The text with every option as `spelling` has it, and every command as it is typed in the context.
    package func spelled(
        _ spelling: (String) -> String, in context: CommandText.Context = CommandText.Context()
    ) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .option(let name): spelling(name)
            case .command(let command): command.spelled(spelling, in: context)
            }
        }.joined()
    }

    /// The text in lines as ``WrappedText/paragraph(_:indentation:width:)`` has them, but a command stays on one line, so that
    /// it can be pasted.
    package func wrapped(
        _ spelling: (String) -> String, in context: CommandText.Context = CommandText.Context(), indentation: Int = 0,
        width: Int
    ) -> String {
        let whole = spelled(spelling, in: context)
        if indentation + whole.count <= width { return String(repeating: " ", count: indentation) + whole }
        var words: [String] = [""]
        for part in parts {
            switch part {
            case .text(let text):
                let pieces = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
                words[words.count - 1] += pieces[0]
                words += pieces.dropFirst()
            case .option(let name): words[words.count - 1] += spelling(name)
            case .command(let command): words[words.count - 1] += command.spelled(spelling, in: context)
            }
        }
        return WrappedText.paragraph(words: words.filter { !$0.isEmpty }, indentation: indentation, width: width)
    }

    package static func + (first: Self, second: Self) -> Self {
        var text = first
        text.parts += second.parts
        return text
    }
}

extension MessageText: CustomStringConvertible {
    /// The text with the bare names of options.
    package var description: String { spelled { $0 } }
}

extension MessageText: ExpressibleByStringInterpolation {
    /// Collects the words and the options of a literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { parts.append(.text(literal)) }
        }

        /// A reference to the option of this name.
        package mutating func appendInterpolation(option name: String) {
            parts.append(.option(name))
        }

        /// A command to type, with anybody's words as its arguments.
        package mutating func appendInterpolation(
            command: String, _ arguments: String..., options: [CommandText.Option] = []
        ) {
            parts.append(.command(CommandText(command, arguments, options: options)))
        }

        /// A command to type.
        package mutating func appendInterpolation(_ command: CommandText) {
            parts.append(.command(command))
        }

        /// Another text with its references.
        package mutating func appendInterpolation(_ text: MessageText) {
            parts += text.parts
        }

        /// Anybody's value, of which all will be seen.
        package mutating func appendInterpolation<Value>(_ value: Value) {
            parts.append(.text("\(value)".visible))
        }
    }

    package init(stringLiteral text: String) {
        self.init(text)
    }

    package init(stringInterpolation: StringInterpolation) {
        parts = stringInterpolation.parts
    }
}

/// An error for people: what is wrong with the offending value, and what to do about it.
package protocol MessageError: Error, CustomStringConvertible {
    /// What is wrong.
    var message: MessageText { get }
    /// What to do about it; nil where nothing is known, or the message says it.
    var advice: MessageText? { get }
    /// The whole sentence, with options still to be spelled.
    var text: MessageText { get }
}

extension MessageError {
    package var text: MessageText { advice.map { "\(message); \($0)" } ?? message }

    /// The whole sentence with the bare names of options.
    package var description: String { text.description }
}

extension Int {
    /// This many of what `noun` names, as "1 run" or "3 runs"; `plural` is for what does not just take an s.
    package func counted(_ noun: String, plural: String? = nil) -> String {
        "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
    }
}
