import Foundation
import Testing
import Tracking

@testable import gradbook

/// Whether a worker is gone, as far as it can be known here; where it cannot, its lease decides.
struct ProcessIdentityTests {
    private static let current = ProcessIdentity.current

    @Test(arguments: [
        (current, true),
        (other(started: current.started + 1), false), (other(pid: 1 << 22 + 1), false),
        (other(host: "elsewhere"), nil), (other(bootID: "another start"), nil),
        (other(namespace: "pid:[1]"), nil), (other(pid: 1 << 22 + 1, namespace: "pid:[1]"), nil),
        (other(namespace: ""), nil),
    ])
    func `only a process that was counted here can be called gone`(process: ProcessIdentity, isAlive: Bool?) {
        #expect(process.isAlive == isAlive)
    }

    private static func other(
        host: String = current.host, pid: Int = current.pid, started: Int = current.started,
        bootID: String = current.bootID, namespace: String = current.namespace
    ) -> ProcessIdentity {
        ProcessIdentity(host: host, pid: pid, started: started, bootID: bootID, namespace: namespace)
    }
}
