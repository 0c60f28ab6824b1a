import Autograd

@main struct B {
    static func main() {
        let clock = ContinuousClock()
        func best(_ f: () -> Void) -> Double {
            (0..<9).map { _ in
                let d = clock.measure(f)
                return Double(d.components.attoseconds) / 1e9 + Double(d.components.seconds) * 1e9
            }.min()!
        }
        let n = 20000
        if CommandLine.arguments.count > 1 {
            print(EagerStep<Double>.run(steps: Int(CommandLine.arguments[1])!, samples: 100))
            return
        }
        print(EagerStep<Double>.run(steps: n, samples: 100), PlainStep<Double>.run(steps: n, samples: 100))
        print(EagerStep<Float>.run(steps: n, samples: 100), PlainStep<Float>.run(steps: n, samples: 100))
        for _ in 0..<2 {
            let e = best { _ = EagerStep<Double>.run(steps: n, samples: 100) } / Double(n)
            let p = best { _ = PlainStep<Double>.run(steps: n, samples: 100) } / Double(n)
            print("f64", e, p, e / p)
            let e2 = best { _ = EagerStep<Float>.run(steps: n, samples: 100) } / Double(n)
            let p2 = best { _ = PlainStep<Float>.run(steps: n, samples: 100) } / Double(n)
            print("f32", e2, p2, e2 / p2)
        }
    }
}
