import Statistics
import TextFormats
import Theory
import Tracking

/// The files under `data` that are one table of one list each; curves, runs and the summary have files of their own.
enum DataFiles {
    // MARK: - Theory, sensitivity and tuning

    static func theory(_ checks: [TheoryCheck]) -> [UInt8] {
        var csv = CSVText(columns: [
            "run_or_config", "quantity", "theory", "measured", "ratio", "tolerance", "verdict",
        ])
        for check in checks {
            csv.append(check.subject)
            csv.append(check.quantity)
            csv.append(check.theory)
            csv.append(check.measured)
            csv.append(check.ratio)
            csv.append(check.tolerance)
            csv.append(check.passes ? "PASS" : "FAIL")
            csv.endRow()
        }
        return csv.bytes
    }

    static func sensitivity(_ series: [RateSeries]) -> [UInt8] {
        var csv = CSVText(columns: [
            "optimizer", "lr", "n", "n_diverged", "median_log10_excess", "q25", "q75", "ert", "eta_lambda_max",
            "series", "edge_eta_lambda_max",
        ])
        for series in series {
            for group in series.groups {
                let rate = RateSeries.rate(group)
                csv.append(group.optimizer)
                csv.append(rate)
                csv.append(group.plannedCount)
                csv.append(group.divergedCount)
                csv.append(group.logExcesses?.median)
                csv.append(group.logExcesses?.quartile(1))
                csv.append(group.logExcesses?.quartile(3))
                csv.append(ArmStatistics(group.runs).expectedTime)
                csv.append(group.best.problem.curvature.map { rate * $0.largest })
                csv.append(series.name)
                csv.append(group.best.method.fullBatchEdge)
                csv.endRow()
            }
        }
        return csv.bytes
    }

    static func runtimes(_ arms: [Arm]) -> [UInt8] {
        var csv = CSVText(columns: ["optimizer", "target", "budget", "fraction"])
        for arm in arms {
            let distribution = RuntimeDistribution(arm)
            let steps = arm.group.best.run.plan.steps
            for budget in Trajectory.comparedBudgets.filter({ $0 < steps }) + [steps] {
                for (index, target) in TargetHits.targets.enumerated() {
                    csv.append(arm.name)
                    csv.append(target)
                    csv.append(budget)
                    csv.append(distribution.fraction(target: index, budget: budget))
                    csv.endRow()
                }
            }
        }
        return csv.bytes
    }

    static func gains(_ gains: [TuningGain]) -> [UInt8] {
        var csv = CSVText(columns: [
            "optimizer", "default_config_id", "tuned_config_id", "n_seeds", "n_default_success", "n_tuned_success",
            "default_ert", "tuned_ert", "ratio", "n_trials",
        ])
        for gain in gains {
            csv.append(gain.optimizer)
            csv.append(gain.standard?.group.id ?? "")
            csv.append(gain.tuned.group.id)
            csv.append(gain.tuned.runs.count)
            csv.append(gain.standard?.statistics.successCount)
            csv.append(gain.tuned.statistics.successCount)
            csv.append(gain.standard?.statistics.expectedTime)
            csv.append(gain.tuned.statistics.expectedTime)
            csv.append(gain.ratio)
            csv.append(gain.trialCount)
            csv.endRow()
        }
        return csv.bytes
    }

    static func tuning(_ values: [TuningValue]) -> [UInt8] {
        var csv = CSVText(columns: ["optimizer", "k_trials", "expected_best", "p_best"])
        for value in values {
            for count in 1...value.trialCount {
                csv.append(value.optimizer)
                csv.append(count)
                csv.append(value.best.value(of: count))
                csv.append(value.best.probabilityOfBest(of: count))
                csv.endRow()
            }
        }
        return csv.bytes
    }

    // MARK: - What was planned, and on which problems

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

    // MARK: - What is said

    /// Every sentence of the verdict with its numbers.
    static func claims(_ claims: Claims) -> [UInt8] {
        var csv = CSVText(columns: ["id", "sentence", "metric", "estimate", "ci_low", "ci_high", "n", "query"])
        for claim in claims.all {
            csv.append(claim.id)
            csv.append(claim.sentence)
            csv.append(claim.metric)
            csv.append(claim.estimate)
            csv.append(claim.low)
            csv.append(claim.high)
            csv.append(claim.count)
            csv.append(claim.query.rawValue)
            csv.endRow()
        }
        return csv.bytes
    }

    /// Every comparison of two arms.
    static func pairs(_ pairs: [ReportedPair], target: ReportTarget) -> [UInt8] {
        var csv = CSVText(columns: [
            "a", "b", "metric", "n_pairs", "n_told_apart", "effect", "effect_kind", "effect_low", "effect_high",
            "p_a_less_b",
            "p_low", "p_high", "test", "p_raw", "p_holm", "p_min_attainable", "var_ratio", "verdict",
        ])
        for pair in pairs {
            let result = pair.result
            csv.append(pair.first)
            csv.append(pair.second)
            csv.append(pair.name(target: target))
            csv.append(result.pairCount)
            csv.append(result.usedCount)
            csv.append(result.effect)
            csv.append(result.measure.scale == .ratio ? "ratio" : "difference")
            csv.append(result.interval?.low)
            csv.append(result.interval?.high)
            csv.append(result.chance?.estimate)
            csv.append(result.chance?.interval.low)
            csv.append(result.chance?.interval.high)
            csv.append(pair.testName)
            csv.append(result.p)
            csv.append(result.adjustedP)
            csv.append(result.smallestP)
            csv.append(result.varianceRatio)
            csv.append(pair.verdictName)
            csv.endRow()
        }
        return csv.bytes
    }
}
