package import Tracking

extension QueryValue {
    package static func optional(_ text: String?) -> QueryValue { text.map { .text($0) } ?? .null }
    package static func optional(_ integer: Int?) -> QueryValue { integer.map { .integer(Int64($0)) } ?? .null }
    package static func optional(_ number: Double?) -> QueryValue { number.map { .real($0) } ?? .null }
}
