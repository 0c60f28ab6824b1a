import TextFormats
import Theory

/// What a run is seen with: its data, its sweep, and what people said of both.
package struct RunSurroundings: Sendable {
    /// The sweep's name; nil for a run of none.
    package let sweep: String?
    /// The name of the file with its data; nil for data that were generated.
    package let dataFile: String?
    /// The file's columns, such as `dist against speed`.
    package let dataColumns: String?
    /// In alphabetical order.
    package let tags: [String]
    package let notes: [Note]
    package let sweepNotes: [Note]
    /// The final parameters in the data's own units, in the model's order, nil where one has no value; empty where training saw
    /// these units, or the model has none to give.
    package let originalUnits: [(name: String, value: Double?)]

    /// Reads no samples.
    ///
    /// `parameters` are the run's, as the store has them.
    package init(of run: Run, _ parameters: [ParameterValues], in store: Store) throws(TrackingError) {
        var (sweep, sweepNotes): (String?, [Note]) = (nil, [])
        if let id = run.sweepID {
            sweep = try store.sweeps.find(id: id).plan.name
            sweepNotes = try store.notes.all(on: .sweep(id))
        }
        (self.sweep, self.sweepNotes) = (sweep, sweepNotes)
        tags = try store.notes.tags(ofRun: run.id)
        notes = try store.notes.all(on: .run(run.id))
        guard let data = run.plan.datasetID else {
            (dataFile, dataColumns, originalUnits) = (nil, nil, [])
            return
        }
        let dataset = try store.datasets.findWithoutSamples(id: data)
        dataFile = dataset.fileName
        if let x = dataset.xColumn, let y = dataset.yColumn {
            dataColumns = "\(y) against \(x)"
        } else {
            dataColumns = nil
        }
        originalUnits = Self.originalUnits(of: run, parameters, dataset.units)
    }

    private static func originalUnits(
        of run: Run, _ parameters: [ParameterValues], _ units: Units
    ) -> [(name: String, value: Double?)] {
        let names = run.plan.stepSchema.parameters
        guard units.areScaled, let features = PowerFeatures(model: run.plan.model),
            features.powers.count == names.count
        else { return [] }
        let found = names.map { name in parameters.first { $0.name == name }?.final }
        let original = units.original(found.map { $0 ?? .nan }, of: features)
        return zip(names, zip(found, original)).map { ($0, $1.0 == nil ? nil : $1.1) }
    }
}
