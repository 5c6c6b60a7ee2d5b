import TestSupport
import Testing

@testable import DeepLearning

/// How samples are parted for validation.
@Suite struct ValidationTests {
  /// Numbers of folds and samples, with and without samples left over.
  static let cases = [(2, 2), (2, 3), (3, 10), (4, 404), (5, 5), (7, 100)]

  @Test("Hold-out validates with the first samples and trains on the others, in their order")
  func holdOut() {
    #expect(Validation.holdOut(2, of: 5) == Fold(training: [2, 3, 4], validation: [0, 1]))
    #expect(Validation.holdOut(1, of: 2) == Fold(training: [1], validation: [0]))
  }

  @Test("The folds of the book's 404 houses: 101 each, contiguous, the rest in order around them")
  func bookFolds() {
    let folds = Validation.kFold(4, of: 404)
    #expect(folds.map(\.validation) == [0, 101, 202, 303].map { Array($0..<$0 + 101) })
    #expect(folds[0].training == Array(101..<404))
    #expect(folds[1].training == Array(0..<101) + Array(202..<404))
    #expect(folds[3].training == Array(0..<303))
  }

  @Test("Each fold parts all samples; what is left over at the end is always trained on")
  func leftOver() {
    let folds = Validation.kFold(3, of: 11)
    #expect(folds.map(\.validation) == [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    #expect(folds.allSatisfy { $0.training.suffix(2) == [9, 10] })
    #expect(folds[1].training == [0, 1, 2, 6, 7, 8, 9, 10])
  }

  @Test("No sample is lost, doubled, or both trained on and validated with", arguments: cases)
  func partition(k: Int, count: Int) {
    var random = RandomGenerator(seed: 3)
    let repeated = Validation.iteratedKFold(k, of: count, repeats: 3, using: &random)
    #expect(repeated.count == 3 * k)
    for draw in [Validation.kFold(k, of: count)]
      + (0..<3).map({ Array(repeated[$0 * k..<$0 * k + k]) })
    {
      for fold in draw {
        #expect((fold.training + fold.validation).sorted() == Array(0..<count))
        #expect(fold.validation.count == count / k)
      }
      // Over a draw, each sample serves at most once to validate, and fewer than k never do.
      let validated = draw.flatMap(\.validation)
      #expect(Set(validated).count == validated.count && count - validated.count < k)
    }
  }

  @Test("As many folds as samples leave one out each time")
  func leaveOneOut() {
    let folds = Validation.kFold(4, of: 4)
    #expect(folds.map(\.validation) == [[0], [1], [2], [3]])
    #expect(folds[2].training == [0, 1, 3])
  }

  @Test("Iterated folds are shuffled anew each time, and the same for the same seed")
  func iterated() {
    func draws(seed: UInt64) -> [Fold] {
      var random = RandomGenerator(seed: seed)
      return Validation.iteratedKFold(4, of: 50, repeats: 2, using: &random)
    }
    let folds = draws(seed: 5)
    #expect(folds == draws(seed: 5))
    #expect(folds != draws(seed: 6))
    #expect(Array(folds.prefix(4)) != Array(folds.suffix(4)))
    #expect(folds[0].validation != Array(0..<12))
    // Within a draw all folds come from one order: the left-over samples are the same for each.
    let neverHeld = Set(0..<50).subtracting(folds.prefix(4).flatMap(\.validation))
    #expect(neverHeld.count == 2)
    #expect(folds.prefix(4).allSatisfy { neverHeld.isSubset(of: $0.training) })
    var random = RandomGenerator(seed: 5)
    let next = RandomGenerator(seed: 5)
    _ = Validation.iteratedKFold(2, of: 9, repeats: 1, using: &random)
    var (used, fresh) = (random, next)
    #expect(used.permutation(30) != fresh.permutation(30), "the generator moves on")
  }

  @Test("Samples are selected in the order asked for")
  func selection() {
    let x = Tensor([0, 1, 10, 11, 20, 21], shape: [3, 2])
    #expect(x.selecting([2, 0]) == Tensor([20, 21, 0, 1], shape: [2, 2]))
    #expect(Tensor([5, 6, 7]).selecting([1, 1, 2]) == Tensor([6, 6, 7]))
    let fold = Validation.kFold(3, of: 3)[1]
    #expect(x.selecting(fold.validation) == Tensor([10, 11], shape: [1, 2]))
    #expect(x.selecting(fold.training) == Tensor([0, 1, 20, 21], shape: [2, 2]))
  }

  enum Mistake: String, CaseIterable, Codable, Sendable {
    case nothingHeld, allHeld, negative, oneFold, moreFoldsThanSamples, noRepeats

    var sentence: String {
      switch self {
      case .nothingHeld: "Of 5 samples, 0 cannot be held out: some must remain."
      case .allHeld: "Of 5 samples, 5 cannot be held out: some must remain."
      case .negative: "Of 5 samples, -1 cannot be held out: some must remain."
      case .oneFold: "5 samples cannot be parted into 1 folds."
      case .moreFoldsThanSamples: "5 samples cannot be parted into 6 folds."
      case .noRepeats: "Validation must be repeated at least once, not 0 times."
      }
    }

    func make() {
      var random = RandomGenerator(seed: 1)
      switch self {
      case .nothingHeld: _ = Validation.holdOut(0, of: 5)
      case .allHeld: _ = Validation.holdOut(5, of: 5)
      case .negative: _ = Validation.holdOut(-1, of: 5)
      case .oneFold: _ = Validation.kFold(1, of: 5)
      case .moreFoldsThanSamples: _ = Validation.kFold(6, of: 5)
      case .noRepeats: _ = Validation.iteratedKFold(2, of: 5, repeats: 0, using: &random)
      }
    }
  }

  @Test(
    "Parting that cannot be ends the program with a sentence", .ahead, arguments: Mistake.allCases)
  func mistakes(_ mistake: Mistake) async throws {
    let result = try await #require(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { [mistake] in mistake.make() }
    let errors = String(decoding: result.standardErrorContent, as: UTF8.self)
    #expect(errors.contains(mistake.sentence), "\(errors)")
  }
}
