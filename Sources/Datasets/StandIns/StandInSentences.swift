/// Generated sentences for machines that have neither a text nor a network: about animals and people that do this
/// or that. One verb form for one subject, another for several: something to learn beyond spelling.
enum StandInSentences {
  private static let adjectives = [
    "old", "small", "quiet", "green", "tired", "clever", "tall", "hungry", "kind", "brave",
  ]
  private static let nouns = [
    "fox", "baker", "river", "lamp", "child", "miller", "cat", "garden", "horse", "painter",
    "stone", "sailor", "bird", "window", "farmer",
  ]
  private static let plurals = ["fox": "foxes", "child": "children"]
  private static let verbs = [
    "see", "find", "follow", "paint", "carry", "remember", "like", "hide", "call", "draw",
  ]
  private static let places = [
    "under the bridge", "in the market", "behind the mill", "near the sea", "at the door",
    "before winter", "in the morning", "on the long road",
  ]
  private static let joints = [", and ", ", but ", ", for ", "; ", ", while "]

  /// So many characters; fewer of them are the first of more.
  static func text(characters: Int) -> String {
    var random = SplitMix(state: 81)
    _ = random.next()
    var text = ""
    var length = 0
    while length < characters {
      var sentence = clause(&random)
      while random.fraction() < 0.35 { sentence += pick(joints, &random) + clause(&random) }
      sentence += random.fraction() < 0.9 ? ".\n" : "?\n"
      length += sentence.utf8.count
      text += sentence
    }
    return String(text.prefix(characters))
  }

  private static func pick(_ words: [String], _ random: inout SplitMix) -> String {
    words[Int(random.fraction() * Double(words.count))]
  }

  private static func clause(_ random: inout SplitMix) -> String {
    let (subject, isPlural) = someone(&random)
    let verb = pick(verbs, &random)
    let form = isPlural ? verb : verb == "carry" ? "carries" : verb + "s"
    let place = random.fraction() < 0.4 ? " " + pick(places, &random) : ""
    return "\(subject) \(form) \(someone(&random).words)\(place)"
  }

  private static func someone(_ random: inout SplitMix) -> (words: String, isPlural: Bool) {
    let isPlural = random.fraction() < 0.4
    let noun = pick(nouns, &random)
    let words = [
      pick(isPlural ? ["the", "some", "all", "two"] : ["the", "every", "this"], &random),
      random.fraction() < 0.5 ? pick(adjectives, &random) : nil,
      isPlural ? plurals[noun] ?? noun + "s" : noun,
    ]
    return (words.compactMap { $0 }.joined(separator: " "), isPlural)
  }
}
