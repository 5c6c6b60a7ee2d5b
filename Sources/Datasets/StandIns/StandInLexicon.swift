/// The words of the generated reviews and how often each is drawn.
struct StandInLexicon: Sendable {
  var words = WordList()
  private var praise = [Int32]()
  private var blame = [Int32]()
  /// Draws words of the background.
  private let background: AliasTable

  init(count: Int) {
    background = .zipf(count)
    var (praises, blames) = (praiseWords[...], blameWords[...])
    var plain = (commonWords + filmWords)[...]
    for rank in 1...count {
      let id = Int32(rank) + TokenSet.offset
      // Opinions stand among the words of middling rank.
      if rank > 60, rank % 8 == 0, let word = praises.popFirst() {
        words.append(word.utf8)
        praise.append(id)
      } else if rank > 60, rank % 8 == 4, let word = blames.popFirst() {
        words.append(word.utf8)
        blame.append(id)
      } else if let word = plain.popFirst() {
        words.append(word.utf8)
      } else {
        words.append(madeUpWord(rank).utf8)
      }
    }
  }

  /// Writes one review.
  func fill(
    _ tokens: UnsafeMutableBufferPointer<Int32>, isPositive: Bool, opinionShare: Double,
    _ random: inout SplitMix
  ) {
    let own = isPositive ? praise : blame
    let other = isPositive ? blame : praise
    // How much of the opinion is the review's own: from nearly undecided to unanimous.
    let agreement = UInt32((0.58 + 0.42 * random.fraction()) * 4_294_967_295)
    let opinion = UInt32(opinionShare * 4_294_967_295)
    tokens[0] = TokenSet.startID
    background.thresholds.withUnsafeBufferPointer { thresholds in
      background.aliases.withUnsafeBufferPointer { aliases in
        for index in 1..<tokens.count {
          let bits = random.next()
          let low = UInt32(truncatingIfNeeded: bits)
          let high = UInt32(truncatingIfNeeded: bits >> 32)
          if low < opinion {
            let choice = random.next()
            let words = UInt32(truncatingIfNeeded: choice) < agreement ? own : other
            tokens[index] = words[Int(((choice >> 32) * UInt64(words.count)) >> 32)]
          } else {
            let draw = random.next()
            let place = Int((UInt64(high) * UInt64(thresholds.count)) >> 32)
            let isOwn = UInt32(truncatingIfNeeded: draw) <= thresholds[place]
            tokens[index] = (isOwn ? Int32(place) : aliases[place]) + 1 + TokenSet.offset
          }
        }
      }
    }
  }
}

/// Words that any text is full of.
let commonWords = """
  the a and of to is in it this that was as with for film movie but on not you are his have be \
  one he all at they by an who so from like there her or just about out if has what some good \
  when can more she very up no would my their only even story really had see which were me we \
  than other much been do into because get how people its will made first them then could make \
  also way any after too think never two characters character being scene over where little \
  seen off watch did man show know most ever your still through here between both own years \
  before such does going many end
  """.split(separator: " ").map(String.init)

private let filmWords = """
  director camera actor actress plot script dialogue music sound song light colour picture \
  image cut editing costume set stage studio budget sequel series episode season audience \
  critic review role part hero villain friend family father mother brother sister child house \
  city village road train ship river sea island war peace love murder crime police detective \
  doctor soldier king queen ghost monster robot space planet future past history novel book \
  theatre festival award screen release trailer version copy minute hour night morning summer \
  winter opening ending beginning middle chase fight dance kiss laugh tear smile voice face \
  hand eye dream secret letter money job school student teacher town farm horse dog cat bird \
  car plane door window street bar hotel party wedding funeral
  """.split(separator: " ").map(String.init)

private let praiseWords = """
  wonderful excellent great superb brilliant beautiful moving touching charming delightful \
  perfect masterful gripping memorable unforgettable fascinating hilarious witty clever fresh \
  original honest powerful stunning gorgeous favourite loved enjoyed recommend amazing \
  fantastic terrific splendid subtle graceful tender warm thrilling engaging absorbing \
  convincing remarkable outstanding flawless haunting inspired joyful lovely magnificent \
  masterpiece refreshing rewarding sincere satisfying sparkling spirited strong touched \
  treasure triumph unique vivid wise worthwhile gem
  """.split(separator: " ").map(String.init)

private let blameWords = """
  awful terrible bad boring dull worst poor stupid horrible dreadful waste annoying pointless \
  lame predictable weak tedious ridiculous mess disappointing disappointed unfunny clumsy \
  cheap wooden flat bland shallow silly pathetic painful lazy confusing irritating forgettable \
  unconvincing amateurish badly contrived crude embarrassing empty endless failed fails \
  garbage hated laughable lifeless miscast nonsense overlong poorly pretentious rubbish shoddy \
  slow sloppy stale tired tiresome trash ugly unbearable unwatchable useless wasted
  """.split(separator: " ").map(String.init)
