// swift-tools-version: 6.3

import PackageDescription

let package = Package(
    name: "gradbook",
    products: [
        .executable(name: "gradbook", targets: ["gradbook"])
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-numerics", exact: "1.1.1"),
    ],
    targets: [
        // Text in the formats that everything reads or writes, and the words of messages.
        .target(name: "TextFormats"),
        // Names of contents.
        .target(name: "Hashing"),

        // The numbers: nothing here knows of files or databases.
        .target(name: "Randomness"),
        .target(
            name: "Autograd",
            dependencies: [.product(name: "RealModule", package: "swift-numerics")]),
        // What is true of a quadratic loss, whoever asks.
        .target(name: "Theory"),
        // Tests and intervals.
        .target(name: "Statistics", dependencies: ["Randomness"]),
        .target(name: "Learning", dependencies: ["Randomness", "Autograd", "TextFormats", "Theory"]),

        // The notebook: nothing here knows of tensors.
        .target(
            name: "Migrations",
            path: "migrations",
            resources: [
                .embedInCode("0001_initial.sql"), .embedInCode("0002_models.sql"),
                .embedInCode("tables.sql"), .embedInCode("views.sql"),
            ]),
        // What SQLite offers to C only.
        .target(name: "SQLiteOptions", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(
            name: "Tracking",
            dependencies: [
                "Hashing", "Migrations", "SQLiteOptions", "Statistics", "TextFormats", "Theory",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]),
        // What programs write and print, as rows of the notebook.
        .target(name: "Recording", dependencies: ["Hashing", "TextFormats", "Tracking"]),
        .target(
            name: "Reports",
            dependencies: [
                "Hashing", "Tracking", "Randomness", "Statistics", "TextFormats", "Theory",
            ]),

        .target(name: "Inspection", dependencies: ["Tracking", "TextFormats", "Theory"]),

        // Where the two meet.
        .target(
            name: "Experiments",
            dependencies: [
                "Hashing", "Learning", "Randomness", "Statistics", "TextFormats", "Theory", "Tracking",
            ]),
        .executableTarget(
            name: "gradbook",
            dependencies: [
                "Experiments", "Inspection", "Recording", "Reports", "Tracking", "Learning", "Autograd", "TextFormats",
                "Theory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .target(
            name: "TestSupport", dependencies: [.product(name: "GRDB", package: "GRDB.swift")],
            path: "Tests/TestSupport"),
        .target(name: "TestRows", dependencies: ["Theory", "Tracking"], path: "Tests/TestRows"),
        .target(
            name: "TestSimulations", dependencies: ["Statistics", "TestSupport"], path: "Tests/TestSimulations"),
        .target(name: "TestModels", dependencies: ["Learning", "Autograd"], path: "Tests/TestModels"),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "TestRows",
                "Autograd", "Experiments", "Learning", "Migrations", "Recording", "Reports", "Tracking",
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            path: "Tests/Benchmarks"),
        .testTarget(
            name: "TestSupportTests", dependencies: ["TestSupport", .product(name: "GRDB", package: "GRDB.swift")]),
        .testTarget(name: "RandomnessTests", dependencies: ["Randomness", "TestSupport"]),
        .testTarget(name: "AutogradTests", dependencies: ["Autograd", "Randomness", "TestSupport"]),
        .testTarget(
            name: "HashingTests", dependencies: ["Hashing", "TestSupport"],
            exclude: ["Vectors"]),
        .testTarget(name: "TextFormatsTests", dependencies: ["TextFormats", "TestSupport"]),
        .testTarget(
            name: "RecordingTests", dependencies: ["Recording", "TextFormats", "Tracking", "TestSupport"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "StatisticsTests", dependencies: ["Statistics", "TestSimulations", "TestSupport"],
            exclude: ["Reference"]),
        .testTarget(name: "TheoryTests", dependencies: ["Theory", "TestSupport"]),
        .testTarget(
            name: "LearningTests",
            dependencies: ["Learning", "Autograd", "Randomness", "TextFormats", "Theory", "TestModels", "TestSupport"]),
        .testTarget(name: "MigrationsTests", dependencies: ["Migrations", "TestSupport"]),
        .testTarget(
            name: "TrackingTests",
            dependencies: [
                "TestRows",
                "Tracking", "Migrations", "TextFormats", "Theory", "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ExperimentsTests",
            dependencies: [
                "TestRows",
                "Experiments", "Learning", "Randomness", "Statistics", "TextFormats", "Tracking", "TestModels",
                "TestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ]),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "TestRows",
                "Reports", "Experiments", "Learning", "Statistics", "TextFormats", "Theory", "Tracking", "TestModels",
                "TestSupport",
            ],
            exclude: ["Snapshots"]),
        .testTarget(
            name: "InspectionTests",
            dependencies: [
                "TestRows",
                "Inspection", "Experiments", "Learning", "Reports", "TextFormats", "Theory", "Tracking", "TestModels",
                "TestSupport",
            ]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "TestRows",
                "gradbook", "Experiments", "Statistics", "TextFormats", "Tracking", "TestSimulations", "TestSupport",
            ],
            exclude: ["Snapshots"]),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["gradbook", "TestSupport", .product(name: "GRDB", package: "GRDB.swift")],
            path: "Tests/Fuzz"),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.name != "SQLiteOptions" {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .treatAllWarnings(as: .error),
    ]
}
