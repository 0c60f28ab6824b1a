/// Lists of keys, each with a number.
///
/// The lists are the paths of a tree: a row begins at a root and goes on with each key. Most rows take the path of the row before,
/// so each node remembers the key and the node that were taken last; going on costs one comparison then.
///
/// Bounded: a program may make up new keys all the time. Whoever uses it asks ``isLarge`` and calls ``forget(keeping:)``.
struct RowShapes: Sendable {
    static let usualLimit = 400_000

    private struct Node {
        let key: LoggedKey?
        let parent: Int
        /// Which of the lists it is, once somebody asked.
        var list = -1
        var lastChild = -1
        /// Of a key that lives, so that its identity is not that of another.
        private(set) var lastIdentity: ObjectIdentifier?
        private var lastKey: LoggedKey?

        init(key: LoggedKey?, parent: Int) {
            (self.key, self.parent) = (key, parent)
        }

        mutating func take(_ child: Int, _ key: LoggedKey) {
            (lastChild, lastKey, lastIdentity) = (child, key, key.identity)
        }
    }

    private struct Edge: Hashable {
        let node: Int
        let key: LoggedKey
    }

    private var nodes: [Node] = []
    private var children: [Edge: Int] = [:]
    private(set) var lists: [[LoggedKey]] = []
    private var listSize = 0
    private var emptyList = -1
    /// How often everything was forgotten.
    private(set) var version = 0
    private let limit: Int

    /// Nodes, and keys in lists, of which `limit` are many.
    init(limit: Int = RowShapes.usualLimit) {
        self.limit = limit
    }

    var isLarge: Bool { nodes.count + listSize > limit }

    /// The empty list that rows of one group begin with.
    mutating func makeRoot() -> Int {
        nodes.append(Node(key: nil, parent: -1))
        return nodes.count - 1
    }

    /// The node that was taken behind this one, if that was for this copy of a key.
    @inline(__always)
    func usualChild(of node: Int, _ key: LoggedKey) -> Int? {
        nodes[node].lastIdentity == key.identity ? nodes[node].lastChild : nil
    }

    /// The node behind this one, if there is one yet; then the key is not among those of this one.
    @inline(never)
    mutating func knownChild(of node: Int, _ key: LoggedKey) -> Int? {
        let last = nodes[node].lastChild
        guard last >= 0, let child = nodes[last].key == key ? last : children[Edge(node: node, key: key)] else {
            return nil
        }
        nodes[node].take(child, key)
        return child
    }

    /// A new node, for a key that is not among those of this one.
    mutating func addChild(of node: Int, _ key: LoggedKey) -> Int {
        let child = nodes.count
        nodes.append(Node(key: key, parent: node))
        children[Edge(node: node, key: key)] = child
        nodes[node].take(child, key)
        return child
    }

    /// The number of a list that a closed row has.
    @inline(__always)
    mutating func list(of node: Int) -> Int {
        let known = nodes[node].list
        return known >= 0 ? known : makeList(of: node)
    }

    func keys(of node: Int) -> [LoggedKey] {
        var keys: [LoggedKey] = []
        var node = node
        while let key = nodes[node].key {
            keys.append(key)
            node = nodes[node].parent
        }
        keys.reverse()
        return keys
    }

    /// Where a key stands among the `count` keys of a node.
    func place(of key: LoggedKey, in node: Int, count: Int) -> Int? {
        var (node, place) = (node, count)
        while let found = nodes[node].key {
            place -= 1
            if found == key { return place }
            node = nodes[node].parent
        }
        return nil
    }

    /// Forgets all lists but those of `kept`, given as a root and the node to replace.
    mutating func forget(keeping kept: inout [(root: Int, node: Int)]) {
        let old = self
        let version = version + 1
        self = Self(limit: limit)
        self.version = version
        var roots: [Int: Int] = [:]
        for index in kept.indices {
            var node = roots[kept[index].root] ?? -1
            if node < 0 {
                node = makeRoot()
                roots[kept[index].root] = node
            }
            let root = node
            for key in old.keys(of: kept[index].node) { node = knownChild(of: node, key) ?? addChild(of: node, key) }
            kept[index] = (root, node)
        }
    }

    // MARK: - Internals

    private mutating func makeList(of node: Int) -> Int {
        if nodes[node].key == nil, emptyList >= 0 {
            nodes[node].list = emptyList
            return emptyList
        }
        let keys = keys(of: node)
        lists.append(keys)
        // Of a list of one key, too.
        listSize += keys.count + 4
        nodes[node].list = lists.count - 1
        if keys.isEmpty { emptyList = lists.count - 1 }
        return lists.count - 1
    }
}
