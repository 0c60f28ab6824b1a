import Foundation
import Testing
import Tracking

@testable import gradbook

struct NetworkFileSystemTests {
    private let network = FileSystem(
        of: URL(filePath: "/home/gradbook.db"), mounts: "40 22 0:45 / /home rw - nfs4 server:/home rw")
    private let local = FileSystem(of: URL(filePath: "/gradbook.db"), mounts: "22 1 254:1 / / rw - ext4 /dev/vda1 rw")

    @Test
    func `writing over a network is refused unless it is asked for`() throws {
        let error = #expect(throws: (any Error).self) {
            try DatabaseOptions.checkWriting("g.db", on: network, isAllowed: false)
        }

        #expect("\(error as Any)".contains("network file system (nfs4)"))
        try DatabaseOptions.checkWriting("g.db", on: network, isAllowed: true)
        try DatabaseOptions.checkWriting("g.db", on: local, isAllowed: false)
        try DatabaseOptions.checkWriting("g.db", on: nil, isAllowed: false)
    }

    @Test
    func `reading over a network is warned of`() {
        #expect(DatabaseOptions.readingWarning("g.db", on: network)?.contains("older state") == true)
        #expect(DatabaseOptions.readingWarning("g.db", on: local) == nil)
    }
}
