import Gallery
import Testing

@Suite("The name that was meant")
struct NearestNameTests {
  private static let layers = ["mixed1", "mixed2", "mixed10", "block5_conv1", "block5_pool", "top"]

  @Test(
    "One letter wrong, missing, too many, in the wrong case",
    arguments: [
      ("mixed2", "mixed2"), ("Mixd2", "mixed2"), ("mixed22", "mixed2"), ("mixed100", "mixed10"),
      ("BLOCK5_CON1", "block5_conv1"), ("block5pool", "block5_pool"), ("to", "top"),
    ])
  func nearest(word: String, name: String) {
    #expect(nearestName(to: word, in: Self.layers) == name)
  }

  @Test("Of equally near names the first is taken")
  func ties() {
    #expect(nearestName(to: "mixed3", in: Self.layers) == "mixed1")
    #expect(nearestName(to: "", in: ["ab", "b", "c"]) == "b")
    #expect(nearestName(to: "xyz", in: ["abc", "def"]) == "abc")
  }

  @Test("Nothing to choose from, and a word that is far too long")
  func extremes() {
    #expect(nearestName(to: "mixed", in: []) == nil)
    #expect(nearestName(to: String(repeating: "m", count: 1_000_000), in: ["b", "m"]) == "m")
    #expect(nearestName(to: "é", in: ["è", "É"]) == "É")
  }
}
