package import TextFormats
package import Theory
package import Tracking

/// What became of a run and why, each statement with the query that shows it.
package struct Diagnosis {
    /// One statement.
    package struct Finding: Sendable, Equatable {
        /// What it is about, in one word.
        package let subject: String
        package let sentence: String
        /// The number it rests on, and what that is compared with.
        package let value: Double?
        package let reference: Double?
        /// A SELECT whose answer shows it, the value first.
        package let query: String
    }

    private let run: Int64
    /// Nil where no exact surface is known of the run's loss.
    package let classification: Classification?
    /// Why it is this cause, as one sentence.
    package let sentence: MessageText
    package let findings: [Finding]
    /// What to do about it; nil where nothing is known of the loss.
    package let remedy: Remedy?

    package var cause: Cause { classification?.cause ?? .unknown }

    /// Reads the run's steps once.
    package init(_ run: Run, in store: Store) throws {
        self.run = run.id
        let dataset = try store.datasets.find(id: run.trainingData)
        let schema = try store.steps.schema(ofRun: run.id)
        guard let objective = Objective(dataset, of: run.plan), objective.surface.parameters == schema.parameters else {
            (classification, findings, remedy) = (nil, [], nil)
            sentence = "not computed: the model \(run.plan.model) has no known optimum"
            return
        }
        let diagnosed = try DiagnosedRun(run, on: objective, schema, in: store)
        classification = diagnosed.classification
        sentence = diagnosed.sentence
        findings = DiagnosisFindings(diagnosed).all
        remedy = DiagnosisRemedy(diagnosed).remedy
    }

    /// A paragraph per statement, each with its query, which can be pasted into sqlite3 as it stands, and the remedy.
    ///
    /// In brief without the queries. `spelled` makes options and commands as they are typed.
    package func text(
        width: Int, isBrief: Bool = false, spelled: (MessageText) -> String = { $0.description }
    ) -> String {
        let verdict = "run \(run): \(cause.rawValue)\n" + WrappedText.paragraph(spelled(sentence), width: width)
        let statements = findings.map { finding in
            let statement = WrappedText.paragraph("\(finding.subject): \(finding.sentence)", width: width)
            return isBrief
                ? statement
                : statement + "\n" + WrappedText.paragraph("\(finding.query);", indentation: 4, width: width)
        }
        let remedy = remedy.map { remedy in
            // A command that is pasted stands on one line.
            WrappedText.paragraph("remedy: \(spelled(remedy.sentence))", width: width)
                + (remedy.command.map { "\n    \(spelled("\($0)"))" } ?? "")
        }
        let paragraphs = [verdict] + (isBrief ? [statements.joined(separator: "\n")] : statements) + [remedy ?? ""]
        return paragraphs.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

/// A run with the evidence of its course and what follows from it.
struct DiagnosedRun {
    let run: Run
    let schema: StepSchema
    let evidence: Evidence
    let classification: Classification

    /// Reads the run's steps once.
    init(_ run: Run, on objective: Objective, _ schema: StepSchema, in store: Store) throws {
        (self.run, self.schema) = (run, schema)
        let configuration = ConfigurationFields(json: run.plan.config)
        let method = Method(of: run.plan, configuration, sampleCount: objective.samples.count)
        let begin = run.plan.parentStep ?? 0
        let end = try begin + store.steps.count(ofRun: run.id)
        var steps = StepStatistics(of: begin..<end, on: objective, by: method)
        let (places, slopes) = (schema.indices(of: .parameter), schema.indices(of: .gradient))
        // The same arrays for every step, so that none is allocated for each.
        var (parameters, gradient) = (places.map { _ in Double.nan }, slopes.map { _ in Double.nan })
        try store.steps.forEach(ofRun: run.id) { row in
            for index in places.indices { parameters[index] = row.values[places[index]] }
            for index in slopes.indices { gradient[index] = row.values[slopes[index]] }
            steps.append(
                step: row.step, parameters: parameters.span, gradient: gradient.span,
                excess: objective.excess(at: parameters))
        }
        let final = try objective.surface.finalValues(store.runs.parameters(ofRun: run.id)).flatMap(objective.excess)
        evidence = Evidence(
            ending: Ending(run.state), objective: objective, analysis: StabilityAnalysis(method, on: objective),
            steps: steps, outlier: OutlierSample(in: objective), finalExcess: final ?? steps.lastExcess)
        classification = evidence.classification
    }

    /// Why it is this cause, as one sentence.
    var sentence: MessageText {
        let analysis = evidence.analysis
        let position = evidence.outlier?.position ?? 0
        return switch classification {
        case .notFiniteSample: "a sample is not a number, so no loss can be computed"
        case .failed: "the run could not be trained: \(run.stateReason ?? "no reason is known")"
        case .noSteps: "no step is recorded"
        case .wrongGradient:
            "a recorded gradient is not that of the data; \(command: "verify", "\(run.id)") names what was changed"
        case .outlierEdge: "one sample makes the curvature, and with it an edge below the learning rate"
        case .aboveEdge:
            "the learning rate \(NumberText.exact(run.plan.learningRate)) is above "
                + "\(NumberText.rounded(analysis.edgeRate ?? 0, digits: 6)), the edge of \(analysis.name ?? "") on these data"
        case .outlierNoise: "one sample makes the curvature, and with it batches that are unstable"
        case .aboveNoiseEdge:
            "the learning rate is below the edge, but not for the noise of batches of \(run.plan.batchSize)"
        case .overflow: "the parameters grew until their squares left the range of \(run.plan.dtype)"
        case .lossOverflow: "the squared errors of the data left the range of \(run.plan.dtype)"
        case .outlierGrowth: "one sample makes nearly all of the curvature"
        case .maximizes: "with maximize it climbs, and the loss has no highest value"
        case .noExactEdge:
            "\(evidence.ending == .diverged ? "it diverged" : "it ended more than ten times as far above the minimum as it began")"
                + ", and no exact edge is known of \(run.plan.optimizer) with these settings"
        case .divergedBelowEdge: "it diverged although the learning rate is below the edge"
        case .noiseGrowth:
            "the learning rate is below the edge of full batches, so the noise of the batches is what grew"
        case .outlierResidual:
            "sample \(position) is so far from all others that it makes most of the loss at the minimum"
        case .outlierLeverage: "sample \(position) alone makes most of the curvature"
        case .transient:
            "the loss rose more than tenfold up to step \(evidence.steps.rise?.step ?? 0), and fell again"
        case .noSingleMinimum: "the data have no single minimum to compare the run with"
        case .noiseFloor: "it moves around the minimum as far as the noise of its batches throws it"
        case .converged: "it is at the minimum"
        case .oscillation: "it is stable, but jumps over the minimum from step to step"
        case .plateau: "it hardly moved in the second half of its steps, far from the minimum"
        case .stillFalling where run.stopReason != nil: "a rule ended it while the loss was still falling"
        case .stillFalling: "the loss was still falling when it ended; more steps or a larger learning rate help"
        }
    }
}

extension StabilityAnalysis {
    /// The method as a sentence calls it; nil for one without an exact edge.
    var name: String? {
        switch family {
        case .gradientDescent: "gradient descent"
        case .heavyBall: "heavy ball"
        case .nesterov: "Nesterov"
        case nil: nil
        }
    }
}
