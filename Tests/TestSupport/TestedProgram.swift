package import Foundation

/// Where the command line is that tests start.
package enum TestedProgram {
    /// The program at the path `GRADBOOK_PROGRAM`, as `make test` gives it; without it the one that was built with the tests.
    ///
    /// Throws if no program is there.
    package static var file: URL {
        get throws {
            guard let path = ProcessInfo.processInfo.environment["GRADBOOK_PROGRAM"], !path.isEmpty else {
                return try builtWithTests
            }
            return try existing(URL(filePath: path).absoluteURL)
        }
    }

    /// The program that was compiled as the tests are.
    package static var builtWithTests: URL {
        get throws { try existing(Bundle.main.bundleURL.appending(path: "gradbook")) }
    }

    private static func existing(_ file: URL) throws -> URL {
        guard FileManager.default.isExecutableFile(atPath: file.path) else {
            throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: file.path])
        }
        return file
    }
}
