import Statistics
import TextFormats
import Theory
import Tracking

/// `data/theory.csv`, `data/sensitivity.csv`, `data/ecdf.csv`, `data/defaults.csv` and `data/budget_curve.csv`.
enum TheoryFiles {
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
}
