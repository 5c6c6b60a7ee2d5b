import Foundation
import Testing

@Suite("chapter3-imdb --help")
struct HelpTests {
  @Test(
    "Help reads exactly so",
    arguments: [
      (["--help"], programHelp), (["-h"], programHelp), (["help"], programHelp),
      (["experiments", "--help"], experimentsHelp), (["help", "experiments"], experimentsHelp),
    ])
  func help(arguments: [String], text: String) async throws {
    let workplace = try Workplace()
    let outcome = try await chapter3IMDB.run(arguments, in: workplace)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.trimmingCharacters(in: .newlines) == text)
    #expect(try workplace.files().isEmpty)
  }
}

private let programHelp = """
  OVERVIEW: Tell positive film reviews from negative ones (book section 3.4).

  Trains the book's network twice: for 20 epochs, to see where it stops getting
  better, then a fresh one for 4 epochs on all training reviews, which is tested.
  Figures and a report are written to output/chapter3-imdb.

  USAGE: chapter3-imdb [experiments] [options]

  OPTIONS:
  \(sharedFlagsHelp)
    -h, --help              Show help information.

  SUBCOMMANDS:
    experiments             Vary depth, width, activation, loss and vocabulary,
                            each with several seeds.

    See 'chapter3-imdb help <subcommand>' for detailed help.
  """

private let experimentsHelp = """
  OVERVIEW: Vary depth, width, activation, loss and vocabulary, each with several
  seeds.

  Says which differences are more than what another seed alone would change.

  USAGE: chapter3-imdb experiments [options]

  OPTIONS:
  \(sharedFlagsHelp)
    --seeds <number>        With how many seeds to train each network. Default: 5.
    -h, --help              Show help information.
  """
