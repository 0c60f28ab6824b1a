extension Double {
    /// Reads a number as people write it: digits, a point, an exponent; nil for anything else.
    ///
    /// Swift's own reader also takes `0x1p-3`, `nan` and `infinity`, which in a setting or a data file are
    /// typos. What is too large for 64 bits is infinite.
    package init?(decimal text: String) {
        let isDecimal = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "e"), UInt8(ascii: "E"):
                true
            default: false
            }
        }
        guard isDecimal else { return nil }
        self.init(text)
    }
}
