import Foundation
import Testing
import Tracking

struct FileSystemTests {
    /// In the form of `/proc/PID/mountinfo`.
    private static let mounts = #"""
        22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw
        30 22 0:26 / /tmp rw,nosuid - tmpfs tmpfs rw
        40 22 0:45 / /home rw,relatime shared:20 - nfs4 server:/export/home rw,vers=4.2
        41 40 0:46 / /home/local\040disk rw,relatime - xfs /dev/vdb rw
        42 22 0:47 / /scratch rw - lustre mds@tcp:/scratch rw
        43 22 0:48 / /over rw - ext4 /dev/vdc rw
        44 22 0:49 / /over rw - cifs //server/share rw
        """#

    @Test(arguments: [
        ("/gradbook.db", "ext4", false), ("/tmp/gradbook.db", "tmpfs", false), ("/home/ada/gradbook.db", "nfs4", true),
        ("/home/local disk/gradbook.db", "xfs", false), ("/homework/gradbook.db", "ext4", false),
        ("/scratch/a/b/gradbook.db", "lustre", true), ("/over/gradbook.db", "cifs", true),
    ])
    func `a path belongs to the innermost file system that holds it`(path: String, type: String, isNetwork: Bool) {
        let found = FileSystem(of: URL(filePath: path), mounts: Self.mounts)

        #expect(found?.type == type)
        #expect(found?.isNetwork == isNetwork)
    }

    @Test
    func `this machine's table can be read`() throws {
        let found = try #require(FileSystem(of: FileManager.default.temporaryDirectory.appending(path: "x.db")))

        #expect(!found.type.isEmpty && !found.isNetwork)
    }
}
