import Foundation
import Learning
package import Tracking

/// Turns configurations into rows of the notebook.
package struct RunPlanner {
    /// Data are recorded once per content; runs of one sweep mostly share them.
    private var datasets: [DatasetKey: Dataset] = [:]

    package init() {}

    private struct DatasetKey: Hashable {
        let x: [UInt64]
        let y: [UInt64]
        let source: String
    }

    /// The data of a run as they are stored.
    package mutating func dataset(of run: PreparedRun) -> Dataset {
        let key = DatasetKey(x: run.data.x.map(\.bitPattern), y: run.data.y.map(\.bitPattern), source: run.source)
        if let dataset = datasets[key] { return dataset }
        let dataset = Self.makeDataset(run)
        datasets[key] = dataset
        return dataset
    }

    /// A run as it is queued.
    package func plannedRun(_ run: PreparedRun, datasetID: Int64, name: String? = nil) throws -> PlannedRun {
        let configuration = run.configuration
        let json = try configuration.canonicalJSON()
        return PlannedRun(
            name: name,
            datasetID: datasetID,
            recipe: run.recipe?.rawValue,
            optimizer: configuration.optimizer.name,
            learningRate: configuration.optimizer.learningRate,
            batchSize: configuration.batchSize.resolved(of: run.data.count),
            seed: configuration.seed,
            loss: configuration.loss.rawValue,
            dtype: configuration.dtype.rawValue,
            gradients: configuration.gradients.rawValue,
            steps: configuration.steps,
            config: json,
            configHash: ContentHash.sha256(of: json),
            configID: String(ContentHash.sha256(of: try configuration.canonicalJSONIgnoringSeed()).prefix(12)))
    }

    private static func makeDataset(_ run: PreparedRun) -> Dataset {
        let data = run.data
        let answer = LeastSquares(of: data)
        var xColumn: String?
        var yColumn: String?
        var kind = "chapter"
        if case .csv(_, let x, let y, _) = run.configuration.data {
            (kind, xColumn, yColumn) = ("csv", x, y)
        }
        return Dataset(
            contentHash: contentHash(of: data, kind: kind, columns: [xColumn, yColumn]),
            kind: kind,
            source: run.source,
            xColumn: xColumn,
            yColumn: yColumn,
            x: data.x,
            y: data.y,
            xDivisor: data.scaling.xDivisor,
            yDivisor: data.scaling.yDivisor,
            yOffset: data.scaling.yOffset,
            optimum: answer.optimum.map { Dataset.Optimum(w: $0.w, b: $0.b, loss: $0.loss) },
            hessian: Dataset.Hessian(ww: answer.hessianWW, wb: answer.hessianWB, bb: answer.hessianBB))
    }

    /// Over everything that tells one data set from another, the numbers as their IEEE bytes.
    private static func contentHash(of data: TrainingData, kind: String, columns: [String?]) -> String {
        let scaling = data.scaling
        var bytes = Array(([kind] + columns.map { $0 ?? "" }).joined(separator: "\u{1F}").utf8)
        for number in [scaling.xDivisor, scaling.yDivisor, scaling.yOffset] + data.x + data.y {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes += $0 }
        }
        return ContentHash.sha256(of: bytes)
    }
}
