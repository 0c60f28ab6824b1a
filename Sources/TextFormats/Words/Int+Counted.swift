extension Int {
    /// This many of what `noun` names, as "1 run" or "3 runs"; `plural` is for what does not just take an s.
    package func counted(_ noun: String, plural: String? = nil) -> String {
        "\(self) \(self == 1 ? noun : plural ?? noun + "s")"
    }
}
