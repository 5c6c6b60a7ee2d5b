/// Numbers tokens – words, characters – in the order in which they first appear, from 1; 0 stays free for "nothing".
///
/// ```swift
/// let index = TokenIndex("the cat sat on the mat".split(separator: " "))
/// print(index["cat"], index.count)  // Optional(2) 5
/// ```
public struct TokenIndex<Token: Hashable & Sendable>: Sendable {
  /// The tokens in the order of their numbers, that of number 1 first.
  public private(set) var tokens: [Token] = []
  private var numbers: [Token: Int] = [:]

  /// Numbers the tokens of a sequence, each once.
  public init(_ sequence: some Sequence<Token>) {
    for token in sequence where numbers[token] == nil {
      tokens.append(token)
      numbers[token] = tokens.count
    }
  }

  /// How many different tokens there are; also the largest number.
  public var count: Int { tokens.count }

  /// The number of a token; nil if it is not known.
  public subscript(token: Token) -> Int? { numbers[token] }

  /// The numbers of a text's tokens in order; tokens that are not known get 0.
  public func numbers(of sequence: some Sequence<Token>) -> [Int] {
    sequence.map { numbers[$0] ?? 0 }
  }
}
