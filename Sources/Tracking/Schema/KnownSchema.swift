import GRDB
import Migrations
import TextFormats

/// The tables, views and indexes that a notebook has.
struct KnownSchema {
    /// In an order in which they can be made.
    let objects: [SchemaObject]

    /// What every notebook of the present version has, whatever models its runs are of.
    static let common = KnownSchema(
        objects: SchemaObject.all(createdBy: Migrations.tables) + SchemaObject.all(createdBy: Migrations.views))

    private init(objects: [SchemaObject]) {
        self.objects = objects
    }

    /// Of the present version, with the step tables that a file registers.
    init(_ tables: StepTables) {
        objects = Self.common.objects + tables.objects.filter { Self.common[$0.name] == nil }
    }

    /// The tables and indexes of an older version; its views are made again when it is brought up to date.
    init(after migrations: some Collection<Migration>) throws {
        let database = try DatabaseQueue()
        objects = try database.writeWithoutTransaction { database in
            for migration in migrations { try database.execute(sql: migration.sql) }
            return try SchemaObject.all(in: database).filter { $0.kind == .table || $0.kind == .index }
        }
    }

    /// The names of the tables, in alphabetical order.
    var tables: [String] { objects.filter { $0.kind == .table }.map(\.name).sorted() }

    subscript(name: String) -> SchemaObject? {
        let key = SchemaObject.key(name)
        return objects.first { $0.key == key }
    }
}

extension StepTables {
    /// The tables of steps, and the views over them.
    var objects: [SchemaObject] {
        schemas.map { SchemaObject(kind: .table, name: $0.table, table: $0.table, definition: $0.creation) }
            + metrics.objects
            + views.map { SchemaObject(kind: .view, name: $0.name, table: $0.name, definition: $0.creation) }
    }
}
