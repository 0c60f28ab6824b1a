import Testing
import TextFormats
import Tracking

@testable import Reports

/// What tuning gained over default settings.
struct TuningGainTests {
    private let defaults = DefaultSettings(optimizers: [
        "sgd": #"{"hyperparameters":{"momentum":0,"nesterov":false},"lr":0.1,"name":"sgd"}"#,
        "adam": #"{"hyperparameters":{"beta1":0.9},"lr":0.001,"name":"adam"}"#,
    ])

    /// SGD at its default rate and at a better one, in two batch sizes; Adam at two rates of which none is its default.
    private func findings(tuningSeeds: TuningSeeds = .same) throws -> Findings {
        let notebook = try SampleNotebook()
        try notebook.addSweep(
            (1...8).flatMap { seed in
                ["full", "2"].flatMap { batch in
                    [
                        SampleRun(learningRate: 0.1, batchSize: batch, seed: seed, stepCount: 60, factor: 0.8),
                        SampleRun(
                            learningRate: 0.5, batchSize: batch, seed: seed, stepCount: 60,
                            factor: batch == "full" ? 0.4 : 0.9),
                    ]
                }
                    + [0.1, 0.2].map { rate in
                        SampleRun(
                            optimizer: "adam", learningRate: rate, momentum: nil, seed: seed, stepCount: 60,
                            factor: 0.6 + rate)
                    }
            })
        let options = ReportOptions(tuningSeeds: tuningSeeds, defaults: defaults)
        let data = try notebook.data(on: .sweep("demo"), options)
        return Findings(
            data, try Comparison(data, options: options), options: options, subject: .sweep("demo"),
            spelling: SampleNotebook.spelling)
    }

    @Test
    func `the default differs from the tuned configuration in nothing but the optimizer's settings`() throws {
        let gain = try #require(findings().gains.first { $0.optimizer == "sgd" })

        #expect(gain.standard?.group.id == "sgd-0.1-full-0.0-false")
        #expect(gain.tuned.group.id == "sgd-0.5-full-0.0-false")
        #expect(gain.trialCount == 4)
        let (before, after) = (gain.standard?.statistics.expectedTime, gain.tuned.statistics.expectedTime)
        #expect(try gain.ratio == #require(before) / #require(after))
        #expect(try #require(gain.ratio) > 2)
    }

    @Test
    func `the default is seen on the seeds on which the tuned configuration is reported`() throws {
        let gain = try #require(findings(tuningSeeds: .named([1, 2, 3])).gains.first { $0.optimizer == "sgd" })

        #expect(gain.tuned.runs.map(\.seed) == [4, 5, 6, 7, 8])
        #expect(gain.standard?.statistics.plannedCount == 5)
    }

    @Test
    func `a default that was not tried is named`() throws {
        let findings = try findings()
        let gain = try #require(findings.gains.first { $0.optimizer == "adam" })

        #expect(gain.standard == nil && gain.ratio == nil)
        #expect(findings.document.markdown.contains("| adam | not tried (lr 0.001 and no other setting) |"))
    }

    @Test
    func `a single configuration was not tuned`() throws {
        let notebook = try SampleNotebook()
        try notebook.addSweep(.two)
        let options = ReportOptions(defaults: defaults)
        let data = try notebook.data(on: .sweep("demo"), options)

        #expect(TuningGain.all(data, try Comparison(data, options: options).arms, defaults: defaults).isEmpty)
    }
}
