import GRDB
import Migrations
import TextFormats

/// What is wrong with a file's header and schema, which decides whether anything else can be looked at.
struct SchemaCheck {
    let issues: [IntegrityIssue]
    /// Whether every table is the notebook's own, so that its rows can be examined.
    let isReadable: Bool

    init(_ database: Database) throws {
        let header = try DatabaseHeader(database)
        var issues: [IntegrityIssue] = []
        if !header.isUTF8 {
            issues.append(.unreadable("the file's texts are in UTF-16, and a notebook's are in UTF-8"))
        }
        let common = try SchemaComparison.common(of: database)
        // What is made from the registry says nothing before that is what it was.
        if common.hasRegistry, try !StepRegistry.isKnown(in: database) {
            self.issues =
                issues + common.differences.map { .schema($0) } + [
                    IntegrityIssue(
                        kind: .registry,
                        description: "step_tables and series do not register the tables of steps as gradbook does",
                        remedy: "\(option: "fix") registers them again")
                ]
            isReadable = false
            return
        }
        let tables: StepTables?
        do throws(TrackingError) {
            tables = try Self.tables(database)
        } catch {
            self.issues = issues + [.unreadable(error.message)]
            isReadable = false
            return
        }
        let version = try DatabaseHeader.version(of: database)
        if let version, version != header.schema || header.application != DatabaseHeader.gradbook {
            issues.append(.header(version, found: header))
        }
        // Of a file that has the tables of no version, the header says what it should be.
        let comparison = try SchemaComparison(
            database, version: version ?? min(max(1, header.schema), Migrations.all.count))
        let series = try tables.map { try SeriesRepair.all($0.metrics, in: database) } ?? [:]
        issues += comparison.differences.map { series[$0.name]?.issue ?? .schema($0) }
        issues += comparison.additions.map { .addition($0) }
        self.issues = issues
        isReadable =
            version == Migrations.all.count && comparison.differences.isEmpty
            && issues.allSatisfy { $0.isHarmless || $0.kind == .header(version: Migrations.all.count) }
    }

    private static func tables(_ database: Database) throws(TrackingError) -> StepTables? {
        do {
            return try StepTables(database)
        } catch let error as TrackingError {
            throw error
        } catch {
            // There is no such table: that is said of the schema.
            return nil
        }
    }
}

extension IntegrityIssue {
    fileprivate static func header(_ version: Int, found: DatabaseHeader) -> IntegrityIssue {
        IntegrityIssue(
            kind: .header(version: version),
            description: "the file has the tables of version \(version), but its header says "
                + (found.application == DatabaseHeader.gradbook
                    ? "version \(found.schema)"
                    : "that it is no notebook (application_id \(found.application)), as after .dump | sqlite3"),
            remedy: "\(option: "fix") sets application_id and user_version")
    }

    static func unreadable(_ description: MessageText) -> IntegrityIssue {
        IntegrityIssue(kind: .unreadable, description: "\(description)", remedy: "restore the file from a backup")
    }

    fileprivate static func schema(_ difference: SchemaComparison.Difference) -> IntegrityIssue {
        IntegrityIssue(
            kind: .schema(name: difference.name, isRepairable: difference.isRepairable),
            description: difference.sentence, remedy: difference.remedy)
    }

    fileprivate static func addition(_ object: SchemaObject) -> IntegrityIssue {
        IntegrityIssue(
            kind: .addition(name: object.name),
            description: object.kind == .index
                ? "the index '\(object.name)' on '\(object.table)' is not gradbook's"
                : "the \(object.kind) '\(object.name)' is not gradbook's",
            remedy: "it is left alone")
    }
}

extension SchemaComparison.Difference {
    fileprivate var remedy: MessageText {
        switch self {
        case .trigger: "\(option: "fix") removes it"
        case .missing(let object) where object.kind == .table && isRepairable:
            "\(option: "fix") makes it again, empty: what it held is lost unless there is a backup"
        case _ where isRepairable: "\(option: "fix") makes it again"
        default: "restore the file from a backup"
        }
    }
}

/// Makes views, indexes and tables again that are missing or changed, and removes triggers; inside a transaction of the
/// caller.
struct SchemaRepair {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    /// Whatever of these findings is about the schema, and still is so.
    func run(_ findings: [IntegrityIssue]) throws {
        let names = Set(
            findings.compactMap { finding -> String? in
                if case .schema(let name, isRepairable: true) = finding.kind { name } else { nil }
            })
        if findings.contains(where: { $0.kind == .registry }) { try StepRegistry.restore(in: database) }
        for case .series(let table) in findings.map(\.kind) {
            try SeriesRepair.all(MetricTables(database), in: database)[table]?.run(in: database)
        }
        if names.isEmpty { return }
        let version = try DatabaseHeader.version(of: database) ?? Migrations.all.count
        let differences = try SchemaComparison(database, version: version).differences
            .filter { names.contains($0.name) && $0.isRepairable }
        for difference in differences {
            switch difference {
            case .trigger(let trigger): try drop(trigger)
            case .changed(_, let found): try drop(found)
            case .missing, .strange, .registry: break
            }
        }
        // In the order in which they can be made.
        for difference in differences {
            switch difference {
            case .missing(let object), .changed(let object, _):
                if try hasTable(of: object) { try database.execute(sql: object.definition) }
            case .trigger, .strange, .registry: break
            }
        }
    }

    /// Something else may stand in the place of an index's table.
    private func hasTable(of object: SchemaObject) throws -> Bool {
        guard object.kind == .index else { return true }
        return try SchemaObject.all(in: database).contains { $0.kind == .table && $0.name == object.table }
    }

    private func drop(_ object: SchemaObject) throws {
        try database.execute(sql: "DROP \(object.kind.rawValue.uppercased()) main.\(object.name.sqlIdentifier)")
    }
}
