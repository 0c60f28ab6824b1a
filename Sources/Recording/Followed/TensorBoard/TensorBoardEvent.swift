/// One event of an event file, as far as it is of use: `tensorflow/core/util/event.proto`.
struct TensorBoardEvent {
    /// Seconds since 1970.
    var time: Double?
    var step: Int64 = 0
    /// A writer says that it goes on from ``step`` after a crash.
    var isStart = false
    /// Each `Summary.Value`, to be read by ``TensorBoardValue``, at most one more than are taken.
    var summaries: [UnsafeRawBufferPointer] = []

    /// Nil where the bytes are no event.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var fields = WireReader(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: time = field.value.double
            case 2: step = field.value.integer ?? 0
            case 5:
                guard let summary = field.value.message else { return nil }
                var values = WireReader(summary)
                while let value = values.next() {
                    if value.number == 1, summaries.count <= EventFileReader.largestCount,
                        let bytes = value.value.message
                    {
                        summaries.append(bytes)
                    }
                }
                if values.isDamaged { return nil }
            case 7:
                guard let session = field.value.message else { return nil }
                var values = WireReader(session)
                while let value = values.next() {
                    // START.
                    if value.number == 1 { isStart = value.value.integer == 1 }
                }
                if values.isDamaged { return nil }
            default: continue
            }
        }
        if fields.isDamaged { return nil }
    }
}

/// One `Summary.Value`: a number or a text under a tag.
struct TensorBoardValue {
    enum Content {
        case value(LoggedValue, FollowedPrecision?)
        /// A text whose tag is known to hold some, or says so.
        case text(String)
        /// An image, a histogram, a sound, more than one number.
        case media
        /// Nothing to record: parameters of the hparams plugin, a layout, a graph.
        case nothing
    }

    private(set) var tag = ""
    private(set) var content = Content.nothing
    /// What the value is for, which need not be said again for each of a tag.
    private(set) var plugin: String?

    /// Nil where the bytes are no value.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var fields = WireReader(bytes)
        while let field = fields.next() {
            switch field.number {
            case 1: tag = field.value.text ?? ""
            case 2:
                guard let float = field.value.float else { return nil }
                content = .value(.real(Double(float)), .float32)
            case 3, 4, 5, 6: content = .media
            case 8:
                guard let bytes = field.value.message, let tensor = TensorBoardTensor(bytes) else { return nil }
                content = tensor.content
            case 9:
                guard let bytes = field.value.message else { return nil }
                plugin = Self.plugin(bytes)
            default: continue
            }
        }
        if fields.isDamaged { return nil }
    }

    private static func plugin(_ bytes: UnsafeRawBufferPointer) -> String? {
        var name: String?
        var fields = WireReader(bytes)
        while let field = fields.next() {
            guard field.number == 1, let data = field.value.message else { continue }
            var values = WireReader(data)
            while let value = values.next() {
                if value.number == 1 { name = value.value.text }
            }
        }
        return name
    }
}
