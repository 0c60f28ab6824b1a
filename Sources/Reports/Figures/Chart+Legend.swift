import TextFormats

extension Chart {
    /// Below the plot, in as many rows as it takes.
    var legend: (text: String, bottom: Double) {
        let first = Self.top + Self.plotHeight + 42
        var (x, y) = (12.0, first + 30)
        var text = ""
        for label in labels {
            let name = ChartText.shortened(label.text, to: 56)
            let width = 40 + ChartText.width(name, size: Self.size) + 18
            if x > 12, x + width > Self.width { (x, y) = (12, y + 24) }
            let line = number(y - 5)
            let stroke = label.isSolid ? " class=\"\(label.style.stroke)\"" : Self.stroke(label.style)
            text += "<path d=\"M\(number(x)) \(line)h32\"\(stroke) stroke-width=\"2.5\"/>\n"
            if label.hasShape {
                let shape = label.style.shape(radius: 4.5)
                text += "<path class=\"\(label.style.fill)\" d=\"M\(number(x + 16)) \(line)\(shape)\"/>\n"
            }
            text +=
                "<text class=\"ink\" x=\"\(number(x + 40))\" y=\"\(number(y))\">"
                + "\(MarkupText.escaped(name))</text>\n"
            x += width
        }
        return (text, labels.isEmpty ? first : y)
    }
}
