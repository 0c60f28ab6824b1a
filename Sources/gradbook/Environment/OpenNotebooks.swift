import Foundation
import Synchronization
import TextFormats
import Tracking

/// The notebooks that this process has opened, which are closed before it ends, whatever ends it.
enum OpenNotebooks {
    private static let stores = Mutex<[Store]>([])

    static func add(_ store: Store) -> Store {
        stores.withLock { $0.append(store) }
        return store
    }

    /// Closes all of them, and says of which a plain copy would not have everything, because somebody else writes to it.
    static func close() {
        let open = stores.withLock { stores in
            defer { stores = [] }
            return stores
        }
        for store in open { store.close() }
        for path in Set(open.map(\.path)).sorted() where WriteAheadLog.state(beside: path) == .inUse {
            Terminal.printNote(
                "gradbook: another process is writing to '\(path)': to copy it, use "
                    + "\(CommandText("backup", ["copy.db"], options: [.init("db", path)]).spelled(MessageText.optionSpelling)), not cp"
            )
        }
    }
}
