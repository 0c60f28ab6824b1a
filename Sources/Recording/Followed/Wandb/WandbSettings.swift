import TextFormats

/// A configuration of W&B as a tree: names that are nested become objects.
struct WandbSettings {
    static let largestCount = 10_000

    private final class Node {
        var value: JSONValue?
        var names: [String] = []
        var children: [String: Node] = [:]
    }

    private let root = Node()
    private(set) var refusals = Refusals()

    init(_ items: [WandbItem]) {
        // W&B's own, such as its version.
        for item in items.prefix(Self.largestCount) where item.names.first != "_wandb" && !item.names.isEmpty {
            add(item)
        }
        if items.count > Self.largestCount {
            refusals.add("a configuration has \(Self.largestCount) settings at most; the others are left out")
        }
    }

    var members: [JSONValue.Member] { Self.members(root) }

    // MARK: - Internals

    private mutating func add(_ item: WandbItem) {
        var reading = LineReading(item.json)
        let value: JSONValue
        do throws(LineError) {
            reading.scanner.skipBlanks()
            value = try reading.json(depth: 1)
            reading.scanner.skipBlanks()
            guard reading.scanner.isAtEnd else { throw reading.scanner.unexpected("the end of the value") }
        } catch {
            return refusals.add("the setting \(item.name.prefix(40).description.visible) is left out: \(error)")
        }
        var node = root
        for name in item.names {
            let child = node.children[name] ?? Node()
            if node.children[name] == nil {
                node.children[name] = child
                node.names.append(name)
            }
            node = child
        }
        node.value = value
    }

    /// What is below a name counts more than a value at it.
    private static func members(_ node: Node) -> [JSONValue.Member] {
        node.names.compactMap { name in
            guard let child = node.children[name] else { return nil }
            let value = child.names.isEmpty ? child.value : .object(members(child))
            return value.map { JSONValue.Member(name: name, value: $0) }
        }
    }
}
