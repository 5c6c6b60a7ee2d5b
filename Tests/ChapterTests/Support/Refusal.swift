import Testing

/// Expects that a program refused what it was given, and said why in one sentence.
///
/// - Parameters:
///   - outcome: how the program ended.
///   - exitCode: 64 for a command line that makes no sense, as is the custom of the system.
///   - words: what the sentence must name.
func expectRefusal(
  _ outcome: Program.Outcome, exitCode: Int32 = 1, naming words: String...,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let (errors, location) = (outcome.errors, sourceLocation)
  #expect(!outcome.isCrash, "\(errors)", sourceLocation: location)
  #expect(outcome.exitCode == exitCode, "\(errors)", sourceLocation: location)
  let sentences = outcome.errorLines.filter { $0.hasPrefix("Error: ") }
  #expect(sentences.count == 1, "\(errors)", sourceLocation: location)
  let sentence = sentences.first ?? ""
  for word in words { #expect(sentence.contains(word), sourceLocation: location) }
  // What only a programmer would understand.
  for jargon in ["Fatal error", "Optional(", "NSCocoaErrorDomain", "Swift.", "0x0000"] {
    #expect(!errors.contains(jargon), sourceLocation: location)
  }
  if exitCode == 64 {
    #expect(outcome.output.isEmpty, sourceLocation: location)
    #expect(errors.contains("\nUsage: "), sourceLocation: location)
    #expect(errors.contains("--help' for more information."), sourceLocation: location)
  } else {
    #expect(outcome.errorLines.last == sentence, sourceLocation: location)
    #expect([".", ")", "?"].contains(sentence.suffix(1)), sourceLocation: location)
  }
}
