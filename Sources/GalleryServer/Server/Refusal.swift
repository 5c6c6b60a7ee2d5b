/// Why something is not done, in a sentence, with HTTP's number for it.
struct Refusal: Error, CustomStringConvertible, Equatable {
  let status: Int
  let description: String
  /// The program that has to be run first, if that is the reason.
  var program: String?

  init(_ status: Int, _ description: String, program: String? = nil) {
    (self.status, self.description, self.program) = (status, description, program)
  }

  static let notFound = Refusal(404, "There is no such page here.")
}
