import Testing

@testable import Datasets

@Suite("The order of a dictionary of Python 2.7")
struct Python2DictionaryTests {
  private func order(_ keys: [String]) -> [String] {
    var dictionary = Python2Dictionary()
    for key in keys { dictionary.insert(hash: Python2Dictionary.hash(of: key.utf8)) }
    return dictionary.order.map { keys[$0] }
  }

  /// What Python 2.7 says on a machine of 64 bits.
  @Test(
    "Hashes are those of Python",
    arguments: [
      ("", 0), ("a", 12_416_037_344), ("hello", 840_651_671_246_116_861),
    ])
  func hashes(text: String, hash: Int64) {
    #expect(Int64(bitPattern: Python2Dictionary.hash(of: text.utf8)) == hash)
  }

  @Test("Keys come by their hash, not as they were added")
  func small() {
    #expect(order(["a", "b", "c"]) == ["a", "c", "b"])
    #expect(order(["c", "b", "a"]) == ["a", "c", "b"])
    #expect(order(["one", "two", "three"]) == ["three", "two", "one"])
    #expect(order([]).isEmpty)
  }

  @Test("All keys are there once, however often the table was made anew")
  func large() {
    let keys = (0..<60_000).map(String.init)
    let result = order(keys)
    #expect(result.count == keys.count && Set(result).count == keys.count)
    #expect(result != keys)
  }
}
