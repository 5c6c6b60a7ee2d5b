import Foundation
import Testing

@Suite("chapter3-imdb --help", .serialized, .timeLimit(.minutes(1)))
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
  Takes a few seconds. Figures and a report are written to output/chapter3-imdb.

  USAGE: chapter3-imdb [experiments] [options]

  OPTIONS:
    --epochs <number>       How often to go through the training data. Default:
                            as in the book.
    --batch-size <number>   How many samples make one training step. Default: as
                            in the book.
    --seed <number>         Where chance starts: the same seed gives the same
                            numbers again. (default: 42)
    --data <folder>         The folder with the data. Default: what DLWP_DATA
                            names, else data/ of the checkout.
    --output <folder>       The folder for figures and reports; each chapter
                            makes its own inside. (default: output)
    --quick                 A rehearsal in seconds: less data, fewer epochs,
                            numbers that mean little.
    --no-progress           No progress bar.
    --offline               Download nothing: use the data that is here, or else
                            a stand-in.
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
    --epochs <number>       How often to go through the training data. Default:
                            as in the book.
    --batch-size <number>   How many samples make one training step. Default: as
                            in the book.
    --seed <number>         Where chance starts: the same seed gives the same
                            numbers again. (default: 42)
    --data <folder>         The folder with the data. Default: what DLWP_DATA
                            names, else data/ of the checkout.
    --output <folder>       The folder for figures and reports; each chapter
                            makes its own inside. (default: output)
    --quick                 A rehearsal in seconds: less data, fewer epochs,
                            numbers that mean little.
    --no-progress           No progress bar.
    --offline               Download nothing: use the data that is here, or else
                            a stand-in.
    --seeds <number>        With how many seeds to train each network. Default: 5.
    -h, --help              Show help information.
  """
