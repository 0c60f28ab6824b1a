import Tracking

/// `data/curves.csv`: the steps of all runs, in the order of runs and steps.
struct CurvesFile {
    static let columns = [
        "run_id", "step", "loss", "loss_status", "excess", "grad_w", "grad_b", "w", "b", "lr", "step_norm",
    ]

    private let stride: Int
    private(set) var csv = CSVText(columns: columns)

    init(stride: Int) {
        self.stride = stride
    }

    mutating func append(_ steps: [QuadraticStep], of run: Int64, _ curvature: ProblemCurvature) {
        for (index, step) in steps.enumerated() where index % stride == 0 || index == steps.count - 1 {
            let next = index + 1 < steps.count ? steps[index + 1] : nil
            csv.append([
                String(run), String(step.step), CSVText.number(step.loss), CSVText.status(step.loss),
                CSVText.number(curvature.excess(w: step.w, b: step.b)), CSVText.number(step.gradW),
                CSVText.number(step.gradB), CSVText.number(step.w), CSVText.number(step.b),
                CSVText.number(step.learningRate), CSVText.number(next.map { Self.distance(step, $0) }),
            ])
        }
    }

    /// The text so far, which is then forgotten, so that memory does not grow with the number of runs.
    mutating func takeText() -> String {
        csv.takeText()
    }

    /// The length of the update between two steps.
    private static func distance(_ a: QuadraticStep, _ b: QuadraticStep) -> Double {
        let (dw, db) = (b.w - a.w, b.b - a.b)
        return (dw * dw + db * db).squareRoot()
    }
}
