import Glibc
import TextFormats
import Tracking

/// The release that this program is; stored with every run it makes.
enum Version {
    static let current = "0.2.0"

    /// The release, and what else decides what the program does: one line each.
    static var details: String {
        let origin = SQLiteLibrary.path.map { "from \($0.visible)" } ?? "part of the program"
        return """
            gradbook  \(current)
            SQLite    \(SQLiteLibrary.version), \(origin)
            \(libraryOfC)
            """
    }

    /// Its exp, log and pow decide last bits.
    private static var libraryOfC: String {
        let size = confstr(Int32(_CS_GNU_LIBC_VERSION), nil, 0)
        let text = String(unsafeUninitializedCapacity: size) { bytes in
            bytes.withMemoryRebound(to: CChar.self) { confstr(Int32(_CS_GNU_LIBC_VERSION), $0.baseAddress, size) } - 1
        }
        return text.replacing(" ", with: "     ")
    }
}
