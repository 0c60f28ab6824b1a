import Foundation

extension Tensor: CustomStringConvertible {
    /// The numbers as PyTorch prints them: four digits, aligned, with scientific notation where the range needs it.
    package var description: String {
        var suffix = ""
        if Scalar.self == Double.self { suffix += ", dtype=torch.float64" }
        if let gradFn {
            suffix += ", grad_fn=<\(gradFn.name)>"
        } else if requiresGrad {
            suffix += ", requires_grad=True"
        }
        return "tensor(\(NumberLayout(scalars.map(Double.init)).text(of: scalars.map(Double.init), shape))\(suffix))"
    }
}

/// How PyTorch writes the numbers of one tensor: all alike.
private struct NumberLayout {
    private enum Style {
        case whole
        case fixed
        case scientific
    }

    private let style: Style
    private var width = 0

    init(_ numbers: [Double]) {
        let finite = numbers.filter { $0.isFinite && $0 != 0 }.map(\.magnitude)
        let largest = finite.max() ?? 1
        let smallest = finite.min() ?? 1
        if numbers.allSatisfy({ !$0.isFinite || $0 == $0.rounded() }) {
            style = largest / smallest > 1000 || largest > 1e8 ? .scientific : .whole
        } else {
            style = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4 ? .scientific : .fixed
        }
        width = numbers.map { written($0).count }.max() ?? 0
    }

    private func written(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        switch style {
        case .whole: return String(format: "%.0f.", number)
        case .fixed: return String(format: "%.4f", number)
        case .scientific: return String(format: "%.4e", number)
        }
    }

    func text(of numbers: [Double], _ shape: [Int], indent: Int = 8) -> String {
        guard let size = shape.first else { return numbers.first.map(written) ?? "" }
        let rest = Array(shape.dropFirst())
        if rest.isEmpty {
            let padded = numbers.map { number in
                let text = written(number)
                return String(repeating: " ", count: width - text.count) + text
            }
            return "[" + padded.joined(separator: ", ") + "]"
        }
        let length = rest.reduce(1, *)
        let parts = (0..<size).map { index in
            text(of: Array(numbers[index * length..<(index + 1) * length]), rest, indent: indent + 1)
        }
        let newlines = String(repeating: "\n", count: rest.count)
        return "[" + parts.joined(separator: ",\(newlines)\(String(repeating: " ", count: indent))") + "]"
    }
}
