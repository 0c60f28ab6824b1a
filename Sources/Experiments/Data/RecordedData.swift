import Foundation
import Learning
import Theory
import Tracking

/// The data of a run as it trains on them, and as the notebook keeps them.
struct RecordedData: Sendable {
    let data: TrainingData
    let dataset: Dataset

    /// `source` is the path of the data's file, or nothing for the chapter's data.
    init(_ data: TrainingData, as configuration: DataConfiguration, source: String) {
        self.data = data
        var columns: (x: String?, y: String?) = (nil, nil)
        var kind = "chapter"
        if case .csv(_, let x, let y, _) = configuration {
            (kind, columns) = ("csv", (x, y))
        }
        let surface = ModelConfiguration.quadratic.lossSurface(of: data)
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
            optimum: surface?.optimum.map {
                Dataset.Optimum(w: $0[0], b: $0[1], loss: surface?.minimumLoss ?? .nan)
            },
            hessian: Dataset.Hessian(
                ww: surface?.hessian[0][0] ?? .nan, wb: surface?.hessian[0][1] ?? .nan,
                bb: surface?.hessian[1][1] ?? .nan))
    }

    /// Whether the exact answer to the data, which is stored with them, is made of finite numbers.
    var isFinite: Bool {
        var numbers = [dataset.hessian.ww, dataset.hessian.wb, dataset.xDivisor, dataset.yDivisor, dataset.yOffset]
        if let optimum = dataset.optimum { numbers += [optimum.w, optimum.b, optimum.loss] }
        return numbers.allSatisfy(\.isFinite)
    }
}
