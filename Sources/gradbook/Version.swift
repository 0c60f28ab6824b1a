/// The release that this program is; stored with every run it makes.
enum Version {
    static let current = "0.1.0"
}
