import TextFormats
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

    static func problems(_ problems: [Problem]) -> [UInt8] {
        var csv = CSVText(columns: [
            "samples", "x_min", "x_max", "loss", "dtype", "minimum_loss", "w", "b", "w_original_units",
            "b_original_units", "smallest_curvature", "largest_curvature", "condition_number", "edge",
        ])
        for problem in problems {
            let (largest, smallest) = problem.curvature
            let optimum = problem.dataset.optimum
            let original = optimum.map { problem.originalUnits(w: $0.w, b: $0.b) }
            csv.append(problem.dataset.x.count)
            csv.append(problem.dataset.x.min())
            csv.append(problem.dataset.x.max())
            csv.append(problem.loss)
            csv.append(problem.dtype)
            csv.append(problem.minimumLoss)
            csv.append(optimum?.w)
            csv.append(optimum?.b)
            csv.append(original?.w)
            csv.append(original?.b)
            csv.append(smallest)
            csv.append(largest)
            csv.append(largest / smallest)
            csv.append(2 / largest)
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
