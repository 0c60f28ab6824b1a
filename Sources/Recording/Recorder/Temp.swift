typealias LoggedKey = MetricKey
