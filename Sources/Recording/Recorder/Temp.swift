import Tracking
extension LoggedNumber { var metricValue: MetricValue { switch self { case .real(let n): .real(n); case .integer(let n): .integer(n) } } }
