/// A command of the program that a text tells people to type.
///
/// Libraries name the command, its arguments and options; the program adds what every command of this call needs, such as the
/// notebook that was given, and quotes all of it for a shell.
package struct CommandText: Sendable, Equatable {
    /// The program's own words, such as `sweep retry`.
    let command: String
    /// Anybody's words, such as a sweep's name.
    let arguments: [String]
    let options: [Option]

    /// An option with its value, or a flag that is given.
    package struct Option: Sendable, Equatable {
        let name: String
        let value: String?

        package init(_ name: String, _ value: String? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// What every command of a call has in common.
    package struct Context: Sendable {
        /// Options that a command gets unless it has them itself.
        let common: [Option]
        /// Options that mean nothing new, and are left out.
        let implied: [Option]

        package init(common: [Option] = [], implied: [Option] = []) {
            (self.common, self.implied) = (common, implied)
        }
    }

    package init(_ command: String, _ arguments: [String] = [], options: [Option] = []) {
        self.command = command
        self.arguments = arguments
        self.options = options
    }

    /// The command as it is typed into a shell, its own options first.
    ///
    /// Where an argument looks like an option, `--` ends the options before it.
    package func spelled(_ spelling: (String) -> String, in context: Context = Context()) -> String {
        let common = context.common.filter { given in !self.options.contains { $0.name == given.name } }
        let options = (self.options + common).filter { !context.implied.contains($0) }.map { option in
            let name = spelling(option.name)
            guard let value = option.value else { return name }
            // A value with a dash in front would be taken for the next option.
            let separator = value.hasPrefix("-") && name != option.name ? "=" : " "
            return name + separator + value.quotedForShell
        }
        let quoted = arguments.map(\.quotedForShell)
        let words =
            arguments.contains { $0.hasPrefix("-") } ? options + ["--"] + quoted : quoted + options
        return (["gradbook", command] + words).joined(separator: " ")
    }
}
