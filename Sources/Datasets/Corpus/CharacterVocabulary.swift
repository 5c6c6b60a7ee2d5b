/// The characters that a text is made of, each with a number: in the order of Unicode, from 0.
///
/// A character is a Unicode scalar, what Python calls a character.
public struct CharacterVocabulary: Equatable, Sendable {
  /// The most characters that a vocabulary can have.
  public static let limit = 256
  /// What stands for the characters beyond the limit.
  public static let replacement: Unicode.Scalar = "\u{FFFD}"

  /// The characters by number.
  public let characters: [Unicode.Scalar]
  private let numbers: [Unicode.Scalar: Int32]

  /// The number of characters.
  public var count: Int { characters.count }

  /// Lists the characters of a text; of more than ``limit`` the most frequent, with ``replacement`` for the others.
  init(of text: some Sequence<Unicode.Scalar>) {
    var occurrences = [Unicode.Scalar: Int]()
    for character in text { occurrences[character, default: 0] += 1 }
    var characters = Array(occurrences.keys)
    if characters.count > Self.limit {
      characters.sort {
        let (left, right) = (occurrences[$0] ?? 0, occurrences[$1] ?? 0)
        return left != right ? left > right : $0 < $1
      }
      let frequent = characters.filter { $0 != Self.replacement }.prefix(Self.limit - 1)
      characters = frequent + [Self.replacement]
    }
    self.init(sorted: characters.sorted())
  }

  /// The characters of a list; nil if it is empty, has one twice, or is not in the order of Unicode.
  init?(characters list: String) {
    let characters = Array(list.unicodeScalars)
    guard !characters.isEmpty, characters.count <= Self.limit,
      zip(characters, characters.dropFirst()).allSatisfy({ $0 < $1 })
    else { return nil }
    self.init(sorted: characters)
  }

  private init(sorted characters: [Unicode.Scalar]) {
    self.characters = characters
    var numbers = [Unicode.Scalar: Int32](minimumCapacity: characters.count)
    for (number, character) in characters.enumerated() { numbers[character] = Int32(number) }
    self.numbers = numbers
  }

  /// The number of a character; that of ``replacement``, if it has one, for others; else nil.
  func number(of character: Unicode.Scalar) -> Int32? {
    numbers[character] ?? numbers[Self.replacement]
  }

  /// The numbers of a text's characters, in lower case as in a corpus.
  ///
  /// - Returns: the numbers, and the characters that have none and are left out, each once.
  public func encode(_ text: String) -> (ids: [Int32], unknown: [Unicode.Scalar]) {
    var (ids, unknown) = ([Int32](), [Unicode.Scalar]())
    for character in Corpus.normalized(text).unicodeScalars {
      if let number = number(of: character) {
        ids.append(number)
      } else if !unknown.contains(character) {
        unknown.append(character)
      }
    }
    return (ids, unknown)
  }

  /// The text that numbers stand for.
  public func decode(_ ids: some Sequence<Int32>) -> String {
    var text = String.UnicodeScalarView()
    for id in ids { text.append(characters[Int(id)]) }
    return String(text)
  }
}

extension CharacterVocabulary: Codable {
  /// Reads a list of characters.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let vocabulary = CharacterVocabulary(characters: try container.decode(String.self))
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "Characters in the order of Unicode, none twice.")
    }
    self = vocabulary
  }

  /// Writes the characters as one string.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(decode((0..<Int32(count)).map { $0 }))
  }
}
