import Experiments
import Inspection
import TextFormats

/// Points of a sweep's search space in words, the first and the last of them.
struct PlanPoints {
    private static let shownCount = 5

    let points: [RawSettings]
    private let space: SearchSpace

    init(_ points: [RawSettings], of space: SearchSpace) {
        (self.points, self.space) = (points, space)
    }

    /// The settings that are left to their defaults at some points, because none of their parts applies there.
    var defaults: [(name: String, explanation: String)] {
        let settings = points.flatMap(space.defaulted)
        return Dictionary(grouping: settings) { $0 }.mapValues(\.count).sorted { $0.key.name < $1.key.name }.map {
            setting, count in
            var standard = ""
            if case .field(let field) = setting, let text = field.standard { standard = " (\(text))" }
            return (
                setting.name, "the default\(standard) at \(count.counted("point")), where no part applies"
            )
        }
    }

    func lines(width: Int) -> [String] {
        let shown = Self.shownCount
        let indices =
            points.count <= 2 * shown
            ? Array(points.indices) : Array(0..<shown) + Array((points.count - shown)..<points.count)
        var lines: [String] = []
        for (last, index) in zip([nil] + indices.map(Optional.some), indices) {
            if let last, index > last + 1 { lines.append("    ...") }
            let number = "\(index + 1)"
            let margin = String(repeating: " ", count: 4 + "\(points.count)".count - number.count)
            lines.append(WrappedText.line(margin + number + " ", words(of: points[index]), width: width))
        }
        return lines
    }

    private func words(of point: RawSettings) -> [String] {
        let defaults = space.defaulted(in: point)
        let fields = RunSetting.all.compactMap { field in
            point.fields[field].map { "\(field.name)=\($0)" }
                ?? (defaults.contains(.field(field)) ? "\(field.name)=default" : nil)
        }
        let names = Set(defaults.map(\.name)).subtracting(RunSetting.all.map(\.name))
        let settings = (point.hyperparameters.map { ($0.key, $0.value) } + names.map { ($0, "default") })
            .sorted { $0.0 < $1.0 }.map { "\($0.0)=\($0.1)" }
        return fields.isEmpty && settings.isEmpty ? ["the defaults"] : fields + settings
    }
}
