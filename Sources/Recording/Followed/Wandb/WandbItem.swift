/// One item of a history, configuration or summary of W&B: a name, or names that are nested, and a value in JSON.
struct WandbItem {
    /// More are no names.
    static let largestDepth = 64

    private(set) var names: [String] = []
    private(set) var json = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Nil where the bytes are no item.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var key: String?
        var fields = WireReader(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: key = field.value.text
            case 2:
                guard names.count < Self.largestDepth, let name = field.value.text else { return nil }
                names.append(name)
            case 16:
                guard let message = field.value.message else { return nil }
                json = message
            default: continue
            }
        }
        if fields.isDamaged { return nil }
        if names.isEmpty, let key { names = [key] }
    }

    var name: String { names.joined(separator: "/") }

    /// The items of a record, at most one more than are taken; nil where the bytes are no record.
    static func items(_ bytes: UnsafeRawBufferPointer) -> [WandbItem]? {
        var items: [WandbItem] = []
        var fields = WireReader(bytes)
        while let field = fields.next() {
            guard field.number == 1, items.count <= WandbValues.largestCount else { continue }
            guard let message = field.value.message, let item = WandbItem(message) else { return nil }
            items.append(item)
        }
        return fields.isDamaged ? nil : items
    }
}
