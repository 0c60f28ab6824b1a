import TextFormats
import Theory
import Tracking

/// `data/completeness.csv`, `data/problem.csv` and `data/series.csv`: the small tables of the report.
enum OverviewFiles {
    static func completeness(_ counts: [Completeness]) -> [UInt8] {
        var csv = CSVText(columns: ["optimizer"] + Completeness.names.map { $0.replacing(" ", with: "_") })
        for count in counts {
            csv.append(count.optimizer)
            for value in count.values { csv.append(value) }
            csv.endRow()
        }
        return csv.bytes
    }

    static func problems(_ problems: [OptimizationProblem], parameters: [String]) -> [UInt8] {
        var csv = CSVText(
            columns: [
                "samples", "x_min", "x_max", "loss", "dtype", "minimum_loss",
            ] + parameters + parameters.map { "\($0)_original_units" } + [
                "smallest_curvature", "largest_curvature", "condition_number", "edge",
            ])
        for problem in problems {
            let curvature = problem.curvature
            let optimum = problem.optimum
            let original = optimum.flatMap(problem.originalUnits)
            csv.append(problem.dataset.x.count)
            csv.append(problem.dataset.x.min())
            csv.append(problem.dataset.x.max())
            csv.append(problem.loss)
            csv.append(problem.dtype)
            csv.append(problem.minimumLoss)
            let places = parameters.map { problem.objective?.surface.parameters.firstIndex(of: $0) }
            for place in places { csv.append(place.flatMap { optimum?[$0] }) }
            for place in places { csv.append(place.flatMap { original?[$0] }) }
            csv.append(curvature?.smallest)
            csv.append(curvature?.largest)
            csv.append(curvature.map { $0.largest / $0.smallest })
            csv.append(curvature.map { 2 / $0.largest })
            csv.endRow()
        }
        return csv.bytes
    }

    static func series(_ series: [RateSeries]) -> [UInt8] {
        var csv = CSVText(columns: [
            "series", "n_lr", "best_lr", "good_over_decades", "stable_up_to", "unstable_from", "theoretical_edge",
        ])
        for series in series {
            csv.append(series.name)
            csv.append(series.groups.count)
            csv.append(series.best.map(RateSeries.rate))
            csv.append(series.width)
            csv.append(series.lastStable)
            csv.append(series.firstUnstable)
            csv.append(series.theoreticalEdge)
            csv.endRow()
        }
        return csv.bytes
    }
}
