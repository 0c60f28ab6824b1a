/// How a series looks: a color that color-blind readers can tell apart, and a dash pattern and a shape for everybody
/// else.
struct SeriesStyle: Sendable, Equatable {
    /// The same for everything of one optimizer; nil for ink.
    let color: Int?
    /// Tells apart what shares a color: the dashes and the shape.
    let pattern: Int

    init(color: Int?, pattern: Int? = nil) {
        self.color = color
        self.pattern = pattern ?? color ?? 0
    }

    /// The palette of Okabe and Ito 2008 without its yellow, which vanishes on white, and its black; on a dark ground each
    /// is lighter.
    private static let palette: [(light: String, dark: String)] = [
        ("#0072B2", "#4DA9E0"), ("#D55E00", "#F58B45"), ("#009E73", "#2CC99B"),
        ("#B3568E", "#E29BC7"), ("#A87400", "#EBB33D"), ("#3A9BD0", "#A3D9F7"),
    ]
    private static let dashes = ["", "8 4", "2 4", "10 4 2 4"]

    /// Names of classes of ``rules(isDark:)``.
    var stroke: String { color.map { "s\($0 % Self.palette.count)" } ?? "line" }
    var fill: String { color.map { "f\($0 % Self.palette.count)" } ?? "ink" }

    var dashes: String { Self.dashes[pattern % Self.dashes.count] }

    /// A shape around the origin, as the commands of a path, about so large.
    func shape(radius: Double) -> String {
        let (r, d) = (ChartText.number(radius), ChartText.number(2 * radius))
        let long = ChartText.number(radius * 1.25)
        // Of equal dashes, the shapes differ.
        return switch (pattern + pattern / Self.dashes.count) % 4 {
        case 0: "m-\(r) 0a\(r) \(r) 0 1 0 \(d) 0a\(r) \(r) 0 1 0 -\(d) 0z"
        case 1: "m-\(r) -\(r)h\(d)v\(d)h-\(d)z"
        case 2: "m0 -\(long)l\(long) \(ChartText.number(2.25 * radius))h-\(ChartText.number(2.5 * radius))z"
        default: "m0 -\(long)l\(long) \(long)l-\(long) \(long)l-\(long) -\(long)z"
        }
    }

    /// The classes in a style sheet.
    static func rules(isDark: Bool) -> String {
        palette.enumerated().map { index, color in
            let value = isDark ? color.dark : color.light
            return ".s\(index) { stroke: \(value) } .f\(index) { fill: \(value) }"
        }.joined(separator: "\n")
    }
}

/// Which series has which look: an optimizer the same in all pictures.
struct SeriesStyles: Sendable {
    /// In the order of their colors; empty where there is only one, whose configurations are told apart instead.
    private let optimizers: [String]

    init(_ data: ReportData) {
        let names = data.optimizers.map(\.name)
        optimizers = names.count > 1 ? names : []
    }

    /// One per arm.
    func styles(of arms: [Arm]) -> [SeriesStyle] {
        guard !optimizers.isEmpty else { return arms.indices.map { SeriesStyle(color: $0) } }
        return styles(of: arms.map(\.group.optimizer))
    }

    /// One per series of learning rates: of a single optimizer they are none of the configurations that have colors.
    func styles(of series: [RateSeries]) -> [SeriesStyle] {
        guard !optimizers.isEmpty else { return series.indices.map { SeriesStyle(color: nil, pattern: $0) } }
        return styles(of: series.map { $0.groups[0].optimizer })
    }

    private func styles(of names: [String]) -> [SeriesStyle] {
        var counts: [String: Int] = [:]
        return names.map { name in
            let color = optimizers.firstIndex(of: name) ?? 0
            defer { counts[name, default: 0] += 1 }
            return SeriesStyle(color: color, pattern: color + (counts[name] ?? 0))
        }
    }
}
