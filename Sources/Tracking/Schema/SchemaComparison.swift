import GRDB
import Migrations
import TextFormats

/// What a file has in its schema, compared with what a notebook has.
///
/// Whoever made the file wrote the schema, and SQLite runs what stands in it: a trigger at every change, a view in the place
/// of a table at every look. So it is compared as text before anything else is read.
struct SchemaComparison {
    enum Difference: Hashable {
        case missing(SchemaObject)
        /// What a notebook has, and what stands in its place.
        case changed(SchemaObject, found: SchemaObject)
        case trigger(SchemaObject)
        /// Something that calls itself neither table, view, index nor trigger, or takes a name that SQLite keeps for itself.
        case strange(SchemaObject)
        /// Why the tables of steps are not known.
        case registry(String)
    }

    /// In the order of the schema that is known.
    let differences: [Difference]
    /// What people have put beside it: their own tables, views and indexes.
    let additions: [SchemaObject]

    init(_ found: [SchemaObject], with known: KnownSchema, comparesViews: Bool = true) {
        var byKey: [String: SchemaObject] = [:]
        for object in found where object.kind != .trigger && !object.isStrange { byKey[object.key] = object }
        differences =
            known.objects.compactMap { object in
                guard let found = byKey[object.key] else { return .missing(object) }
                return found.isSame(as: object) ? nil : .changed(object, found: found)
            } + found.filter { $0.kind == .trigger && !$0.isStrange }.map { .trigger($0) }
            + found.filter(\.isStrange).map { .strange($0) }
        let own = Set(known.objects.map(\.key))
        additions = found.filter { object in
            object.kind != .trigger && !object.isStrange && !own.contains(object.key)
                && (comparesViews || object.kind != .view)
        }
    }

    /// The schema of a notebook that has seen so many of these migrations, in the database `file` of a connection.
    init(_ database: Database, file: String = "main", version: Int, of migrations: [Migration] = Migrations.all) throws
    {
        let found = try SchemaObject.all(in: database, file: file)
        guard version == Migrations.all.count else {
            try self.init(found, with: KnownSchema(after: migrations.prefix(version)), comparesViews: false)
            return
        }
        let common = SchemaComparison(found, with: .common)
        guard common.hasRegistry else {
            self = common
            return
        }
        let tables: StepTables
        do {
            tables = try StepTables(database, in: file)
        } catch let error as TrackingError {
            self.init(differences: common.differences + [.registry("\(error.message)")], additions: [])
            return
        }
        let all = SchemaComparison(found, with: KnownSchema(tables))
        // A table that every notebook has must be registered with the columns that it has.
        let strange = tables.objects.compactMap { registered -> Difference? in
            guard let known = KnownSchema.common[registered.name], !known.isSame(as: registered) else { return nil }
            return .changed(known, found: registered)
        }
        self.init(
            differences: all.differences + strange.filter { !all.differences.contains($0) }, additions: all.additions)
    }

    /// Without the tables of steps that a file registers, and what is made from them.
    static func common(of database: Database) throws -> SchemaComparison {
        SchemaComparison(try SchemaObject.all(in: database), with: .common)
    }

    /// Whether the tables are there in which tables of steps are registered.
    var hasRegistry: Bool { !differences.contains { ["step_tables", "series"].contains($0.name) } }

    private init(differences: [Difference], additions: [SchemaObject]) {
        self.differences = differences
        self.additions = additions
    }

    /// Throws unless everything is there as it was made; people's own tables, views and indexes are left alone.
    func mustBeKnown(path: String) throws(TrackingError) {
        guard let first = differences.first else { return }
        let others = differences.count - 1
        throw TrackingError(
            .alteredSchema,
            "'\(path)' is not as gradbook made it: \(first.sentence)\(others > 0 ? ", and \(others) more" : "")",
            advice: "\(command: "doctor", options: [.notebook(path)]) lists what differs and what can be repaired")
    }
}

extension SchemaComparison.Difference {
    /// What it is about.
    var name: String {
        switch self {
        case .missing(let object), .changed(let object, _), .trigger(let object), .strange(let object): object.name
        case .registry: "series"
        }
    }

    var isOfView: Bool {
        switch self {
        case .missing(let object), .changed(let object, _): object.kind == .view
        case .trigger, .strange, .registry: false
        }
    }

    /// Such as "the view leaderboard is missing".
    var sentence: String {
        switch self {
        case .missing(let object): "the \(object.kind) \(object.name) is missing"
        case .changed(let object, let found) where found.kind != object.kind:
            "\(found.kind.withArticle) stands in the place of the \(object.kind) \(object.name)"
        case .changed(let object, _): "the \(object.kind) \(object.name) has another definition"
        case .registry(let message): message
        case .strange(let object): "it has '\(object.name)', which is nothing that SQLite makes"
        case .trigger(let object):
            "it has the trigger '\(object.name)' on '\(object.table)', which runs SQL of whoever made it"
        }
    }

    /// Whether nothing is lost when it is dropped and made again: a view, an index, a trigger, and a missing table that no other
    /// one refers to.
    var isRepairable: Bool {
        switch self {
        case .trigger: true
        case .strange, .registry: false
        case .missing(let object): object.kind != .table || object.isLeaf
        case .changed(let object, let found): object.kind != .table && found.kind == object.kind
        }
    }
}

extension SchemaObject {
    /// Whether a table's rows are referred to by no other table, so that a notebook without any is whole.
    fileprivate var isLeaf: Bool {
        !KnownSchema.common.objects.contains {
            let tokens = SQLTokens($0.definition).tokens
            return zip(tokens, tokens.dropFirst()).contains { $0 == "REFERENCES" && $1 == name }
        } && name != "step_tables" && name != "series"
    }
}

extension SchemaObject {
    /// SQLite gives nobody names that begin so.
    fileprivate var isStrange: Bool { kind == .unknown || key.hasPrefix("sqlite_") }
}

extension SchemaObject.Kind {
    fileprivate var withArticle: String { self == .index ? "an index" : "a \(rawValue)" }
}

extension SchemaObject.Kind: CustomStringConvertible {
    var description: String { rawValue }
}
