import TextFormats

extension MessageText {
    /// The text with options as they are typed.
    var spelled: String { spelled { "--\($0)" } }
}
