import Tracking

extension RecordedChanges.Final {
    init(_ value: LoggedValue, _ storable: (String) -> String) {
        switch value {
        case .real(let number): self = .number(.real(number))
        case .integer(let number): self = .number(.integer(number))
        case .text(let text): self = .text(storable(text))
        }
    }
}

extension RecordedChanges.Tensor {
    init(_ tensor: LoggedTensor, step: Int64) {
        func number(_ value: LoggedValue?) -> MetricValue? {
            switch value {
            case .real(let number): .real(number)
            case .integer(let number): .integer(number)
            case .text, nil: nil
            }
        }
        let nonfinite: Int64? =
            switch tensor.nonfinite {
            case .integer(let count): count
            case .real(let count): Int64(exactly: count)
            case .text, nil: nil
            }
        self.init(
            step: step, name: tensor.name,
            norms: [number(tensor.norm), number(tensor.gradientNorm), number(tensor.updateNorm)], nonfinite: nonfinite)
    }
}
