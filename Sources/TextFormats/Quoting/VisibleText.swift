/// Anybody's text as people are shown it: what a terminal obeys, or an eye cannot see, is written out.
///
///     "a\u{1B}[2Jb".visible        // a\u{1B}[2Jb, seven characters more
///     "two\nlines".visible         // two\nlines, on one line
///
/// Written out are control characters (C0, DEL, C1), line and paragraph separators, what turns the direction of
/// writing, and what has no width, such as zero-width blanks, tags and byte order marks. What belongs to a visible
/// character stays: joiners and variation selectors of emoji and ideographs, joiners between letters of the scripts
/// that are written with them. A backslash stays one: the text is for reading, not for reading back.
package struct VisibleText {
    /// A scalar of a text between its neighbors.
    private struct Place {
        let before: Unicode.Scalar?
        let scalar: Unicode.Scalar
        let after: Unicode.Scalar?
    }

    /// The text with `spelling` in the place of every hidden character, line feeds excepted if they end lines; nil where
    /// nothing changes.
    fileprivate static func written(
        _ text: String, endsLines: Bool, _ spelling: (Unicode.Scalar) -> String
    ) -> String? {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 > 0x7E }) else { return nil }
        var result = String.UnicodeScalarView()
        var isChanged = false
        var before: Unicode.Scalar?
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if !(endsLines && scalar == "\n"), isHidden(Place(before: before, scalar: scalar, after: next)) {
                result.append(contentsOf: spelling(scalar).unicodeScalars)
                isChanged = true
            } else {
                result.append(scalar)
            }
            before = scalar
        }
        return isChanged ? String(result) : nil
    }

    /// As Swift spells it, such as `\n` or `\u{202E}`.
    fileprivate static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        }
    }

    /// As JSON spells it.
    fileprivate static func jsonEscape(_ scalar: Unicode.Scalar) -> String {
        Character(scalar).utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    /// Within single quotes, as bytes that bash, zsh and ksh read back.
    fileprivate static func shellEscape(_ scalar: Unicode.Scalar) -> String {
        let bytes = Character(scalar).utf8.map { "\\x\($0.hexadecimal)" }
        return "'$'\(bytes.joined())''"
    }

    private static func isHidden(_ place: Place) -> Bool {
        let properties = place.scalar.properties
        switch properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: return true
        case .format where !properties.isDefaultIgnorableCodePoint:
            // Signs that stand before Arabic numbers can be seen; anchors of annotations cannot.
            return (0xFFF9...0xFFFB).contains(place.scalar.value)
        default:
            guard properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint else { return false }
            return !belongsToNeighbors(place)
        }
    }

    private static func belongsToNeighbors(_ place: Place) -> Bool {
        guard let before = place.before else { return false }
        switch place.scalar.value {
        // Joiner and non-joiner.
        case 0x200C, 0x200D:
            guard let after = place.after else { return false }
            let isEmoji =
                isPictogram(after)
                && (isPictogram(before) || before.value == 0xFE0F || before.properties.isEmojiModifier)
            return (isEmoji && place.scalar.value == 0x200D) || (isJoining(before) && isJoining(after))
        // Text or emoji, and before the frame of a key on digits, too.
        case 0xFE0E, 0xFE0F: return isPictogram(before) || (before.properties.isEmoji && place.after?.value == 0x20E3)
        // Forms of an ideograph.
        case 0xFE00...0xFE0D, 0xE0100...0xE01EF: return before.properties.isIdeographic
        default: return false
        }
    }

    private static func isPictogram(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isEmoji && scalar.value > 0x7F
    }

    /// Whether it is a letter or a mark of a script from Arabic to Myanmar.
    private static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        guard (0x0600...0x109F).contains(scalar.value) else { return false }
        switch scalar.properties.generalCategory {
        case .otherLetter, .nonspacingMark, .spacingMark: return true
        default: return false
        }
    }
}

extension UInt8 {
    /// As two hexadecimal digits, such as `0A`.
    var hexadecimal: String { (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true) }
}

extension String {
    /// On one line, with everything hidden written out; see ``VisibleText``.
    package var visible: String { VisibleText.written(self, endsLines: false, VisibleText.escape) ?? self }

    /// The same for a page, where a line feed ends a line.
    package var visibleLines: String { VisibleText.written(self, endsLines: true, VisibleText.escape) ?? self }

    /// Whether it is seen as it is.
    package var isVisible: Bool { VisibleText.written(self, endsLines: false, VisibleText.escape) == nil }

    /// In single quotes of a shell, which end where something is hidden and begin again behind it.
    var visibleInShellQuotes: String {
        VisibleText.written(self, endsLines: false, VisibleText.shellEscape) ?? self
    }

    /// JSON of the same values, in which hidden characters are escapes.
    ///
    /// - Precondition: it is JSON, with no blanks but spaces and line feeds between its values.
    package var visibleJSON: String { VisibleText.written(self, endsLines: true, VisibleText.jsonEscape) ?? self }
}
