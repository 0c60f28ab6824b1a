package import Foundation

/// The file system a notebook lies on, as far as its safety depends on it.
///
/// SQLite's write-ahead log shares memory between the processes of one machine, and its locks trust the file system:
/// <https://www.sqlite.org/useovernet.html>. Between machines neither holds.
package struct FileSystem: Sendable, Equatable {
    /// As the kernel calls it, such as `ext4` or `nfs4`.
    package let type: String

    /// Whether other machines may have the same files open.
    package var isNetwork: Bool { Self.networks.contains(type) }

    /// That of the file at `url`, or of the folder it would be created in; nil where it cannot be told.
    package init?(of url: URL) {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return nil }
        self.init(of: url, mounts: mounts)
    }

    /// As above, with the table of mounted file systems in the form of `/proc/PID/mountinfo` (proc(5)).
    package init?(of url: URL, mounts: String) {
        let path = url.absoluteURL.resolvingSymlinksInPath().deletingLastPathComponent().resolvingSymlinksInPath().path
        // Of two at one place the later one hides the other.
        let mount = mounts.split(separator: "\n").compactMap { Mount(line: $0) }
            .filter { $0.holds(path) }
            .max { $0.point.count < $1.point.count || $0.point == $1.point }
        guard let mount else { return nil }
        type = mount.type
    }

    private static let networks: Set<String> = [
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "fuse.ceph-fuse", "fuse.glusterfs", "fuse.sshfs", "gfs2",
        "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "panfs", "pvfs2", "smb2", "smb3",
        "smbfs",
    ]

    private struct Mount {
        let point: String
        let type: String

        /// `36 35 98:0 /root /point options ... - type source options`, blanks in names as `\040`.
        init?(line: Substring) {
            let fields = line.split(separator: " ")
            guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.endIndex else {
                return nil
            }
            point = String(fields[4]).replacing("\\040", with: " ").replacing("\\011", with: "\t").replacing(
                "\\134", with: "\\")
            type = String(fields[dash + 1])
        }

        func holds(_ path: String) -> Bool {
            point == "/" || path == point || path.hasPrefix(point + "/")
        }
    }
}
