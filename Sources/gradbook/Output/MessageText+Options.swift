import TextFormats

extension MessageText {
    /// How options are typed.
    static let optionSpelling: OptionSpelling = { "--\($0)" }

    /// The text with options as they are typed.
    var spelled: String { spelled(Self.optionSpelling) }
}
