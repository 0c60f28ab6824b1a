import Foundation
import Learning
import Theory
import Tracking

/// The data of a run as it trains on them, and as the notebook keeps them, with what is known of its model's loss on them.
struct RecordedData: Sendable {
    let data: TrainingData
    let dataset: Dataset

    /// `source` is the path of the data's file, or nothing for the chapter's data.
    init(_ data: TrainingData, of configuration: RunConfiguration, source: String) {
        self.data = data
        var columns: (x: String?, y: String?) = (nil, nil)
        var kind = "chapter"
        if case .csv(_, let x, let y, _) = configuration.data {
            (kind, columns) = ("csv", (x, y))
        }
        let surface = configuration.model.lossSurface(of: data)
        dataset = Dataset(
            contentHash: DatasetContent(kind: kind, xColumn: columns.x, yColumn: columns.y, data: data).hash,
            kind: kind,
            source: source,
            xColumn: columns.x,
            yColumn: columns.y,
            x: data.x,
            y: data.y,
            xDivisor: data.scaling.xDivisor,
            yDivisor: data.scaling.yDivisor,
            yOffset: data.scaling.yOffset,
            lossSurfaces: surface.map { [configuration.model.text: $0] } ?? [:])
    }

    /// Whether the exact answer to the data, which is stored with them, is made of finite numbers.
    var isFinite: Bool {
        let known = dataset.lossSurfaces.values.flatMap { $0.entries.map(\.value) }
        return ([dataset.xDivisor, dataset.yDivisor, dataset.yOffset] + known).allSatisfy(\.isFinite)
    }
}
