import ArgumentParser
import DeepLearning
import Testing

@testable import Gallery

@Suite struct RunOptionsTests {
  struct Example: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "chapter0-example", abstract: "An example.",
      usage: "chapter0-example [options]")
    @OptionGroup var options: RunOptions
  }

  @Test("Help lists the options that all chapters have")
  func help() {
    #expect(
      Example.helpMessage(columns: 80) == """
        OVERVIEW: An example.

        USAGE: chapter0-example [options]

        OPTIONS:
          --epochs <number>       How often to go through the training data. Default:
                                  as in the book.
          --batch-size <number>   How many samples make one training step. Default: as
                                  in the book.
          --seed <number>         Random seed. The same seed reproduces the same
                                  results. (default: 42)
          --data <folder>         The folder with the data. Default: what DLWP_DATA
                                  names, else data/ of the checkout.
          --output <folder>       The folder for figures and reports; each chapter
                                  makes its own inside. (default: output)
          --quick                 A rehearsal in seconds: less data, fewer epochs,
                                  numbers that mean little.
          --no-progress           No progress bar.
          --offline               Download nothing: use the data that is here, or else
                                  a stand-in.
          --tensorboard           Write training's curves and graph for TensorBoard,
                                  into tensorboard/.
          -h, --help              Show help information.

        """)
  }

  @Test("Defaults are the book's")
  func defaults() throws {
    let options = try RunOptions.parse([])
    #expect(options.epochs == nil && options.batchSize == nil && options.data == nil)
    #expect(options.seed == 42 && options.output == "output")
    #expect(!options.quick && !options.noProgress && !options.offline)
    #expect(options.epochs(book: 20, quick: 2) == 20)
    #expect(options.batchSize(book: 512) == 512)
    #expect(try RunOptions.parse(["--quick"]).epochs(book: 20, quick: 2) == 2)
  }

  @Test("Options on the command line are taken")
  func whatTheUserSays() throws {
    let options = try RunOptions.parse([
      "--epochs", "3", "--batch-size=64", "--seed", "7", "--data", "d", "--output", "o", "--quick",
      "--no-progress", "--offline",
    ])
    #expect(options.epochs(book: 20, quick: 2) == 3 && options.batchSize(book: 512) == 64)
    #expect(options.seed == 7 && options.data == "d" && options.output == "o")
    #expect(options.quick && options.noProgress && options.offline)
    #expect(options.deviations == ["--epochs 3", "--batch-size 64"])
  }

  @Test(
    "Values out of range are refused with a sentence",
    arguments: [
      (["--epochs", "0"], "--epochs needs a number of at least 1, not 0."),
      (["--epochs", "-5"], "--epochs needs a number of at least 1, not -5."),
      (["--batch-size", "0"], "--batch-size needs a number of at least 1, not 0."),
      (["--epochs", "many"], "The value 'many' is invalid for '--epochs <number>'"),
      (["--epochs", "99999999999999999999"], "The value '99999999999999999999' is invalid"),
      (["--seed", "-1"], "The value '-1' is invalid for '--seed <number>'"),
      (["--seed"], "Missing value for '--seed <number>'"),
      (["--output", ""], "--output needs the name of a folder"),
      (["--data", ""], "--data needs the name of a folder"),
      (["--epoch", "3"], "Unknown option '--epoch'. Did you mean '--epochs'?"),
      (["--quik"], "Unknown option '--quik'. Did you mean '--quick'?"),
      (["surprise"], "Unexpected argument 'surprise'"),
    ])
  func refusals(arguments: [String], sentence: String) throws {
    let error = #expect(throws: (any Error).self) { try Example.parse(arguments) }
    let refusal = try #require(error)
    #expect(Example.message(for: refusal).contains(sentence))
    #expect(Example.exitCode(for: refusal) == .validationFailure)
  }

  /// What a chapter throws is printed as one line.
  @Test("Thrown errors become one line")
  func thrownErrors() {
    let error = TrainingError.notFinite(epoch: 1, step: 2)
    #expect(Example.fullMessage(for: error) == "Error: " + error.description)
    #expect(Example.exitCode(for: error) == .failure)
  }
}
